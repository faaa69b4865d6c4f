import type * as library from '@tensorflow/tfjs';

/**
 * Makes gradients of gradients right where TensorFlow.js 4.22 keeps a kernel's result for its gradient. It notes the
 * kept copy before the kernel that made it; going through its notes in order, a second gradient then takes the copy for
 * a constant, and comes out wrong or as an error. So the result is computed again from the inputs, which costs nothing
 * where equal expressions are computed once.
 */
export function registerSecondGradients(tf: typeof library): void {
  const inputNames: Record<string, string[]> = {
    [tf.Exp]: ['x'],
    [tf.Max]: ['x'],
    [tf.Min]: ['x'],
    [tf.Pow]: ['a', 'b'],
    [tf.Sigmoid]: ['x'],
    [tf.Softmax]: ['logits'],
    [tf.Tanh]: ['x'],
  };
  for (const [kernelName, names] of Object.entries(inputNames)) {
    const { inputsToSave = [], gradFunc } = tf.getGradient(kernelName);
    tf.registerGradient({
      kernelName,
      inputsToSave: names,
      gradFunc: (dy, saved, attributes) => {
        const inputs = Object.fromEntries(names.map((name, i) => [name, saved[i]]));
        const result: library.Tensor = tf.engine().runKernel(kernelName, inputs, attributes);
        return gradFunc(dy, [...saved.slice(0, inputsToSave.length), result], attributes);
      },
    });
  }
  // Its own gradient is a kernel that has none.
  tf.registerGradient({
    kernelName: tf.Elu,
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => tf.mul(dy as library.Tensor, tf.add(tf.minimum(tf.elu(x), 0), 1)) }),
  });
}

import type * as library from '@tensorflow/tfjs';

type TensorFlow = typeof library;
type Tensor = library.Tensor;

/** Gradients that TensorFlow.js 4.22 lacks, has wrong, or makes large graphs of; on every backend. */
export function registerMissingGradients(tf: TensorFlow): void {
  registerComparisons(tf);
  registerBroadcastPairs(tf);
  registerIndices(tf);
  registerRunningSum(tf);
  registerRepetition(tf);
}

/** Gradients of comparisons and logic: 0. Without any, that of `tf.where` of a comparison is an error. */
function registerComparisons(tf: TensorFlow): void {
  const zeros = (x: Tensor) => () => tf.zeros(x.shape);
  const comparisons = [tf.Equal, tf.NotEqual, tf.Greater, tf.GreaterEqual, tf.Less, tf.LessEqual];
  for (const kernelName of [...comparisons, tf.LogicalAnd, tf.LogicalOr]) {
    const gradFunc = (_: unknown, [a, b]: Tensor[]) => ({ a: zeros(a), b: zeros(b) });
    tf.registerGradient({ kernelName, inputsToSave: ['a', 'b'], gradFunc });
  }
  const gradFunc = (_: unknown, [x]: Tensor[]) => ({ x: zeros(x) });
  tf.registerGradient({ kernelName: tf.LogicalNot, inputsToSave: ['x'], gradFunc });
}

/**
 * Gradients of pairs that broadcast: TensorFlow.js forgets to sum the gradient of an operand over the dimensions that
 * it was broadcast along.
 */
function registerBroadcastPairs(tf: TensorFlow): void {
  const sumTo = (x: Tensor, shape: number[]) => {
    const axes = tf.broadcast_util.getReductionAxes(shape, x.shape);
    return axes.length === 0 ? x : tf.reshape(tf.sum(x, axes), shape);
  };
  for (const kernelName of [tf.Maximum, tf.Minimum, tf.SquaredDifference, tf.BatchMatMul]) {
    const original = tf.getGradient(kernelName);
    tf.registerGradient({
      ...original,
      gradFunc: (dy, saved, attributes) => {
        const { a, b } = original.gradFunc(dy, saved, attributes);
        return { a: () => sumTo(a(), saved[0].shape), b: () => sumTo(b(), saved[1].shape) };
      },
    });
  }
}

/**
 * The gradient of gathering by the indices: 0. TensorFlow.js takes the indices for their own gradient, and refuses it
 * when they were computed, say by `argMax`.
 */
function registerIndices(tf: TensorFlow): void {
  const original = tf.getGradient(tf.GatherV2);
  tf.registerGradient({
    ...original,
    gradFunc: (dy, saved, attributes) => ({
      ...original.gradFunc(dy, saved, attributes),
      indices: () => tf.zeros(saved[1].shape),
    }),
  });
}

/** The gradient of a running sum: TensorFlow.js transposes it along any axis but the last. */
function registerRunningSum(tf: TensorFlow): void {
  tf.registerGradient({
    kernelName: tf.Cumsum,
    gradFunc: (dy, _, attributes) => {
      const { axis, exclusive, reverse } = attributes as unknown as library.CumsumAttrs;
      return { x: () => tf.cumsum(dy as Tensor, axis, exclusive, !reverse) };
    },
  });
}

/**
 * The gradient of a repetition, the sum over all copies. TensorFlow.js cuts them out one by one, 256 for a row repeated
 * along a batch.
 */
function registerRepetition(tf: TensorFlow): void {
  tf.registerGradient({
    kernelName: tf.Tile,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { reps } = attributes as unknown as library.TileAttrs;
      const split = x.shape.flatMap((size, axis) => [reps[axis], size]);
      const repetitions = x.shape.map((_, axis) => 2 * axis);
      return { x: () => tf.reshape(tf.sum(tf.reshape(dy as Tensor, split), repetitions), x.shape) };
    },
  });
}

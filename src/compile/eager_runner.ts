import { tf } from '../nn/tensorflow.js';
import type { NamedArrays, Stage, StageRunner } from './stage.js';

/** Runs a stage operation by operation on a TensorFlow.js backend, which must be initialised. */
export function createEagerRunner(stage: Stage, backend: string): StageRunner {
  const { name, inputs, outputs } = stage;
  const bind = (inputArrays: NamedArrays, outputArrays: NamedArrays) => () => {
    // The current backend is global in TensorFlow.js; switching to an initialised one takes effect at once.
    if (tf.getBackend() !== backend) void tf.setBackend(backend);
    tf.tidy(() => {
      const tensors = Object.entries(inputArrays).map(([port, array]) => {
        // The backend may keep the array it is given, so it gets its own.
        return [port, tf.tensor(array.slice(), [...inputs[port]], 'float32')] as const;
      });
      const results = stage.run(Object.fromEntries(tensors));
      for (const [port, tensor] of Object.entries(results)) outputArrays[port].set(tensor.dataSync());
    });
  };
  return { name, inputs, outputs, bind, async dispose() {} };
}

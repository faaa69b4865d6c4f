import { Tensor } from 'onnxruntime-node';
import { discard } from './discard.js';
import { createSession, type Provider } from './session.js';
import type { CompiledStage, NamedArrays, StageRunner } from './stage.js';

/** A graph's output must not have the name of an input, even if it is that input's next value. */
export function outputPort(name: string): string {
  return `next/${name}`;
}

/**
 * Prepares a stage for ONNX Runtime. An output must never be written over an input: ONNX Runtime accepts that and then
 * computes subtly wrong gradients.
 */
export async function createOnnxRunner(
  { name, inputs, outputs, code }: CompiledStage,
  provider: Provider = 'cpu',
): Promise<StageRunner> {
  const session = await createSession(code, provider);
  // Describing an array to ONNX Runtime costs a microsecond or two, so it is done once.
  const tensors = new WeakMap<Float32Array, Tensor>();
  const tensor = (array: Float32Array, shape: readonly number[]) => {
    let known = tensors.get(array);
    if (!known) {
      known = new Tensor('float32', array, [...shape]);
      tensors.set(array, known);
    }
    return known;
  };
  return {
    name,
    inputs,
    outputs,
    bind(inputArrays: NamedArrays, outputArrays: NamedArrays) {
      const feeds: Record<string, Tensor> = {};
      for (const port in inputs) feeds[port] = tensor(inputArrays[port], inputs[port]);
      const fetches: Record<string, Tensor> = {};
      for (const port in outputs) fetches[outputPort(port)] = tensor(outputArrays[port], outputs[port]);
      return async () => {
        const results = await session.run(feeds, fetches);
        // The binding of ONNX Runtime returns copies, although it has written to our arrays.
        const copies = Object.keys(results).filter((port) => results[port].data !== fetches[port].data);
        discard(copies.map((port) => results[port].data as Float32Array));
      };
    },
    dispose: () => session.release(),
  };
}

import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import type { NamedData, Provider, Session } from '../contract.js';
import { discard } from './discard.js';
import './no_telemetry.js';

// Errors are thrown; unless told otherwise, ONNX Runtime prints them as well.
env.logLevel = 'fatal';

/**
 * Reads an ONNX model, for the calling thread alone. Layers as small as a policy's gain almost nothing from a second
 * thread; what runs in parallel are whole stages, each in a thread of its own.
 *
 * Never set `session.set_denormal_as_zero` here: it puts the calling thread into flush-to-zero mode for good, and a
 * physics engine running in that thread then computes wrong contacts, without any error.
 *
 * @param settings further entries of ONNX Runtime's session configuration, cut at their dots
 */
export function readModel(
  model: Uint8Array,
  provider: Provider = 'cpu',
  settings: Record<string, Record<string, string>> = {},
): Promise<InferenceSession> {
  return InferenceSession.create(model, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    extra: settings,
  });
}

export async function createSession(model: Uint8Array, provider: Provider): Promise<Session> {
  const session = await readModel(model, provider);
  // Describing an array to ONNX Runtime costs a microsecond or two, so it is done once.
  const tensors = new WeakMap<Float32Array, Tensor>();
  const tensor = ({ data, shape }: NamedData[string]) => {
    const known = tensors.get(data) ?? new Tensor('float32', data, [...shape]);
    tensors.set(data, known);
    return known;
  };
  const described = (arrays: NamedData) =>
    Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, tensor(array)]));
  return {
    bind(inputs, outputs) {
      const feeds = described(inputs);
      const fetches = described(outputs);
      return async () => {
        const results = await session.run(feeds, fetches);
        // The binding of ONNX Runtime returns copies, although it has written to our arrays.
        const copies = Object.keys(results).filter((name) => results[name].data !== fetches[name].data);
        discard(copies.map((name) => results[name].data as Float32Array));
      };
    },
    release: () => session.release(),
  };
}

import { InferenceSession } from 'onnxruntime-node';

/**
 * Prepares an ONNX model to be run by the calling thread alone. Layers as small as a policy's gain almost nothing from
 * a second thread; what runs in parallel are whole stages, each in a thread of its own.
 *
 * Never set `session.set_denormal_as_zero` here: it puts the calling thread into flush-to-zero mode for good, and a
 * physics engine running in that thread then computes wrong contacts, without any error.
 *
 * @param provider of ONNX Runtime: `cpu`, or a graphics card's
 */
export function createSession(model: Uint8Array, provider = 'cpu'): Promise<InferenceSession> {
  return InferenceSession.create(model, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
}

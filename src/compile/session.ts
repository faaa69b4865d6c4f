import { env, InferenceSession } from 'onnxruntime-node';
import './no_telemetry.js';

/** Those of ONNX Runtime's execution providers that compute on a graphics card, in the order of preference. */
export const GPU_PROVIDERS = ['cuda', 'webgpu'] as const;

export type GpuProvider = (typeof GPU_PROVIDERS)[number];

export type Provider = 'cpu' | GpuProvider;

// What goes wrong is thrown; unless told otherwise, ONNX Runtime prints it as well.
env.logLevel = 'fatal';

/**
 * Prepares an ONNX model to be run by the calling thread alone. Layers as small as a policy's gain almost nothing from
 * a second thread; what runs in parallel are whole stages, each in a thread of its own.
 *
 * Never set `session.set_denormal_as_zero` here: it puts the calling thread into flush-to-zero mode for good, and a
 * physics engine running in that thread then computes wrong contacts, without any error.
 *
 * @param settings further entries of ONNX Runtime's session configuration, cut at their dots
 */
export function createSession(
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

import type * as runtime from 'onnxruntime-node';

type Session = Pick<runtime.InferenceSession, 'run' | 'release'>;

/** Stand-in for ONNX Runtime's providers for graphics cards, with the providers for which sessions were asked. */
export const fakeGpu = {
  providers: ['cuda', 'webgpu'],
  /** Failures of providers, by name: what is called instead of computing on the CPU. */
  faults: {} as Record<string, () => Session>,
  asked: [] as string[],
};

/** A fresh machine, on which both providers work. */
export function resetFakeGpu(): void {
  Object.assign(fakeGpu, { providers: ['cuda', 'webgpu'], faults: {}, asked: [] });
}

export function fails(message: string): () => Session {
  return () => {
    throw new Error(message);
  };
}

/** ONNX Runtime on a machine with that graphics card, for `vi.mock`. */
export function withFakeGpu(actual: typeof runtime) {
  const create = async (model: Uint8Array, options: runtime.InferenceSession.SessionOptions) => {
    const provider = String(options.executionProviders?.[0]);
    fakeGpu.asked.push(provider);
    if (provider === 'cpu') return actual.InferenceSession.create(model, options);
    if (provider in fakeGpu.faults) return fakeGpu.faults[provider]();
    return actual.InferenceSession.create(model, { ...options, executionProviders: ['cpu'], extra: {} });
  };
  const listSupportedBackends = () => fakeGpu.providers.map((name) => ({ name }));
  return { ...actual, InferenceSession: { create }, listSupportedBackends };
}

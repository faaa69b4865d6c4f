import { listSupportedBackends, Tensor } from 'onnxruntime-node';
import { Graph } from '../../compile/graph.js';
import { writeOnnx } from '../../compile/onnx_writer.js';
import { UserError } from '../../errors.js';
import type { GpuProvider } from '../contract.js';
import { whyNoCuda, whyNoVulkan } from './gpu_libraries.js';
import { readModel } from './onnx.js';

/** The providers in the order of preference. */
const PROVIDERS: readonly GpuProvider[] = ['cuda', 'webgpu'];

export async function findGpuProvider(): Promise<GpuProvider> {
  const reasons: string[] = [];
  for (const provider of PROVIDERS) {
    const reason = await whyUnusable(provider);
    if (reason === null) return provider;
    reasons.push(`${provider}: ${reason}`);
  }
  throw new UserError(
    `train.device=gpu: ONNX Runtime can use no graphics card here\n  ${reasons.join('\n  ')}\n` +
      'put one of these right, or set train.device=cpu',
  );
}

/** The reason why a provider can't be used, in a line; null if it can. */
async function whyUnusable(provider: GpuProvider): Promise<string | null> {
  if (!listSupportedBackends().some(({ name }) => name === provider)) {
    return `not part of ONNX Runtime for ${process.platform} ${process.arch}`;
  }
  const missing = provider === 'webgpu' ? whyNoVulkan() : null;
  if (missing) return missing;
  try {
    await multiply(provider);
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const unloadable = provider === 'cuda' && message.includes('Failed to load shared library');
    return (unloadable ? whyNoCuda() : null) ?? withoutSource(message);
  }
}

/** Squares a matrix on a provider, and on no other. */
async function multiply(provider: GpuProvider): Promise<void> {
  const shape = [2, 2];
  const graph = new Graph();
  const matrix = graph.input('matrix', shape);
  const [square] = graph.emit('MatMul', [matrix, matrix], [shape]);
  graph.outputs.push({ name: square, shape });
  // By default, what a provider can't do is silently done on the CPU.
  const strict = { session: { disable_cpu_ep_fallback: '1' } };
  const session = await readModel(writeOnnx(graph), provider, strict);
  try {
    const result = await session.run({ [matrix]: new Tensor('float32', Float32Array.of(1, 2, 3, 4), shape) });
    const found = [...(result[square].data as Float32Array)].join(', ');
    if (found !== '7, 10, 15, 22') throw new Error(`[1 2; 3 4] squared was ${found}`);
  } finally {
    await session.release();
  }
}

/** The first line of an error of ONNX Runtime, without the place in its source and the condition before it. */
function withoutSource(message: string): string {
  return message
    .replace(/^.* was false\. /s, '')
    .trim()
    .split('\n')[0];
}

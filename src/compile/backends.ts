import { UserError } from '../errors.js';
import { tf } from '../nn/tensorflow.js';
import { CompiledExecutor } from './compiled_executor.js';
import { EagerExecutor } from './eager_executor.js';
import type { StageExecutor } from './stage.js';

/** `compiled` is the fast one; the others run TensorFlow.js operation by operation on the backend of that name. */
export const BACKENDS = ['compiled', 'cpu', 'wasm', 'tensorflow'] as const;

export type Backend = (typeof BACKENDS)[number];

/** The backend of this name, or what an alias (`tfjs-node`, `tfjs-node-gpu`) means. Throws, listing the valid ones. */
export function parseBackend(name: string): Backend {
  if (name in ALIASES) return ALIASES[name];
  const backend = BACKENDS.find((candidate) => candidate === name);
  if (!backend) {
    const valid = [...BACKENDS, ...Object.keys(ALIASES)].join(', ');
    throw new UserError(`unknown backend "${name}"; valid backends: ${valid}`);
  }
  return backend;
}

const ALIASES: Record<string, Backend> = { 'tfjs-node': 'tensorflow', 'tfjs-node-gpu': 'tensorflow' };

/**
 * An executor for the stages of a learner.
 *
 * @param threads of a compiled session
 * Throws if the backend is unknown or needs a package that is not installed.
 */
export async function createExecutor(backend: string, threads: number): Promise<StageExecutor> {
  const parsed = parseBackend(backend);
  if (parsed === 'compiled') return new CompiledExecutor(threads);
  if (parsed === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
  if (parsed === 'tensorflow') await importTensorflow(backend);
  const ready = await tf.setBackend(parsed);
  if (!ready) throw new UserError(`the TensorFlow.js backend "${parsed}" could not be started`);
  return new EagerExecutor(parsed);
}

/** `tfjs-node-gpu` asks for the package with CUDA; the other names take whichever of the two is installed. */
async function importTensorflow(backend: string): Promise<void> {
  const gpu = '@tensorflow/tfjs-node-gpu';
  const cpu = '@tensorflow/tfjs-node';
  const packages = backend === 'tfjs-node-gpu' ? [gpu] : [cpu, gpu];
  const reasons: string[] = [];
  for (const name of packages) {
    try {
      await import(name);
      return;
    } catch (error) {
      reasons.push(`${name}: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
    }
  }
  throw new UserError(
    `the backend "${backend}" needs the optional package ${packages.join(' or ')} (npm install ${packages[0]}), ` +
      `which could not be loaded:\n  ${reasons.join('\n  ')}`,
  );
}

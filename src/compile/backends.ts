import { UserError } from '../errors.js';
import { tf } from '../nn/tensorflow.js';
import { compileStage } from './compile_stage.js';
import { loadStage } from './compiled_stages.js';
import { createEagerRunner } from './eager_runner.js';
import type { Stage, StageRunner } from './stage.js';

/**
 * The backends. `compiled` is the fast one; the others run TensorFlow.js operation by operation on the backend of that
 * name.
 */
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

/** Loads the libraries that a backend needs. Throws if it is unknown or needs a package that is not installed. */
export async function startBackend(name: string): Promise<Backend> {
  const backend = parseBackend(name);
  if (backend === 'compiled') return backend;
  if (backend === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
  if (backend === 'tensorflow') await importTensorflow(name);
  const ready = await tf.setBackend(backend);
  if (!ready) throw new UserError(`the TensorFlow.js backend "${backend}" could not be started`);
  return backend;
}

/** Makes a stage ready to be run, on a backend that was started; elementwise ones on arrays in `memory`. */
export async function prepareStage(
  stage: Stage,
  backend: Backend,
  memory: WebAssembly.Memory,
): Promise<StageRunner> {
  return backend === 'compiled' ? loadStage(compileStage(stage), memory) : createEagerRunner(stage, backend);
}

/**
 * Loads TensorFlow's package: for `tfjs-node-gpu` the one with CUDA, for other names whichever of the two is installed.
 */
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
    `the backend "${backend}" needs the optional package ${packages.join(' or ')}, which could not be loaded:\n  ` +
      // Its install script downloads TensorFlow's library.
      `${reasons.join('\n  ')}\ninstall it with: npm install --no-save --ignore-scripts=false ${packages[0]}`,
  );
}

import { environmentEntry } from '../../envs/registry.js';
import { createEnvironments } from './environment_group.js';
import { inProcessStepper } from './in_process_stepper.js';
import { SteppedEnvironment } from './stepped_environment.js';
import type { VectorEnvironment, VectorEnvironmentOptions } from './vector_env.js';
import { WorkerStepper } from './worker_stepper.js';

/**
 * Creates the environments and, with `numWorkers` > 0, the threads that step them. Call `reset()` or `restore()` first.
 * Throws on an unknown environment or control mode, and a RangeError on impossible counts.
 */
export async function createVectorEnvironment(options: VectorEnvironmentOptions): Promise<VectorEnvironment> {
  const { envId, numEnvs, numWorkers } = options;
  environmentEntry(envId);
  if (!Number.isInteger(numEnvs) || numEnvs < 1)
    throw new RangeError(`numEnvs is ${numEnvs}; expected 1 or more`);
  if (!Number.isInteger(numWorkers) || numWorkers < 0) {
    throw new RangeError(`numWorkers is ${numWorkers}; expected 0 or more`);
  }
  const stepper =
    numWorkers === 0
      ? inProcessStepper(await createEnvironments(options, numEnvs), options)
      : await WorkerStepper.create(options);
  return new SteppedEnvironment(numEnvs, stepper, options.seed);
}

import { parentPort, workerData } from 'node:worker_threads';
import type { EnvironmentSpec } from '../../envs/env.js';
import type { EnvironmentColumns } from './columns.js';
import { createEnvironments, EnvironmentGroup } from './environment_group.js';
import { Handover } from './handover.js';
import type { VectorEnvironmentOptions } from './vector_env.js';

/** Data that a worker is started with: its share of the environments. */
export interface WorkerShare {
  options: VectorEnvironmentOptions;
  first: number;
  count: number;
}

/** Answer of a worker once its environments stand. */
export interface WorkerReady {
  spec: EnvironmentSpec;
}

/** Message to a worker after that, when the sizes are known. */
export interface WorkerStart {
  columns: EnvironmentColumns;
  handover: SharedArrayBuffer;
}

// Errors are left to end the thread: the main thread hears of them whatever their cause.
const port = parentPort!;
const { options, first, count } = workerData as WorkerShare;
const environments = await createEnvironments(options, count);

port.once('message', ({ columns, handover }: WorkerStart) => {
  const group = new EnvironmentGroup(environments, options, first, columns);
  const commands = new Handover(handover);
  for (;;) {
    group.run(commands.next());
    commands.done();
  }
});
port.postMessage({ spec: environments[0].spec } satisfies WorkerReady);

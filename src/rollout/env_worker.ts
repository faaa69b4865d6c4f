import type { EnvironmentSpec } from '../../envs/env.js';
import { joinStarter } from '../runtime/threads.js';
import { ForkJoin } from '../threads/fork_join.js';
import { COMMANDS, type EnvironmentColumns } from './columns.js';
import { createEnvironments, EnvironmentGroup } from './environment_group.js';
import { importTaskModule } from './task_module.js';
import type { VectorEnvironmentOptions } from './vector_env.js';

/** Data that a worker is started with: its share of the environments. */
export interface WorkerShare {
  options: VectorEnvironmentOptions;
  /** See `moduleForWorkers`. */
  taskModule: string | null;
  first: number;
  count: number;
}

/** Answer of a worker once its environments are made. */
export interface WorkerReady {
  spec: EnvironmentSpec;
}

/** Message to a worker after its answer, when the sizes are known. */
export interface WorkerStart {
  columns: EnvironmentColumns;
  commands: SharedArrayBuffer;
}

const starter = await joinStarter<WorkerShare, WorkerStart, WorkerReady>();
const { options, taskModule, first, count } = starter.start;
await importTaskModule(taskModule);
const environments = await createEnvironments(options, count);

starter.onMessage(({ columns, commands: buffer }) => {
  const group = new EnvironmentGroup(environments, options, first, columns);
  const commands = new ForkJoin(COMMANDS, buffer);
  for (;;) {
    group.run(commands.next());
    commands.done();
  }
});
starter.post({ spec: environments[0].spec });

import { parentPort, workerData } from 'node:worker_threads';
import { addCompiledStages } from '../../compile/compiled_stages.js';
import { type Groups, LocalArrays } from '../../compile/local_arrays.js';
import { SharedArrays } from '../../compile/shared_arrays.js';
import type { CompiledStage } from '../../compile/stage.js';
import { StageExecutor } from '../../compile/stage_executor.js';
import { Barrier } from '../../threads/barrier.js';
import type { WorkerFailure } from '../../threads/team.js';
import { type LearnerCommand, LearnerThread } from './learner_thread.js';
import type { RlpdOptions } from './options.js';
import type { ThreadPlace } from './thread_place.js';

/** What a thread of a learner is started with. */
export interface LearnerStart {
  options: RlpdOptions;
  place: ThreadPlace;
  groups: Groups;
  sizes: Record<string, number>;
  shared: SharedArrayBuffer;
  barrier: SharedArrayBuffer;
}

/** What it is told: first how to compute, then what. */
export type LearnerMessage = { kind: 'prepare'; stages: readonly CompiledStage[] } | LearnerCommand;

const port = parentPort!;
const start = workerData as LearnerStart;
const shared = new SharedArrays(start.sizes, start.shared);
const barrier = new Barrier(start.place.count, start.barrier);
const executor = new StageExecutor(new LocalArrays(start.groups), shared);
const thread = new LearnerThread(start.options, start.place, executor, shared, barrier);

const act = (message: LearnerMessage) =>
  message.kind === 'prepare' ? addCompiledStages(executor, message.stages) : thread.run(message);

let done = Promise.resolve();
port.on('message', (message: LearnerMessage) => {
  done = done.then(() => act(message));
  done.catch((error: Error) => {
    port.postMessage({ message: error.message, stack: error.stack } satisfies WorkerFailure);
    barrier.break();
  });
});

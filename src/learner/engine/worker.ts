import { parentPort, workerData } from 'node:worker_threads';
import { loadStage } from '../../compile/compiled_stages.js';
import { type Groups, LocalArrays } from '../../compile/local_arrays.js';
import { SharedArrays } from '../../compile/shared_arrays.js';
import type { CompiledStage } from '../../compile/stage.js';
import { Barrier } from '../../threads/barrier.js';
import type { WorkerFailure } from '../../threads/team.js';
import { Machine } from './machine.js';
import type { Program } from './program.js';
import { moveState, type StateTransfer } from './state_transfer.js';

/** The beginning of a thread of a learner. */
export interface WorkerStart {
  threads: number;
  groups: Groups;
  sizes: Record<string, number>;
  shared: SharedArrayBuffer;
  barrier: SharedArrayBuffer;
}

/** A message to a thread: its stages, a program to remember, or what to do. */
export type WorkerMessage =
  | { kind: 'prepare'; stages: readonly CompiledStage[] }
  | { kind: 'load'; name: string; program: Program }
  | { kind: 'run'; name: string }
  | ({ kind: 'state' } & StateTransfer);

const port = parentPort!;
const start = workerData as WorkerStart;
const barrier = new Barrier(start.threads, start.barrier);
const shared = new SharedArrays(start.sizes, start.shared);
const machine = new Machine(new LocalArrays(start.groups), shared, barrier, null);

async function act(message: WorkerMessage): Promise<void> {
  switch (message.kind) {
    case 'prepare':
      for (const stage of message.stages) machine.add(await loadStage(stage, machine.local.memory));
      return;
    case 'load':
      machine.load(message.name, message.program);
      return;
    case 'run':
      return machine.run(message.name);
    case 'state':
      moveState(machine.local, message);
      return barrier.wait();
  }
}

let done = Promise.resolve();
port.on('message', (message: WorkerMessage) => {
  done = done.then(() => act(message));
  done.catch((error: Error) => {
    port.postMessage({ message: error.message, stack: error.stack } satisfies WorkerFailure);
    barrier.break();
  });
});

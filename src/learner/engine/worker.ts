import { loadStage } from '../../compile/compiled_stages.js';
import { type Groups, LocalArrays } from '../../compile/local_arrays.js';
import { SharedArrays } from '../../compile/shared_arrays.js';
import type { CompiledStage } from '../../compile/stage.js';
import { joinStarter } from '../../runtime/threads.js';
import { Progress } from '../../threads/progress.js';
import { Machine } from './machine.js';
import type { Program } from './program.js';
import { moveState, type StateTransfer } from './state_transfer.js';

/** The beginning of a thread of a learner. */
export interface WorkerStart {
  /** Its number among the threads, from 1 on, and how many there are. */
  thread: number;
  threads: number;
  groups: Groups;
  sizes: Record<string, number>;
  shared: SharedArrayBuffer;
  progress: SharedArrayBuffer;
}

/** A message to a thread: its stages, a program to remember, or an order. */
export type WorkerMessage =
  | { kind: 'prepare'; stages: readonly CompiledStage[] }
  | { kind: 'load'; name: string; program: Program }
  | { kind: 'run'; name: string }
  | ({ kind: 'state' } & StateTransfer);

const starter = await joinStarter<WorkerStart, WorkerMessage>();
const { start } = starter;
const progress = new Progress(start.thread, start.threads, start.progress);
const shared = new SharedArrays(start.sizes, start.shared);
const machine = new Machine(new LocalArrays(start.groups), shared, progress, null);

starter.onMessage(async (message) => {
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
      return progress.meet(1);
  }
});

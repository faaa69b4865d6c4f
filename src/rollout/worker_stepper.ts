import type { EnvironmentSpec } from '../../envs/env.js';
import type { WorkerThread } from '../runtime/contract.js';
import { startWorker, workerEntry } from '../runtime/threads.js';
import { ForkJoin } from '../threads/fork_join.js';
import { allocateColumns, COMMANDS, type Command, type EnvironmentColumns, type Stepper } from './columns.js';
import type { WorkerReady, WorkerShare, WorkerStart } from './env_worker.js';
import { moduleForWorkers } from './task_module.js';
import type { VectorEnvironmentOptions } from './vector_env.js';

/**
 * Steps environments in worker threads, spread evenly. The workers share one set of columns; the caller sees a copy in
 * ordinary memory, because native libraries refuse shared arrays.
 */
export class WorkerStepper implements Stepper {
  readonly columns: EnvironmentColumns;
  private readonly shared: EnvironmentColumns;
  private readonly commands = new ForkJoin(COMMANDS);

  private constructor(
    readonly spec: EnvironmentSpec,
    private readonly group: WorkerGroup,
    numEnvs: number,
  ) {
    this.columns = allocateColumns(numEnvs, spec);
    this.shared = allocateColumns(numEnvs, spec, (bytes) => new SharedArrayBuffer(bytes));
    const start: WorkerStart = { columns: this.shared, commands: this.commands.buffer };
    for (const worker of group.workers) worker.post(start);
  }

  /** Starts the workers and their environments. Rejects with a worker's error if one can't start. */
  static async create(options: VectorEnvironmentOptions): Promise<WorkerStepper> {
    const group = new WorkerGroup(options);
    const [{ spec }] = await group.watch(Promise.all(group.ready));
    return new WorkerStepper(spec, group, options.numEnvs);
  }

  async run(command: Command): Promise<void> {
    const { columns, shared } = this;
    shared.actions.set(columns.actions);
    shared.episodes.set(columns.episodes);
    shared.active.set(columns.active);
    shared.seed.set(columns.seed);
    await this.group.watch(this.commands.run(command, this.group.workers.length));
    columns.observations.set(shared.observations);
    columns.nextObservations.set(shared.nextObservations);
    columns.rewards.set(shared.rewards);
    columns.terminated.set(shared.terminated);
    columns.truncated.set(shared.truncated);
    columns.successes.set(shared.successes);
    columns.episodes.set(shared.episodes);
  }

  close(): Promise<void> {
    return this.group.end(new Error('the environments are closed'));
  }
}

/** The worker threads of one vector environment. The end of one, for whatever reason, is the end of all. */
class WorkerGroup {
  readonly workers: WorkerThread<WorkerStart>[] = [];
  readonly ready: Promise<WorkerReady>[] = [];
  private failure: Error | null = null;
  private rejectPending: (error: Error) => void = () => {};

  constructor(options: VectorEnvironmentOptions) {
    const entry = workerEntry(import.meta.url, 'env_worker.js');
    const taskModule = moduleForWorkers(options.envId);
    const numWorkers = Math.min(options.numWorkers, options.numEnvs);
    for (let w = 0; w < numWorkers; w++) {
      const first = Math.floor((w * options.numEnvs) / numWorkers);
      const count = Math.floor(((w + 1) * options.numEnvs) / numWorkers) - first;
      const name = `environment worker ${w} (environments ${first} to ${first + count - 1})`;
      const start: WorkerShare = { options, taskModule, first, count };
      const onFailure = (failure: Error) => void this.end(failure);
      const ready = new Promise<WorkerReady>((onAnswer) => {
        this.workers.push(startWorker<WorkerStart, WorkerReady>(entry, { name, start, onAnswer, onFailure }));
      });
      this.ready.push(ready);
    }
  }

  /** Waits for `work`, or rejects as soon as a worker fails; at once if one already has. */
  watch<T>(work: Promise<T>): Promise<T> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.rejectPending = reject;
      work.then(resolve, reject);
    });
  }

  /** Ends all workers; from now on `watch` rejects with `reason`. */
  async end(reason: Error): Promise<void> {
    this.failure ??= reason;
    this.rejectPending(this.failure);
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

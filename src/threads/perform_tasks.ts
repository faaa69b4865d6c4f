import { joinStarter, nextTurn, startWorker } from '../runtime/threads.js';

/** Performs tasks of one kind by their numbers. The same number gives the same result, whatever was done before. */
export interface Performer<Result> {
  perform(task: number): Result | Promise<Result>;
  close(): void;
}

/** Tasks that don't need each other's results. Plan and results are plain data, for threads to hand over. */
export interface Tasks<Plan, Result> {
  /** The number of tasks, which are 0 to `count` − 1. */
  count: number;
  plan: Plan;
  /** Starts a performer in this thread. */
  start(plan: Plan): Promise<Performer<Result>>;
  /** The module that starts one in a worker thread: it calls {@link performForOthers}. */
  workerEntry(): URL;
  /** Name of a worker in messages. */
  workerLabel: string;
}

/** A worker's answer to the number of a task. */
interface TaskResult<Result> {
  task: number;
  result: Result;
}

/**
 * Yields the results in the tasks' order: from this thread, or with more than one worker from as many worker threads. The
 * results are the same for any number. Rejects with the error of a worker that ends early. Leaving the loop over the
 * results ends all work.
 */
export function performTasks<Plan, Result>(
  tasks: Tasks<Plan, Result>,
  numWorkers: number,
): AsyncGenerator<Result> {
  const useful = Math.min(numWorkers, tasks.count);
  return useful > 1 ? performInWorkers(tasks, useful) : performHere(tasks);
}

/**
 * Performs, in a worker, the tasks that the main thread sends until it sends null. Errors are left to end the thread.
 */
export async function performForOthers<Plan, Result>(
  start: (plan: Plan) => Promise<Performer<Result>>,
): Promise<void> {
  const starter = await joinStarter<Plan, number | null, TaskResult<Result>>();
  const performer = await start(starter.start);
  starter.onMessage(async (task) => {
    if (task === null) starter.close();
    else starter.post({ task, result: await performer.perform(task) });
  });
}

async function* performHere<Plan, Result>({
  count,
  plan,
  start,
}: Tasks<Plan, Result>): AsyncGenerator<Result> {
  const performer = await start(plan);
  try {
    for (let task = 0; task < count; task++) {
      // Lets timers and Ctrl-C have their turn.
      await nextTurn();
      yield await performer.perform(task);
    }
  } finally {
    performer.close();
  }
}

async function* performInWorkers<Plan, Result>(
  { count, plan, workerEntry, workerLabel }: Tasks<Plan, Result>,
  numWorkers: number,
): AsyncGenerator<Result> {
  const results = new Map<number, Result>();
  let failure: Error | null = null;
  let handedOut = 0;
  let wake = () => {};
  const entry = workerEntry();
  const workers = Array.from({ length: numWorkers }, (_, w) => {
    const worker = startWorker<number | null, TaskResult<Result>>(entry, {
      name: `${workerLabel} ${w}`,
      start: plan,
      onAnswer({ task, result }) {
        results.set(task, result);
        if (handedOut < count) worker.post(handedOut++);
        wake();
      },
      onFailure(error) {
        failure ??= error;
        wake();
      },
    });
    worker.post(handedOut++);
    return worker;
  });
  try {
    for (let task = 0; task < count; task++) {
      while (!results.has(task)) {
        if (failure) throw failure;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      yield results.get(task)!;
      results.delete(task);
    }
  } finally {
    // Each finishes the task that it is at, so that nothing half-written is left behind.
    handedOut = count;
    for (const worker of workers) worker.post(null);
    await Promise.all(workers.map(({ ended }) => ended));
  }
}

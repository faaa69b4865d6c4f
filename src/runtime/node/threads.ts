import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { Starter, WorkerOptions, WorkerThread } from '../contract.js';

export { workerEntry } from './worker_entry.js';

export function startWorker<Message, Answer = never>(
  entry: URL,
  { name, start, isBackground = false, isSilent = false, onAnswer, onFailure }: WorkerOptions<Answer>,
): WorkerThread<Message> {
  // Output that is kept apart from the process's own, and not read, is not seen.
  const worker = new Worker(entry, { name, workerData: start, stdout: isSilent, stderr: isSilent });
  if (isBackground) worker.unref();
  let isOver = false;
  const fail = (failure: Error) => {
    if (!isOver) onFailure(failure);
    isOver = true;
  };
  // An error is followed by an exit.
  worker.on('error', (error) => fail(new Error(`${name} failed: ${error.message}`, { cause: error })));
  worker.on('exit', (code) => fail(new Error(`${name} ended unexpectedly with exit code ${code}`)));
  if (onAnswer) worker.on('message', onAnswer);
  return {
    post: (message) => worker.postMessage(message),
    async terminate() {
      isOver = true;
      await worker.terminate();
    },
    ended: new Promise((resolve) => worker.once('exit', () => resolve())),
  };
}

export async function joinStarter<Start, Message = never, Answer = never>(): Promise<
  Starter<Start, Message, Answer>
> {
  const port = parentPort!;
  return {
    start: workerData as Start,
    post: (answer) => port.postMessage(answer),
    onMessage(act) {
      let done = Promise.resolve();
      port.on('message', (message: Message) => {
        done = done.then(() => act(message));
      });
    },
    close: () => port.close(),
  };
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { WorkerThread } from '../../../../src/runtime/contract.js';
import { startWorker } from '../../../../src/runtime/node/threads.js';

const THREADS = new URL('../../../../dist/src/runtime/threads.js', import.meta.url).href;

let worker: WorkerThread<unknown> | undefined;
afterEach(() => worker?.terminate());

/** Starts a worker that runs `code`, in which `starter` is this thread, and gathers what is heard of it. */
function start(code: string, options: { start?: unknown; isSilent?: boolean } = {}) {
  const source = `import { joinStarter } from ${JSON.stringify(THREADS)};
    const starter = await joinStarter();
    ${code}`;
  const entry = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
  const heard: unknown[] = [];
  const answers = new EventTarget();
  const failures: Error[] = [];
  worker = startWorker<unknown, unknown>(entry, {
    name: 'helper 7',
    ...options,
    onAnswer(answer) {
      heard.push(answer);
      answers.dispatchEvent(new Event(String(answer)));
    },
    onFailure: (failure) => failures.push(failure),
  });
  return { worker, heard, failures, answer: (name: string) => once(answers, name) };
}

describe('a worker thread', () => {
  it('begins with its data, and takes messages one after another, also those sent before it listened', async () => {
    const { worker, heard, answer, failures } = start(
      `await new Promise((resolve) => setTimeout(resolve, 20));
      starter.post(starter.start.greeting);
      starter.onMessage(async (milliseconds) => {
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
        starter.post(milliseconds);
      });`,
      { start: { greeting: 'hello' } },
    );
    for (const milliseconds of [30, 10, 1]) worker.post(milliseconds);
    await answer('1');
    expect(heard).toEqual(['hello', 30, 10, 1]);
    await worker.terminate();
    expect(failures).toEqual([]);
  });

  it.each([
    ['an error', "throw new RangeError('too far');", 'helper 7 failed: too far'],
    [
      'an error after a message',
      "starter.onMessage(async () => { throw new RangeError('too far'); });",
      'helper 7 failed: too far',
    ],
    ['an exit', 'process.exit(3);', 'helper 7 ended unexpectedly with exit code 3'],
    ['an end that was not asked for', '', 'helper 7 ended unexpectedly with exit code 0'],
  ])('that ends by %s fails once, with its name', async (_, code, message) => {
    const { worker, failures } = start(code);
    worker.post('go');
    await worker.ended;
    await worker.terminate();
    expect(failures.map((failure) => failure.message)).toEqual([message]);
    if (message.includes('failed')) expect(failures[0].cause).toBeInstanceOf(RangeError);
  });

  it('is terminated whatever it does, which is no failure', async () => {
    const { worker, answer, failures } = start("starter.post('busy'); for (;;);");
    await answer('busy');
    await worker.terminate();
    await worker.ended;
    expect(failures).toEqual([]);
  });

  it('that is to be silent prints nothing', async () => {
    const write = vi.spyOn(process.stderr, 'write');
    const { worker } = start("console.error('noise');", { isSilent: true });
    await worker.ended;
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
  });
});

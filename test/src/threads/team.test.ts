import { describe, expect, it } from 'vitest';
import { Progress } from '../../../src/threads/progress.js';
import { Team } from '../../../src/threads/team.js';

const THREADS = new URL('../../../dist/src/runtime/threads.js', import.meta.url).href;

/** A team of this thread and one other that runs this module. */
function teamOf(code: string, progress: Progress): Team<string> {
  const entry = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  return new Team<string>(entry, [0], progress, 'helper');
}

describe('a thread that fails', () => {
  it.each([
    ['throws', "throw new Error('out of memory')", /helper 1 failed: out of memory/],
    ['exits', 'process.exit(3)', /helper 1 ended unexpectedly with exit code 3/],
    [
      'fails while it carries out the command',
      `import { joinStarter } from ${JSON.stringify(THREADS)};
      (await joinStarter()).onMessage(async () => { throw new Error('no such stage'); });`,
      /helper 1 failed: no such stage/,
    ],
  ])('ends the command of all when it %s', async (_, code, message) => {
    const progress = new Progress(0, 2);
    const team = teamOf(code, progress);
    await expect(team.run('anything', () => progress.meet(1))).rejects.toThrow(message);
    // And for good: what it had is lost.
    expect(() => team.tell('more')).toThrow(message);
    expect(() => team.tellEach(['more'])).toThrow(message);
    await team.dismiss();
  });
});

it('each thread of a team gets what is told to it alone, and all get what is told to all', async () => {
  const progress = new Progress(0, 3);
  const heard = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const module = new URL('../../../dist/src/threads/progress.js', import.meta.url).href;
  const code = `
    import { parentPort, workerData } from 'node:worker_threads';
    import { Progress } from ${JSON.stringify(module)};
    const { index, heard, buffer } = workerData;
    parentPort.on('message', async (word) => {
      if (word === 'meet') await new Progress(index + 1, 3, buffer).meet(1);
      else heard[index] = 10 * heard[index] + Number(word);
    });`;
  const entry = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  const starts = [0, 1].map((index) => ({ index, heard, buffer: progress.buffer }));
  const team = new Team<string>(entry, starts, progress, 'helper');
  team.tell('1');
  team.tellEach(['2', '3']);
  await team.run('meet', () => progress.meet(1));
  expect([...heard]).toEqual([12, 13]);
  await team.dismiss();
});

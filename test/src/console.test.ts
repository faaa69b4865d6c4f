import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli.js';
import { printResult } from '../../src/console.js';
import { pythonWith } from './logging/support.js';

const IMPORTS = `
  import { writeFileSync } from 'node:fs';
  import { endProcess, outliveConsole } from './dist/src/console.js';
  import { listenForStop } from './dist/src/stop_signal.js';
  outliveConsole();`;

/** The words that run a program with what it imports above. */
const nodeWords = (program: string) => ['--input-type=module', '--eval', IMPORTS + program];

afterEach(() => vi.restoreAllMocks());

describe('a program', () => {
  it('whose output nobody reads any more goes on to its end', async () => {
    const program = `
      console.log('first');
      process.stdin.once('data', async () => {
        for (const stream of [process.stdout, process.stderr]) stream.write('nobody reads this');
        await endProcess(7);
      });`;
    const child = spawn(process.execPath, nodeWords(program), { stdio: 'pipe' });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    child.stderr.destroy();
    child.stdin.end('go on');
    expect((await once(child, 'exit'))[0]).toBe(7);
  });

  it.skipIf(!existsSync('/dev/full'))('whose log is on a full disk goes on to its end', async () => {
    const program = `
      for (const stream of [process.stdout, process.stderr]) stream.write('no room for this');
      await endProcess(7);`;
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, nodeWords(program), { stdio: ['ignore', full, full] });
    closeSync(full);
    expect((await once(child, 'exit'))[0]).toBe(7);
  });

  it('whose reader is slow ends when all of it is read', async () => {
    const program = `console.log('x'.repeat(1_000_000)); await endProcess(0);`;
    const child = spawn(process.execPath, nodeWords(program), { stdio: ['ignore', 'pipe', 'inherit'] });
    expect((await text(child.stdout)).length).toBe(1_000_001);
  });
});

/** Runs a command in a terminal that is closed once it says that it is ready, and gives its exit code. */
const CLOSED_TERMINAL = `
import json, os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen = b''
while b'ready' not in seen:
    seen += os.read(terminal, 1024)
os.close(terminal)
print(json.dumps(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))`;

const UNTIL_HANG_UP = `
  listenForStop(() => void endProcess(130));
  setInterval(() => console.log('ready'), 10);`;
const BEYOND_THE_TERMINAL = `
  listenForStop(() => void endProcess(130));
  setInterval(() => {
    try {
      writeFileSync('/dev/tty', 'ready');
    } catch {
      void endProcess(7);
    }
  }, 10);`;

const python = process.platform === 'linux' ? pythonWith('pty') : null;

describe.skipIf(!python)('when its terminal is closed, a program', () => {
  it('ends in good order', () => {
    const words = nodeWords(UNTIL_HANG_UP);
    expect(python!(CLOSED_TERMINAL, process.execPath, ...words)).toBe(130);
  });

  it('goes on if its shell ignores hang-ups', () => {
    const script = `trap '' HUP; "$@"; exit $?`;
    const words = nodeWords(BEYOND_THE_TERMINAL);
    expect(python!(CLOSED_TERMINAL, 'sh', '-c', script, 'sh', process.execPath, ...words)).toBe(7);
  });

  it('goes on under nohup', () => {
    // Without another way to it, the terminal would end as soon as nohup has put files in its place.
    const script = 'exec nohup "$@" 3>&1 > /dev/null';
    const words = nodeWords(BEYOND_THE_TERMINAL);
    expect(python!(CLOSED_TERMINAL, 'sh', '-c', script, 'sh', process.execPath, ...words)).toBe(7);
  });
});

describe('a result', () => {
  const failWith = (code: string) =>
    vi.spyOn(process.stdout, 'write').mockImplementation((...words: unknown[]) => {
      (words.at(-1) as (error: Error) => void)(Object.assign(new Error(code), { code }));
      return false;
    });

  it('that finds no room is an error of the command', async () => {
    const errors = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    failWith('ENOSPC');
    expect(await main(['data', 'info', 'test/fixtures/demos/pick_cube.h5'])).toBe(1);
    expect(errors).toHaveBeenCalledWith("error: can't write the output: no space left on the disk\n");
  });

  it('that is not read to its end is none', async () => {
    failWith('EPIPE');
    await printResult('the first line was enough');
  });
});

import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { writeError } from '../../src/files/problems.js';
import { limitProblem } from '../../src/limits.js';

const DATASET = 'test/fixtures/demos/pick_cube.h5';
const INFO = ['data', 'info', DATASET];

/** Runs `rlpd` in a shell after `setting` and gives its exit code and all that it says. */
function rlpdAfter(setting: string, words: readonly string[]): { status: number | null; said: string } {
  const script = `${setting}; exec "$@" 2>&1`;
  const command = ['-c', script, 'sh', process.execPath, 'dist/src/cli.js', ...words];
  const { status, stdout } = spawnSync('sh', command, { encoding: 'utf8' });
  return { status, said: stdout };
}

describe.skipIf(process.platform !== 'linux')('rlpd', () => {
  it('says that the address space is too small, not that the file is damaged, and how to go on', () => {
    const refused = rlpdAfter('ulimit -v 6000000', INFO);
    expect(refused.status).toBe(1);
    expect(refused.said).toContain('error: ulimit -v 6000000 is too little: WebAssembly');
    const way = refused.said.split('\n').find((line) => line.startsWith('  export NODE_OPTIONS='));
    const { status, said } = rlpdAfter(`ulimit -v 6000000; ${way}`, INFO);
    expect(said).toContain('episodes      3, 203 steps');
    expect(status).toBe(0);
  });

  it('needs no large address space to list runs', () => {
    expect(rlpdAfter('ulimit -v 6000000', ['runs', 'test']).status).toBe(0);
  });

  it('says that too few files may be open', () => {
    const { status, said } = rlpdAfter('ulimit -n 30', INFO);
    expect(said).toMatch(/^error: ulimit -n 30 is too little, .* ulimit -n 1024\n$/);
    expect(status).toBe(1);
  });
});

const error = (message: string, code?: string) => Object.assign(new Error(message), code && { code });

describe('an error that comes from a limit', () => {
  it.each([
    ['too many files', error("EMFILE: too many open files, open 'x'", 'EMFILE'), 'ulimit -n 1024'],
    [
      'files of threads',
      error('Worker initialization failure: EMFILE', 'ERR_WORKER_INIT_FAILED'),
      'ulimit -n',
    ],
    ['too many threads', error('EAGAIN', 'ERR_WORKER_INIT_FAILED'), 'RLPD_THREADS=1'],
    ['too many processes', error('spawn node EAGAIN', 'EAGAIN'), 'ulimit -u'],
    ["a thread's memory", error('reached its limit', 'ERR_WORKER_OUT_OF_MEMORY'), '--max-old-space-size='],
    [
      'addresses',
      new RangeError('WebAssembly.Memory(): could not allocate memory'),
      'export NODE_OPTIONS=--disable-wasm-trap-handler',
    ],
    [
      'addresses of an instance',
      new RangeError(
        'WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance',
      ),
      '--disable-wasm-trap-handler',
    ],
    ['memory', new RangeError('Array buffer allocation failed'), 'out of memory'],
  ])('%s: is told with what to change', (_, cause, advice) => {
    expect(limitProblem(cause)).toContain(advice);
    expect(limitProblem(new Error('worker 1 failed', { cause }))).toContain(advice);
  });

  it('keeps the path that could not be written', () => {
    const { message } = writeError('exps/a', error("EMFILE: too many open files, open 'exps/a'", 'EMFILE'));
    expect(message).toMatch(/^can't write exps\/a: too many files are open .* ulimit -n 1024$/);
  });

  it('is told from others', () => {
    expect(limitProblem(new TypeError('x is not a function'))).toBeNull();
  });
});

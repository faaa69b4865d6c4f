import { homedir } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli.js';
import { readVariable, type VariableName } from '../../src/environment_variables.js';
import { rememberSaid } from '../said.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const read = (name: VariableName, value: string) => readVariable(name, { [name]: value });

describe('an environment variable', () => {
  it.each<[VariableName, string[], string]>([
    [
      'RLPD_THREADS',
      ['-1', '0', '1.5', 'abc', '1e99', '1e2', '0x2', '99999'],
      'a whole number from 1 to 1024',
    ],
    ['HF_ENDPOINT', ['huggingface.co', 'ftp://hub', 'https://me:secret@hub'], 'an address such as https://'],
    ['WANDB_MODE', ['onlin', 'OFFLINE', 'dryrun'], 'online, offline or disabled'],
    ['WANDB_RUN_ID', ['../a', 'a?b', 'x'.repeat(65)], 'up to 64 characters, without /'],
    ['WANDB_PROJECT', ['a/b', 'x'.repeat(129)], 'up to 128 characters, without /'],
    ['WANDB_TAGS', ['a,,b', `a,${'x'.repeat(65)}`], 'words of up to 64 characters'],
  ])('%s with nonsense is refused by name, with what it takes', (name, values, takes) => {
    for (const value of values) {
      const message = `the environment variable ${name} is "${value}"; it takes ${takes}`;
      expect(() => read(name, value)).toThrow(message);
    }
  });

  it('that is a secret is not shown', () => {
    expect(() => read('HF_TOKEN', 'secret')).toThrow('HF_TOKEN is something else; it takes a token');
  });

  it('that is empty counts as not set', () => {
    expect(read('RLPD_THREADS', '')).toBeNull();
    expect(read('WANDB_MODE', ' ')).toBeNull();
  });

  it('is read as it is meant', () => {
    expect(read('RLPD_THREADS', ' 3\r')).toBe(3);
    expect(read('WANDB_TAGS', 'a, b')).toEqual(['a', 'b']);
    expect(read('WANDB_DIR', '~/w')).toBe(`${homedir()}/w`);
  });
});

it('a number of threads that makes no sense is refused before anything is done', async () => {
  vi.stubEnv('RLPD_THREADS', '-1');
  const said = rememberSaid();
  expect(await main(['train', 'train.dataset_path=test/fixtures/demos/pick_cube.h5'])).toBe(1);
  expect(said.text).toMatch(/^error: the environment variable RLPD_THREADS is "-1"; it takes [^\n]*\n$/);
});

import { mkdir, rmdir } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test, vi } from 'vitest';
import { checkWorkingFolder, expandHome, shortenHome } from '../../../src/files/paths.js';
import { folderOfTests } from '../../temporary_folder.js';

const folder = folderOfTests();

test('a tilde stands for the home folder, only as a whole first part of a path', () => {
  expect(expandHome('~/demos/a.h5')).toBe(join(homedir(), 'demos/a.h5'));
  expect(expandHome('~')).toBe(homedir());
  expect(['a/~', 'a~', '/~/a'].map(expandHome)).toEqual(['a/~', 'a~', '/~/a']);
  expect(() => expandHome('~user/a')).toThrow('~user/a: only ~/ is known');
  // Absolute, as `join` would make ~/a of it.
  expect(expandHome('./~/a')).toBe(resolve('./~/a'));
  expect(shortenHome(join(homedir(), 'demos/a.h5'))).toBe('~/demos/a.h5');
  expect([`${homedir()}less/a`, 'demos/a'].map(shortenHome)).toEqual([`${homedir()}less/a`, 'demos/a']);
});

test.each(['', 'somewhere'])('a HOME that is no folder, "%s", is not taken for one', (home) => {
  vi.stubEnv('HOME', home);
  expect(expandHome('~/a')).toBe(join(userInfo().homedir, 'a'));
  expect(shortenHome('/a')).toBe('/a');
  vi.unstubAllEnvs();
});

test('a working folder that was removed is told', async () => {
  const before = process.cwd();
  const gone = join(folder, 'gone');
  await mkdir(gone);
  process.chdir(gone);
  await rmdir(gone);
  try {
    expect(checkWorkingFolder).toThrow('does not exist any more');
  } finally {
    process.chdir(before);
  }
  checkWorkingFolder();
});

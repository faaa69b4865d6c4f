import { mkdir, readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { writeFileAtomic } from '../../../src/files/atomic.js';
import { createFolderOf } from '../../../src/files/folders.js';
import { expandHome, shortenHome } from '../../../src/files/paths.js';
import { fileExists } from '../../../src/files/reading.js';
import { temporaryPath } from '../../../src/files/temporary_names.js';
import { folderOfTests } from '../../temporary_folder.js';

const folder = folderOfTests();

test('a file is written whole, and replaced whole', async () => {
  const path = join(folder, 'a.txt');
  await writeFileAtomic(path, 'first');
  await writeFileAtomic(path, new TextEncoder().encode('second'));
  expect(await readFile(path, 'utf8')).toBe('second');
  expect(await readdir(folder)).toEqual(['a.txt']);
  expect(await fileExists(path)).toBe(true);
});

test('a failure leaves nothing behind and names the file', async () => {
  const lost = join(folder, 'no', 'such', 'folder.txt');
  await expect(writeFileAtomic(lost, 'x')).rejects.toThrow(UserError);
  await expect(writeFileAtomic(lost, 'x')).rejects.toThrow(/folder\.txt: its folder does not exist/);
  expect(await fileExists(lost)).toBe(false);

  const occupied = join(folder, 'occupied');
  await mkdir(join(occupied, 'inside'), { recursive: true });
  await expect(writeFileAtomic(occupied, 'x')).rejects.toThrow(/can't write .*occupied/);
  expect(await fileExists(temporaryPath(occupied))).toBe(false);
});

test('the folder of a file is made, unless a file is in the way', async () => {
  const path = join(folder, 'deep', 'er', 'a.txt');
  await createFolderOf(path);
  await writeFileAtomic(path, 'x');
  await createFolderOf(path);
  await expect(createFolderOf(join(path, 'b.txt'))).rejects.toThrow(UserError);
  await expect(createFolderOf(join(path, 'b.txt'))).rejects.toThrow(/can't write .*b\.txt/);
});

test('a tilde stands for the home folder, only as a whole first part of a path', () => {
  expect(expandHome('~/demos/a.h5')).toBe(join(homedir(), 'demos/a.h5'));
  expect(expandHome('~')).toBe(homedir());
  expect(['~user/a', './~/a', 'a/~'].map(expandHome)).toEqual(['~user/a', './~/a', 'a/~']);
  expect(shortenHome(join(homedir(), 'demos/a.h5'))).toBe('~/demos/a.h5');
  expect([`${homedir()}less/a`, 'demos/a'].map(shortenHome)).toEqual([`${homedir()}less/a`, 'demos/a']);
});

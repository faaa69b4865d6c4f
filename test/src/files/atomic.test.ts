import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { writeFileAtomic } from '../../../src/files/atomic.js';
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

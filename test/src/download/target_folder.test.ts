import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { moveIntoPlace, prepareTarget } from '../../../src/download/target_folder.js';
import { filesBelow } from '../../../src/files/folders.js';
import { fileExists } from '../../../src/files/reading.js';
import { folderOfTests } from '../../temporary_folder.js';

const workspace = folderOfTests();

async function folderOf(name: string, files: Record<string, string>): Promise<string> {
  const folder = join(workspace, name);
  await mkdir(folder);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  return folder;
}

test('a new folder is moved as a whole', async () => {
  const staged = await folderOf('new', { 'a/b.h5': 'new' });
  const target = join(workspace, 'sub', 'target');
  await prepareTarget(target, false);
  await moveIntoPlace(staged, target, false);
  expect(filesBelow(target)).toEqual(['a/b.h5']);
  expect(await fileExists(staged)).toBe(false);
});

test('a dataset is only replaced when asked to, and its neighbours stay', async () => {
  const target = await folderOf('old', { 'a/b.h5': 'old', 'a/b.state.h5': 'converted' });
  await expect(prepareTarget(target, false)).rejects.toThrow(
    /old holds a\/b\.h5 and others already: --overwrite/,
  );
  await prepareTarget(target, true);
  const staged = await folderOf('newer', { 'a/b.h5': 'new', 'c.h5': 'more' });
  await moveIntoPlace(staged, target, true);
  expect(filesBelow(target)).toEqual(['a/b.h5', 'a/b.state.h5', 'c.h5']);
  expect(await readFile(join(target, 'a/b.h5'), 'utf8')).toBe('new');
  expect(await readFile(join(target, 'a/b.state.h5'), 'utf8')).toBe('converted');
});

test('nothing is moved if one file is in the way', async () => {
  const target = await folderOf('notes', { 'readme.txt': 'mine' });
  await prepareTarget(target, false);
  const staged = await folderOf('with_notes', { 'a.h5': 'new', 'readme.txt': 'theirs' });
  await expect(moveIntoPlace(staged, target, false)).rejects.toThrow(/readme\.txt exists: --overwrite/);
  expect(filesBelow(target)).toEqual(['readme.txt']);
});

test('a target that can not be a folder is refused', async () => {
  const folder = await folderOf('files', { file: '' });
  await expect(prepareTarget(join(folder, 'file'), true)).rejects.toThrow(/is a file, not a folder/);
  await expect(prepareTarget(join(folder, 'file', 'sub', 'target'), true)).rejects.toThrow(/can't write/);
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Hdf5File } from '../../../../src/datasets/storage/hdf5.js';
import { UserError } from '../../../../src/errors.js';
import { folderOfTests } from '../../../temporary_folder.js';

const folder = folderOfTests();

test.each([
  ['empty', '', 'the file is empty; copy or download it again'],
  [
    'pointer',
    'version https://git-lfs.github.com/spec/v1\noid sha256:0000\nsize 12345\n',
    'not an HDF5 file, but a pointer to one: fetch the file itself with git lfs pull',
  ],
  [
    'page',
    '\n<!DOCTYPE html><html><body>404</body></html>',
    'not an HDF5 file, but a web page, as a failed download leaves: download it again',
  ],
  ['text', 'some text', 'not an HDF5 file'],
])('%s: a file that is something else is called by its name', async (name, contents, message) => {
  const path = join(folder, `${name}.hdf5`);
  await writeFile(path, contents);
  const error = await Hdf5File.open(path).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).toBe(`${path}: ${message}`);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Column, NumberColumn } from '../../../../src/datasets/column.js';
import type { MetadataValue } from '../../../../src/datasets/metadata.js';
import { Hdf5File } from '../../../../src/datasets/storage/hdf5.js';
import { Hdf5Writer } from '../../../../src/datasets/storage/hdf5_writer.js';
import { folderOfTest } from '../../../temporary_folder.js';
import { structureOf } from '../hdf5_structure.js';

const HUGE = 2n ** 64n - 1n;

const COLUMNS: NumberColumn[] = [
  { dtype: 'bool', shape: [2, 2], data: Uint8Array.of(0, 1, 1, 0) },
  { dtype: 'int8', shape: [2], data: Int8Array.of(-128, 127) },
  { dtype: 'uint8', shape: [2], data: Uint8Array.of(0, 255) },
  { dtype: 'int16', shape: [2], data: Int16Array.of(-32768, 1) },
  { dtype: 'uint16', shape: [2], data: Uint16Array.of(65535, 1) },
  { dtype: 'int32', shape: [2], data: Int32Array.of(-(2 ** 31), 1) },
  { dtype: 'uint32', shape: [2], data: Uint32Array.of(2 ** 32 - 1, 1) },
  { dtype: 'int64', shape: [2], data: BigInt64Array.of(-(2n ** 63n), 1n) },
  { dtype: 'uint64', shape: [2], data: BigUint64Array.of(HUGE, 1n) },
  { dtype: 'float32', shape: [1, 2], data: Float32Array.of(0.1, Number.NaN) },
  { dtype: 'float64', shape: [2, 1, 1], data: Float64Array.of(0.1, Number.NEGATIVE_INFINITY) },
  { dtype: 'float32', shape: [2, 0], data: new Float32Array(0) },
];

async function written(write: (file: Hdf5Writer) => void): Promise<string> {
  const path = join(folderOfTest(), 'made.h5');
  const file = await Hdf5Writer.create(path, path);
  write(file);
  await file.finish();
  return path;
}

it.each([true, false])(
  'numbers of all types come back to the bit, in arrays that may grow: %s',
  async (growing) => {
    const path = await written((file) => {
      for (const [i, column] of COLUMNS.entries()) file.array(`deep/group/${i}`, column, { growing });
    });
    const file = await Hdf5File.open(path);
    for (const [i, column] of COLUMNS.entries()) {
      if (column.data.length > 0) expect(file.readColumn(`deep/group/${i}`)).toEqual(column);
    }
    file.close();
    expect((await structureOf(path)).filter((line) => line.includes('chunks')).length).toBe(growing ? 11 : 0);
  },
);

it('texts of any length come back, also empty ones', async () => {
  const texts: Column = { dtype: 'string', shape: [3], data: ['', 'Würfel', '立方体'] };
  const path = await written((file) => {
    file.array('texts', texts, { growing: true });
    file.fixedTexts('fixed', ['demo_3', 'demo_10']);
  });
  const file = await Hdf5File.open(path);
  expect(file.readColumn('texts')).toEqual(texts);
  expect(file.readColumn('fixed').data).toEqual(['demo_3', 'demo_10']);
  file.close();
  expect(await structureOf(path)).toEqual([
    '/',
    '/fixed text of 7 bytes [2]',
    '/texts text [3] up to [*] chunks [3]',
  ]);
});

it.each(COLUMNS.slice(0, 11))('rows of $dtype are gathered to whole chunks', async (column) => {
  const times = 9_000;
  const path = await written((file) => {
    for (let i = 0; i < times; i++) expect(file.grow('rows', column)).toBe(true);
    expect(file.grow('rows', { ...column, shape: [1, 7] })).toBe(false);
    expect(
      file.grow('rows', { ...column, dtype: 'bool' === column.dtype ? 'int8' : 'bool' } as NumberColumn),
    ).toBe(false);
  });
  const file = await Hdf5File.open(path);
  const { dtype, shape, data } = file.readColumn('rows');
  expect([dtype, shape]).toEqual([column.dtype, [times * column.shape[0], ...column.shape.slice(1)]]);
  for (const at of [0, times >> 1, times - 1].map((i) => i * column.data.length)) {
    expect(data.slice(at, at + column.data.length)).toEqual(column.data);
  }
  file.close();
});

it.each<[MetadataValue, string]>([
  ['text', ''],
  ['', ''],
  [0.5, ''],
  [Number.POSITIVE_INFINITY, ''],
  [-7n, ''],
  [HUGE, ''],
  [[1.5, 2], ''],
  [[1n, 2n], ''],
  [['a', 'b'], ''],
  [true, '.json'],
  [[], '.json'],
  [[1, 'a'], '.json'],
  [{ lang: 'Würfel', deep: [null, { low: 0.5 }] }, '.json'],
])('the attribute %s comes back', async (value, ending) => {
  const path = await written((file) => {
    file.attribute('group', 'options/value', value);
    file.attribute('', 'of the file', value);
  });
  const file = await Hdf5File.open(path);
  expect(file.attributes('group')).toEqual(new Map([['options/value', value]]));
  expect(file.attributes('')).toEqual(new Map([['of the file', value]]));
  file.close();
  expect((await structureOf(path))[0]).toContain(`of the file${ending} `);
});

it('a failure names the path that the file is to have, and a file can be given up', async () => {
  const folder = folderOfTest();
  const path = join(folder, 'hidden.tmp');
  const file = await Hdf5Writer.create(path, 'final.h5');
  file.array('twice', COLUMNS[1], { growing: false });
  expect(() => file.array('twice', COLUMNS[1], { growing: false })).toThrow("can't write final.h5: ");
  file.abort();
  file.abort();
  expect(readFileSync(path).length).toBeGreaterThan(0);
  await expect(Hdf5Writer.create(join(folder, 'none', 'a.h5'), 'final.h5')).rejects.toThrow(
    "can't write final.h5: ",
  );
});

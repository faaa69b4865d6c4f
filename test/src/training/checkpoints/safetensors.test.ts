import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeSafetensors, type StoredTensor } from '../../../../src/training/checkpoints/safetensors.js';
import { SafetensorsFile } from '../../../../src/training/checkpoints/safetensors_file.js';
import { folderOfTest } from '../../../temporary_folder.js';

const tensors: Record<string, StoredTensor> = {
  empty: { shape: [0, 3], parts: [new Float32Array(0)] },
  flags: { shape: [3], parts: [Uint8Array.of(1, 0, 1)] },
  scalar: { shape: [], parts: [Float32Array.of(4)] },
  weights: { shape: [3, 2], parts: [Float32Array.of(1, -2, 0.5, Number.NaN), Float32Array.of(7, 8)] },
  wide: { shape: [2], parts: [Float64Array.of(Math.PI, -0)] },
  words: { shape: [1], parts: [Uint32Array.of(4_000_000_000)] },
};

let folder: string;
let path: string;
beforeEach(() => {
  folder = folderOfTest();
  path = join(folder, 'x.safetensors');
});

const encode = () => Buffer.concat(encodeSafetensors(tensors, { note: 'größer' }));

async function openFile(bytes: Uint8Array): Promise<SafetensorsFile> {
  writeFileSync(path, bytes);
  return SafetensorsFile.open(path);
}

describe('safetensors', () => {
  it('round-trips every type, shape and the metadata', async () => {
    const file = await openFile(encode());
    expect(file.metadata).toEqual({ note: 'größer' });
    expect(file.names).toEqual(Object.keys(tensors));
    for (const [name, { shape, parts }] of Object.entries(tensors)) {
      const read = await file.read(name);
      expect(read.shape).toEqual(shape);
      expect(read.parts).toHaveLength(1);
      expect(Object.getPrototypeOf(read.parts[0])).toBe(Object.getPrototypeOf(parts[0]));
      expect([...read.parts[0]]).toEqual(parts.flatMap((part) => [...part]));
    }
    await file.close();
  });

  it('reads large tensors in parts of whole rows', async () => {
    const file = await openFile(encode());
    expect((await file.read('weights', 2)).parts).toEqual(tensors.weights.parts);
    expect((await file.read('weights', 1)).parts).toHaveLength(3);
    expect((await file.read('empty', 2)).parts).toEqual(tensors.empty.parts);
    await file.close();
  });

  it('lays the file out as the format says, with aligned data', () => {
    const file = encode();
    const headerSize = Number(file.readBigUInt64LE(0));
    const header = JSON.parse(file.toString('utf8', 8, 8 + headerSize));
    expect((8 + headerSize) % 8).toBe(0);
    expect(header.weights).toMatchObject({ dtype: 'F32', shape: [3, 2] });
    const [start, end] = header.weights.data_offsets;
    expect(end - start).toBe(24);
    expect(start % 4).toBe(0);
    expect(file.readFloatLE(8 + headerSize + start + 4)).toBe(-2);
    expect(file.readFloatLE(8 + headerSize + start + 20)).toBe(8);
  });

  it('refuses a file cut at any place', async () => {
    const file = encode();
    for (let size = 0; size < file.length; size += 7) {
      await expect(openFile(file.subarray(0, size))).rejects.toThrow(/cut short|not a safetensors file/);
    }
  });

  it('refuses other files, types and sizes', async () => {
    await expect(
      openFile(Buffer.from('{"this": "is not it, although it is long enough"}')),
    ).rejects.toThrow();
    const altered = (from: string, to: string) =>
      Buffer.from(encode().toString('latin1').replace(from, to), 'latin1');
    await expect(openFile(altered('"U32"', '"I64"'))).rejects.toThrow('"words" has the type I64; F32');
    await expect(openFile(altered('[3,2]', '[3,4]'))).rejects.toThrow(
      '"weights" [3,4] has 24 bytes; expected 48',
    );
    await expect(openFile(readFileSync('package.json'))).rejects.toThrow('not a safetensors file');
  });
});

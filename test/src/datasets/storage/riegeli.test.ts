import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { ArrayRecordFile } from '../../../../src/datasets/storage/array_record.js';
import { highwayHash } from '../../../../src/datasets/storage/highway_hash.js';
import { RiegeliFile } from '../../../../src/datasets/storage/riegeli.js';
import { placeAfter, readAcrossBlocks } from '../../../../src/datasets/storage/riegeli_blocks.js';
import { decodeRecords } from '../../../../src/datasets/storage/riegeli_chunk.js';
import { UserError } from '../../../../src/errors.js';
import { RandomStream } from '../../../../src/rng.js';
import { folderOfTests } from '../../../temporary_folder.js';

const folder = folderOfTests();
const ENVLOGGER = 'test/fixtures/envlogger';
const ARRAY_RECORD = 'test/fixtures/rlds/array_record/0.1.0/point_vector-train.array_record-00000-of-00003';
/** The SHA-256 of all records of steps, the bytes of each sorted. */
const RECORDS = 'bd4f365dc7079297818710c3d9113b3b67b0de3442f362c16ab9e4aa82e25aff';
const VARIANTS = [
  'uncompressed',
  'brotli',
  'zstd',
  'snappy',
  'transpose-uncompressed',
  'default',
  'transpose-zstd',
];

function stepsOf(variant: string): string[] {
  const names = readdirSync(join(ENVLOGGER, variant), { recursive: true, encoding: 'utf8' }).sort();
  return names.filter((name) => name.endsWith('steps.riegeli')).map((name) => join(ENVLOGGER, variant, name));
}

function damagedCopy(name: string, source: string, change: (bytes: Buffer) => Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, change(readFileSync(source)));
  return path;
}

function flipped(at: number): (bytes: Buffer) => Buffer {
  return (bytes) => {
    bytes[at] ^= 1;
    return bytes;
  };
}

test.each([
  // Published test vectors of the reference implementation: bytes 0, 1, 2 … by the key of bytes 0 to 31.
  [0, 0x907a56de22c26e53n],
  [1, 0x7eab43aac7cddd78n],
  [2, 0xb8d0569ab0b53d62n],
  [3, 0x5c6befab8a463d80n],
])('the hash of %i bytes is that of the reference', (length, expected) => {
  const key = Uint8Array.from({ length: 32 }, (_, i) => i);
  const [low, high] = highwayHash(key, key.subarray(0, length));
  expect((BigInt(high) << 32n) | BigInt(low)).toBe(expected);
});

test('headers of blocks are no part of what is read across them', () => {
  const file = Uint8Array.from({ length: 3 * 65536 }, (_, i) => (i % 65536 < 24 ? 255 : i % 251));
  const read = (position: number, length: number) => file.subarray(position, position + length);
  expect(placeAfter(0, 40)).toBe(64);
  expect(placeAfter(65526, 10)).toBe(65536);
  expect(placeAfter(65526, 11)).toBe(65536 + 24 + 1);
  expect(placeAfter(65526, 10 + 65512 + 1)).toBe(2 * 65536 + 24 + 1);
  const bytes = readAcrossBlocks(read, 65526, 65600);
  expect(bytes).toHaveLength(65600);
  expect(bytes.includes(255)).toBe(false);
  expect(bytes[10]).toBe((65536 + 24) % 251);
  expect(readAcrossBlocks(read, 3 * 65536 - 4, 40)).toHaveLength(4);
});

describe.each(VARIANTS)('a file of the writer option %s', (variant) => {
  it('holds the records of all variants, in their order', async () => {
    const hash = createHash('sha256');
    let records = 0;
    for (const path of stepsOf(variant)) {
      const file = await RiegeliFile.open(path);
      expect(file.damage).toBeNull();
      for (let index = 0; index < file.records; index++) {
        // A map of protocol buffers has no order: the same bytes come in another one.
        hash.update(Uint8Array.from(file.record(index)).sort());
      }
      records += file.records;
    }
    expect(records).toBe(32);
    expect(hash.digest('hex')).toBe(RECORDS);
  });

  it('is read or refused by its place, whatever bytes of its chunks are damaged behind the hash', async () => {
    const [path] = stepsOf(variant);
    const [chunk] = (await RiegeliFile.open(path)).chunks;
    const data = readFileSync(path).subarray(chunk.position + 40, chunk.position + 40 + chunk.stored);
    const random = new RandomStream(3);
    let refused = 0;
    for (let trial = 0; trial < 300; trial++) {
      const bytes = Uint8Array.from(data);
      for (let i = 0; i < 2; i++) bytes[random.integer(bytes.length)] = random.integer(256);
      try {
        const records = decodeRecords(chunk.kind, bytes, chunk);
        expect(records.reduce((sum, { length }) => sum + length, 0)).toBe(chunk.size);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(0);
  });
});

test('a file that is cut off has its whole chunks, and says where it is cut', async () => {
  const [source] = stepsOf('uncompressed');
  const [, second] = (await RiegeliFile.open(source)).chunks;
  const path = damagedCopy('cut.riegeli', source, (bytes) => bytes.subarray(0, second.position + 50));
  const file = await RiegeliFile.open(path);
  expect(file.records).toBe(8);
  expect(file.record(7)).toHaveLength((await RiegeliFile.open(source)).record(7).length);
  const cut = `${path}: chunk at byte ${second.position} is cut off, as when its writer was stopped; what is before it is whole`;
  expect(file.damage).toBe(cut);
  expect(() => file.record(8)).toThrow(new UserError(cut));
});

test('a damaged byte is found in headers and in data', async () => {
  const [source] = stepsOf('default');
  const header = damagedCopy('header.riegeli', source, flipped(64 + 9));
  expect((await RiegeliFile.open(header)).damage).toBe(
    `${header}: chunk at byte 64 has a damaged header: its hash is another`,
  );
  const data = damagedCopy('data.riegeli', source, flipped(64 + 100));
  const file = await RiegeliFile.open(data);
  expect(() => file.record(0)).toThrow(
    new UserError(`${data}: chunk at byte 64 has damaged data: their hash is another`),
  );
});

test('what is no Riegeli file is refused', async () => {
  await expect(RiegeliFile.open('package.json')).rejects.toThrow('package.json: not a Riegeli file');
  await expect(RiegeliFile.open(join(folder, 'missing'))).rejects.toThrow(UserError);
  await expect(RiegeliFile.open(damagedCopy('empty', 'package.json', () => Buffer.alloc(0)))).rejects.toThrow(
    'the file is empty',
  );
});

describe('a file of array_record', () => {
  it('has the records of its writer, in their order', async () => {
    const file = await ArrayRecordFile.open(ARRAY_RECORD);
    expect(file.records).toBe(4);
    const sizes: number[] = [];
    for (let record = 0; record < 4; record++) sizes.push((await file.read(record)).length);
    expect(sizes).toEqual([601, 758, 797, 839]);
    expect(Buffer.from(await file.read(2)).includes('steps/observation')).toBe(true);
    await expect(file.read(4)).rejects.toThrow(`${ARRAY_RECORD}: no record 4; it has 4`);
  });

  it('is refused without its end', async () => {
    const path = damagedCopy('cut.array_record', ARRAY_RECORD, (bytes) => bytes.subarray(0, 65536));
    await expect(ArrayRecordFile.open(path)).rejects.toThrow(
      `${path}: it lacks the end of an ArrayRecord file, which says where its records end`,
    );
  });

  it('names the chunk with damaged data', async () => {
    const path = damagedCopy('flipped.array_record', ARRAY_RECORD, flipped(64 + 60));
    const file = await ArrayRecordFile.open(path);
    await expect(file.read(0)).rejects.toThrow(
      `${path}: chunk at byte 64 has damaged data: their hash is another`,
    );
    expect(await file.read(1)).toHaveLength(758);
  });
});

import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../../src/training/safetensors.js';

const tensors = {
  flags: { shape: [3], data: Uint8Array.of(1, 0, 1) },
  weights: { shape: [2, 2], data: Float32Array.of(1, -2, 0.5, Number.NaN) },
  words: { shape: [1], data: Uint32Array.of(4_000_000_000) },
  wide: { shape: [2], data: Float64Array.of(Math.PI, -0) },
};

const encode = () => Buffer.concat(encodeSafetensors(tensors, { note: 'größer' }));

describe('safetensors', () => {
  it('round-trips every type, shape and the metadata', () => {
    expect(decodeSafetensors(encode())).toEqual({ tensors, metadata: { note: 'größer' } });
  });

  it('lays the file out as the format says, with aligned data', () => {
    const file = encode();
    const headerSize = Number(file.readBigUInt64LE(0));
    const header = JSON.parse(file.toString('utf8', 8, 8 + headerSize));
    expect((8 + headerSize) % 8).toBe(0);
    expect(header.weights).toMatchObject({ dtype: 'F32', shape: [2, 2] });
    const [start, end] = header.weights.data_offsets;
    expect(end - start).toBe(16);
    expect(start % 4).toBe(0);
    expect(file.readFloatLE(8 + headerSize + start + 4)).toBe(-2);
  });

  it('refuses a file cut at any place', () => {
    const file = encode();
    for (let size = 0; size < file.length; size += 7) {
      expect(() => decodeSafetensors(file.subarray(0, size))).toThrow(/cut short|not a safetensors file/);
    }
  });

  it('refuses other files', () => {
    expect(() =>
      decodeSafetensors(Buffer.from('{"this": "is not it, although it is long enough"}')),
    ).toThrow();
  });
});

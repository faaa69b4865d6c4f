import { expect, it } from 'vitest';
import { crc32c, maskedCrc32c } from '../../src/crc32c.js';

const bytes = (text: string) => new TextEncoder().encode(text);

it('is the checksum of RFC 3720, for any number of bytes', () => {
  expect(crc32c(bytes(''))).toBe(0);
  expect(crc32c(bytes('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
});

it("is masked as in the files of TensorFlow's TFRecordWriter", () => {
  expect(maskedCrc32c(Uint8Array.from([9, 0, 0, 0, 0, 0, 0, 0]))).toBe(0x3971f937);
  expect(maskedCrc32c(bytes('123456789'))).toBe(0xc78ab0e5);
});

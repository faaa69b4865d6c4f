import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { decodeJpeg } from '../../../../src/datasets/storage/jpeg.js';

const jpeg = await readFile('test/fixtures/pictures/blocks.jpg');

test('a picture is decoded to the numbers that Pillow gives', async () => {
  const { height, width, data } = await decodeJpeg(jpeg, 3);
  expect([height, width]).toEqual([32, 32]);
  expect(createHash('sha256').update(data).digest('hex')).toBe(
    'd78748d6e4d31f70f1c3db4cc5a4fd4802cc3283cba6e6c11194625cdcda40d0',
  );
  const red = await decodeJpeg(jpeg, 1);
  expect(red.data).toEqual(data.filter((_, i) => i % 3 === 0));
});

test('zeros behind a picture change nothing', async () => {
  const padded = Buffer.concat([jpeg, Buffer.alloc(20)]);
  expect(await decodeJpeg(padded, 3)).toEqual(await decodeJpeg(jpeg, 3));
});

test('a picture that is cut off or damaged is an error, and the next one is decoded', async () => {
  await expect(decodeJpeg(jpeg.subarray(0, jpeg.length - 100), 3)).rejects.toThrow('it is cut off');
  await expect(decodeJpeg(Buffer.from([0xff, 0xd8, 0xff, 0xd9]), 3)).rejects.toThrow('it is damaged');
  expect((await decodeJpeg(jpeg, 3)).width).toBe(32);
});

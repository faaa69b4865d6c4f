import { expect, test } from 'vitest';
import { Mosaic } from '../../../src/video/mosaic.js';

test.each([
  [1, 64, 64, 64],
  [2, 64, 128, 64],
  [3, 64, 128, 128],
  [5, 64, 192, 128],
  [9, 64, 192, 192],
  [1, 33, 34, 34],
  [4, 33, 66, 66],
])('%i tiles of %i pixels fill %i × %i', (tiles, size, width, height) => {
  const mosaic = new Mosaic(tiles, size);
  expect([mosaic.width, mosaic.height]).toEqual([width, height]);
});

test('a tile shows its picture, and what is drawn over it stays in it', () => {
  const size = 8;
  const mosaic = new Mosaic(4, size);
  const white = new Uint8ClampedArray(4 * size * size).fill(255);
  mosaic.show(3, white, (context) => {
    context.fillStyle = '#ff0000';
    context.fillRect(-100, 2, 200, 1);
  });
  const pixels = mosaic.pixels();
  const at = (x: number, y: number) => [...pixels.subarray(4 * (16 * y + x), 4 * (16 * y + x) + 3)];
  expect(at(8, 8)).toEqual([255, 255, 255]);
  expect(at(15, 10)).toEqual([255, 0, 0]);
  expect(at(8, 10)).toEqual([255, 0, 0]);
  expect(at(7, 10)).toEqual(at(0, 0));
  expect(at(0, 0)).not.toEqual([255, 255, 255]);
});

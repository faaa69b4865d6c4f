import { expect, test } from 'vitest';
import { rgbaToI420 } from '../../../src/video/i420.js';

/** The I420 planes of a 2×2 picture. */
function convert(...pixels: number[][]): number[] {
  const out = new Uint8Array(6);
  rgbaToI420(Uint8ClampedArray.from(pixels.flatMap((pixel) => [...pixel, 255])), 2, 2, out);
  return [...out];
}

/** The studio range colour bars of ITU-R BT.601: Y, Cb, Cr. */
test.each([
  ['white', [255, 255, 255], [235, 128, 128]],
  ['black', [0, 0, 0], [16, 128, 128]],
  ['red', [255, 0, 0], [81, 90, 240]],
  ['green', [0, 255, 0], [145, 54, 34]],
  ['blue', [0, 0, 255], [41, 240, 110]],
  ['yellow', [255, 255, 0], [210, 16, 146]],
])('%s', (_name, rgb, [y, cb, cr]) => {
  expect(convert(rgb, rgb, rgb, rgb)).toEqual([y, y, y, y, cb, cr]);
});

test('every grey is without colour', () => {
  for (let grey = 0; grey < 256; grey++) {
    const rgb = [grey, grey, grey];
    expect(convert(rgb, rgb, rgb, rgb).slice(4)).toEqual([128, 128]);
  }
});

test('chroma is the mean of four pixels, luma is not', () => {
  const [red, black] = [
    [255, 0, 0],
    [0, 0, 0],
  ];
  expect(convert(red, black, black, red)).toEqual([81, 16, 16, 81, 109, 184]);
});

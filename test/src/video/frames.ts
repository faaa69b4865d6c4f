import type { FrameFormat, Frames } from '../../../src/video/encoding.js';

export type Colour = readonly [number, number, number];

/** Pictures of one colour each, with a black square of a quarter of the height that moves to the right. */
export async function* colouredFrames({ width, height }: FrameFormat, colours: readonly Colour[]): Frames {
  const side = height / 4;
  for (const [i, colour] of colours.entries()) {
    const pixels = new Uint8ClampedArray(4 * width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const inSquare = y < side && x >= 2 * i && x < 2 * i + side;
        pixels.set(inSquare ? [0, 0, 0, 255] : [...colour, 255], 4 * (y * width + x));
      }
    }
    yield pixels;
  }
}

export const COLOURS: readonly Colour[] = [
  [255, 255, 255],
  [200, 30, 40],
  [20, 180, 60],
  [30, 60, 220],
  [196, 144, 96],
  [128, 128, 128],
];

import { createCanvas, ImageData } from '@napi-rs/canvas';
import type { FrameFormat, Frames } from './encoding.js';

/** Encodes a single frame as PNG. Throws if there is not exactly one. */
export async function encodePng(frames: Frames, { width, height }: FrameFormat): Promise<Uint8Array> {
  const canvas = createCanvas(width, height);
  let count = 0;
  for await (const frame of frames) {
    if (count++ > 0) throw new Error('a PNG holds one frame');
    canvas.getContext('2d').putImageData(new ImageData(frame, width, height), 0, 0);
  }
  if (count === 0) throw new Error('a PNG needs a frame');
  return canvas.encode('png');
}

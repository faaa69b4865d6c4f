import { GifEncoder } from '@napi-rs/canvas';
import type { FrameFormat, Frames } from './encoding.js';

/** Every pixel counts for the palette, or small things, the cube and the goal, lose their colours. */
const QUALITY = 1;

/** Encodes frames as an endless GIF with a palette for each. */
export async function encodeGif(frames: Frames, { width, height, fps }: FrameFormat): Promise<Uint8Array> {
  const encoder = new GifEncoder(width, height, { quality: QUALITY });
  try {
    for await (const frame of frames) {
      encoder.addFrame(Buffer.from(frame), width, height, { delay: Math.round(1000 / fps) });
    }
    return encoder.finish();
  } finally {
    encoder.dispose();
  }
}

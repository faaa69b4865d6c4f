import { GifEncoder } from '@napi-rs/canvas';
import { concatenate } from '../bytes.js';
import type { FrameFormat, Frames } from './encoding.js';

/**
 * Step between the pixels that the palette is made from: every one counts, or small things, the cube and the goal, lose
 * their colours.
 */
const QUALITY = 1;

/** Graphic Control Extension: a frame begins with it. GIF89a Specification, 23. */
const FRAME_START = Uint8Array.of(0x21, 0xf9, 0x04);
const TRAILER = Uint8Array.of(0x3b);

/**
 * Encodes frames as an endless GIF with a palette for each. The encoder puts off all its work, half a second a frame,
 * until it finishes. So each frame is made a GIF of its own, and these are joined: the result equals one GIF of all
 * frames.
 */
export async function encodeGif(frames: Frames, format: FrameFormat): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const frame of frames) {
    const file = encodeFrame(frame, format);
    parts.push(file.subarray(parts.length === 0 ? 0 : file.indexOf(FRAME_START), -TRAILER.length));
  }
  return concatenate([...parts, TRAILER]);
}

function encodeFrame(frame: Uint8ClampedArray, { width, height, fps }: FrameFormat) {
  const encoder = new GifEncoder(width, height, { quality: QUALITY });
  try {
    encoder.addFrame(new Uint8Array(frame), width, height, { delay: Math.round(1000 / fps) });
    return encoder.finish();
  } finally {
    encoder.dispose();
  }
}

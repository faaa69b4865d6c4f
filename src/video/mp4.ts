import { randomUUID } from 'node:crypto';
import type { H264MP4Encoder } from 'h264-mp4-encoder';
import { UserError } from '../errors.js';
import type { FrameFormat, Frames } from './encoding.js';
import { rgbaToI420 } from './i420.js';
import { finishMp4 } from './mp4_boxes.js';

/** The encoder's coarseness, 10 to 51; at 22, decoded frames are within 41 dB of the drawn ones. */
const QUANTISATION = 22;
/** The encoder's speed, 0 to 10, which is the fastest. */
const SPEED = 4;
const KEY_FRAME_SECONDS = 2;
/** The most blocks of 16 × 16 pixels in a frame: the encoder writes their count in 16 bits. */
const MAX_BLOCKS = 0xffff;

/**
 * Encodes frames of even width and height as H.264 (baseline profile, 4:2:0) in MP4. Throws a UserError if they are too
 * large for that.
 */
export async function encodeMp4(frames: Frames, format: FrameFormat): Promise<Uint8Array> {
  const { width, height } = format;
  const encoder = await createEncoder(format);
  const planes = new Uint8Array((3 * width * height) / 2);
  try {
    for await (const frame of frames) {
      rgbaToI420(frame, width, height, planes);
      encoder.addFrameYuv(planes);
    }
  } catch (error) {
    takeFile(encoder);
    throw error;
  }
  return finishMp4(takeFile(encoder));
}

async function createEncoder({ width, height, fps }: FrameFormat): Promise<H264MP4Encoder> {
  if (Math.ceil(width / 16) * Math.ceil(height / 16) > MAX_BLOCKS) {
    throw new UserError(
      `${width} × ${height} pixels are too many for an .mp4 video: show fewer episodes, or smaller ones`,
    );
  }
  const { createH264MP4Encoder } = await loadEncoder();
  const encoder = await createH264MP4Encoder();
  Object.assign(encoder, {
    // The encoders of a thread share a file system in memory.
    outputFilename: randomUUID(),
    width,
    height,
    frameRate: fps,
    speed: SPEED,
    quantizationParameter: QUANTISATION,
    groupOfPictures: Math.round(KEY_FRAME_SECONDS * fps),
  });
  encoder.initialize();
  return encoder;
}

/** Ends the encoder and frees its memory; it must be finalised even if nobody wants the file. */
function takeFile(encoder: H264MP4Encoder): Uint8Array {
  const { FS, outputFilename } = encoder;
  encoder.finalize();
  encoder.delete();
  const file = FS.readFile(outputFilename);
  FS.unlink(outputFilename);
  return file;
}

const PROCESS_EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/** Takes back the handlers that the encoder puts on the process: they would change how every error of it ends. */
async function loadEncoder(): Promise<typeof import('h264-mp4-encoder')> {
  const kept = PROCESS_EVENTS.map((event) => new Set(process.rawListeners(event)));
  const { default: encoder } = await import('h264-mp4-encoder');
  PROCESS_EVENTS.forEach((event, i) => {
    for (const listener of process.rawListeners(event)) {
      if (!kept[i].has(listener)) process.off(event, listener as () => void);
    }
  });
  return encoder;
}

import { extname } from 'node:path';
import { UserError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { NEVER_STOP, type StopSignal } from '../stop_signal.js';
import type { Video } from './clip.js';
import type { FrameEncoder, Frames } from './encoding.js';
import { encodeGif } from './gif.js';
import { encodeMp4 } from './mp4.js';
import { encodePng } from './png.js';
import { renderVideo } from './render_video.js';

const ENCODERS: Record<string, FrameEncoder> = { '.mp4': encodeMp4, '.gif': encodeGif, '.png': encodePng };

export interface WriteVideoOptions {
  /** Called after each frame with the number of frames so far. */
  onFrame?: (frames: number) => void;
  /** Aborting it ends the work with a UserError and leaves no file. */
  signal?: StopSignal;
}

/** Throws a UserError unless the ending of `path` is one that a video can be written with. */
export function checkVideoPath(path: string): void {
  encoderOf(path);
}

/**
 * Draws a video and writes it in the format that the ending of `path` names: `.mp4` (H.264), `.gif`, or `.png`, which
 * shows the clips' last frames. The whole file or nothing. Throws a UserError on another ending, or if the file can't
 * be written.
 */
export async function writeVideo(
  path: string,
  video: Video,
  { onFrame = () => {}, signal = NEVER_STOP }: WriteVideoOptions = {},
): Promise<void> {
  const encode = encoderOf(path);
  const { format, frames } = renderVideo(isStill(path) ? lastFrames(video) : video);
  const content = await encode(watched(path, frames, onFrame, signal), format);
  await writeFileAtomic(path, content);
}

/** Draws the last frame of each clip of a video, as a PNG. */
export async function drawLastFrames(video: Video): Promise<Uint8Array> {
  const { format, frames } = renderVideo(lastFrames(video));
  return encodePng(frames, format);
}

async function* watched(
  path: string,
  frames: Frames,
  onFrame: (frames: number) => void,
  signal: StopSignal,
): Frames {
  let count = 0;
  for await (const frame of frames) {
    if (signal.aborted) throw new UserError(`interrupted: ${path} was not written`);
    yield frame;
    onFrame(++count);
  }
}

function encoderOf(path: string): FrameEncoder {
  const encoder = ENCODERS[extname(path).toLowerCase()];
  if (encoder) return encoder;
  throw new UserError(`${path}: a video ends in ${Object.keys(ENCODERS).join(', ')}`);
}

/** True if `path` names a picture, which shows one moment only. */
export function isStill(path: string): boolean {
  return encoderOf(path) === encodePng;
}

function lastFrames(video: Video): Video {
  return { ...video, clips: video.clips.map((clip) => ({ ...clip, frames: clip.frames.slice(-1) })) };
}

import { duration } from '../duration.js';
import { UserError } from '../errors.js';
import { checkWritable } from '../files/folders.js';
import { fileExists } from '../files/reading.js';
import { startProgress } from '../progress.js';
import type { Video } from '../video/clip.js';
import { frameCount } from '../video/render_video.js';
import { checkVideoPath, isStill, writeVideo } from '../video/write_video.js';
import { interruptible } from './interruptible.js';

/** Throws a UserError if a video can't go to `path`, or would replace a file unasked: before the work, not after it. */
export async function checkVideoOutput(path: string, overwrite: boolean): Promise<void> {
  checkVideoPath(path);
  checkWritable(path);
  if (!overwrite && (await fileExists(path))) {
    throw new UserError(`${path} exists already; choose another path or give --overwrite`);
  }
}

/** A note if a video shows fewer episodes than the `wanted` ones. */
export function fewerClips({ clips }: Video, wanted: number): string[] {
  if (clips.length >= wanted) return [];
  return [`note: the video shows only ${clips.length} of ${wanted} episodes: there are no more`];
}

/** Writes a video with a progress line, prints its path, and stops at Ctrl-C without leaving a file. */
export async function writeVideoWithProgress(path: string, video: Video): Promise<void> {
  const startedAt = performance.now();
  const total = isStill(path) ? 1 : frameCount(video);
  const isWritten = await interruptible(async (signal) => {
    const progress = startProgress({ label: 'render', total, unit: 'frames' });
    try {
      await writeVideo(path, video, { onFrame: (frames) => progress.update(frames), signal });
    } finally {
      progress.stop();
    }
  });
  const content = isStill(path) ? 'a picture' : `${total} frames`;
  if (isWritten) console.log(`${path}: ${content} in ${duration((performance.now() - startedAt) / 1000)}`);
}

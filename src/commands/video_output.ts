import { duration } from '../duration.js';
import { UserError } from '../errors.js';
import { checkWritable } from '../files/folders.js';
import { fileExists } from '../files/reading.js';
import { startProgress } from '../progress.js';
import { listenForStop } from '../stop_signal.js';
import type { Video } from '../video/clip.js';
import { frameCount } from '../video/render_video.js';
import { checkVideoPath, isStill, writeVideo } from '../video/write_video.js';

/** Throws a UserError if a video can't go to `path`, or would replace a file unasked: before the work, not after it. */
export async function checkVideoOutput(path: string, overwrite: boolean): Promise<void> {
  checkVideoPath(path);
  checkWritable(path);
  if (!overwrite && (await fileExists(path))) {
    throw new UserError(`${path} exists already; choose another path or give --overwrite`);
  }
}

/** Writes a video with a progress line, says so, and stops at Ctrl-C without leaving a file. */
export async function writeVideoWithProgress(path: string, video: Video): Promise<void> {
  const startedAt = performance.now();
  const total = isStill(path) ? 1 : frameCount(video);
  const stop = listenForStop(() => {});
  const progress = startProgress({ label: 'render', total, unit: 'frames' });
  try {
    await writeVideo(path, video, { onFrame: (frames) => progress.update(frames), signal: stop.signal });
  } finally {
    progress.stop();
    stop.release();
  }
  const content = isStill(path) ? 'a picture' : `${total} frames`;
  console.log(`${path}: ${content} in ${duration((performance.now() - startedAt) / 1000)}`);
}

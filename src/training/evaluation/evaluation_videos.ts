import { join } from 'node:path';
import type { Config } from '../../config/schema.js';
import { neededTask } from '../../config/task.js';
import { createFolder } from '../../files/folders.js';
import { hashSeed } from '../../rng.js';
import type { SimulatedVideo } from '../../video/simulated_video.js';
import { VideoQueue } from '../../video/video_queue.js';
import type { RunFolder } from '../folder/run_folder.js';
import type { Run } from '../run.js';
import type { RunDisplay } from '../run_display.js';
import { stepsOf } from '../run_progress.js';
import { evaluationSeed } from './evaluation_envs.js';

/** Pixels of each episode's tile. */
const TILE_SIZE = 256;

/** The video of an evaluation whose first episodes took `actions`, each [length, actionDim]. */
export function evaluationVideo(
  config: Pick<Config, 'env' | 'eval_env' | 'eval'>,
  actions: readonly Float32Array[],
): SimulatedVideo {
  const { eval_env: evalEnv } = config;
  return {
    ...neededTask(config, 'a video of an evaluation'),
    maxEpisodeSteps: evalEnv.max_episode_steps,
    fps: config.eval.video_fps,
    tileSize: TILE_SIZE,
    episodes: actions.map((taken, episode) => ({
      title: `episode ${episode}`,
      seed: hashSeed(evaluationSeed(config), episode),
      actions: taken,
    })),
  };
}

/** Starts the thread that writes a run's videos, unless the run has none. A video that fails is no more than a note. */
export function startVideos(
  config: Pick<Config, 'env' | 'eval'>,
  folder: RunFolder,
  display: RunDisplay,
): VideoQueue | null {
  if (config.eval.num_videos === 0 || config.env.env_id === null) return null;
  createFolder(folder.videosPath);
  return VideoQueue.start(({ path, error }) => display.note(`no video ${path}: ${error.message}`));
}

/** Has the video of a run's evaluation written, `videos/eval_<steps>.mp4`, and logs it when it is there. */
export function addVideo(run: Run, actions: readonly Float32Array[]): void {
  const { videos, config, folder, logger } = run;
  const steps = stepsOf(run.progress);
  const path = join(folder.videosPath, `eval_${String(steps).padStart(8, '0')}.mp4`);
  videos?.add(path, evaluationVideo(config, actions), (still) =>
    logger.video(steps, 'eval/video', { path, image: still }),
  );
}

/** Waits until all of a run's videos are written. */
export async function finishVideos({ videos, folder, display }: Run): Promise<void> {
  if (!videos) return;
  if (videos.pending > 0)
    display.note(`completing the videos in ${folder.videosPath} (${videos.pending} to go)`);
  await videos.finish();
}

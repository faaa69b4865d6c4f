import { join } from 'node:path';
import type { Config } from '../config/schema.js';
import { createFolder } from '../files/folders.js';
import { hashSeed } from '../rng.js';
import type { ReplayVideo } from '../video/episode_replay.js';
import { VideoQueue } from '../video/video_queue.js';
import { evaluationSeed } from './evaluation_envs.js';
import type { Run } from './run.js';
import type { RunDisplay } from './run_display.js';
import type { RunFolder } from './run_folder.js';

/** In pixels, of each episode. */
const TILE_SIZE = 256;

/** The video of an evaluation whose first episodes took `actions`, each [length, actionDim]. */
export function evaluationVideo(config: Config, actions: readonly Float32Array[]): ReplayVideo {
  const { env, eval_env: evalEnv } = config;
  return {
    envId: env.env_id,
    controlMode: env.env_kwargs.control_mode,
    rewardMode: env.env_kwargs.reward_mode,
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
export function startVideos(config: Config, folder: RunFolder, display: RunDisplay): VideoQueue | null {
  if (config.eval.num_videos === 0) return null;
  createFolder(folder.videosPath);
  return VideoQueue.start(({ path, error }) => display.note(`no video ${path}: ${error.message}`));
}

/** Has the video of a run's evaluation written, `videos/eval_<envSteps>.mp4`, and logs it when it is there. */
export function addVideo(run: Run, actions: readonly Float32Array[]): void {
  const { videos, config, folder, logger } = run;
  const { envSteps } = run.progress;
  const path = join(folder.videosPath, `eval_${String(envSteps).padStart(8, '0')}.mp4`);
  videos?.add(path, evaluationVideo(config, actions), (still) =>
    logger.video(envSteps, 'eval/video', { path, image: still }),
  );
}

/** Waits until all of a run's videos are written. */
export async function finishVideos({ videos, folder, display }: Run): Promise<void> {
  if (!videos) return;
  if (videos.pending > 0)
    display.note(`completing the videos in ${folder.videosPath} (${videos.pending} to go)`);
  await videos.finish();
}

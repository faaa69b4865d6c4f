import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { evaluate } from '../../../../src/rollout/evaluate.js';
import { NEVER_STOP } from '../../../../src/stop_signal.js';
import { createEvaluationEnvs } from '../../../../src/training/evaluation/evaluation_envs.js';
import { evaluationVideo } from '../../../../src/training/evaluation/evaluation_videos.js';
import { createRunFolder } from '../../../../src/training/folder/run_folder.js';
import { train } from '../../../../src/training/train.js';
import { simulateVideo } from '../../../../src/video/simulated_video.js';
import { folderOfTest } from '../../../temporary_folder.js';
import { readMp4 } from '../../video/mp4_reader.js';
import { silentDisplay, tinyConfig } from '../tiny_run.js';

let workspace: string;
beforeEach(() => {
  workspace = folderOfTest();
});

/** Episodes of six steps. */
const SHORT = ['eval_env.max_episode_steps=6', 'train.steps=80'];

test('the video shows the episodes that were evaluated', async () => {
  const config = tinyConfig(workspace, [...SHORT, 'env.env_kwargs.reward_mode=dense', 'eval.num_videos=3']);
  const envs = await createEvaluationEnvs(config);
  const wave = async (observations: Float32Array, actions: Float32Array) => {
    for (let i = 0; i < actions.length; i++) actions[i] = Math.sin(100 * observations[i] + i);
  };
  const { episodes, actions } = await evaluate(wave, envs, { episodes: 5, recorded: config.eval.num_videos });
  await envs.close();
  const { clips } = await simulateVideo(evaluationVideo(config, actions));
  expect(clips.map(({ title }) => title)).toEqual(['episode 0', 'episode 1', 'episode 2']);
  clips.forEach(({ frames }, episode) => {
    const rewards = frames.slice(1).map(({ reward }) => Math.fround(reward!));
    expect(rewards.reduce((sum, reward) => sum + reward, 0)).toBe(episodes[episode].return);
  });
});

test('a run has a video of every evaluation', async () => {
  const config = tinyConfig(workspace, [
    ...SHORT,
    'train.eval_freq=40',
    'eval.num_videos=1',
    'eval.video_fps=10',
  ]);
  const folder = await createRunFolder(config);
  expect(await train(config, folder, null, silentDisplay(), NEVER_STOP)).toBe(true);
  const names = ['eval_00000000.mp4', 'eval_00000040.mp4', 'eval_00000080.mp4'];
  expect(readdirSync(folder.videosPath)).toEqual(names);
  for (const name of names) {
    const track = readMp4(readFileSync(join(folder.videosPath, name)));
    expect(track).toMatchObject({ width: 256, height: 256 });
    expect(track.frames.length).toBe(7);
    expect(track.durationSeconds).toBeCloseTo(0.7, 3);
  }
});

test('a video that cannot be written is a note, and none are wanted with 0', async () => {
  const config = tinyConfig(workspace, [...SHORT, 'eval.num_videos=1']);
  const folder = await createRunFolder(config);
  const display = silentDisplay();
  const bar = display.startBar;
  display.startBar = (...words) => {
    // Once the run has begun, its folder of videos vanishes.
    rmSync(folder.videosPath, { recursive: true, force: true });
    return bar(...words);
  };
  expect(await train(config, folder, null, display, NEVER_STOP)).toBe(true);
  expect(display.notes.join('\n')).toMatch(/no video .*eval_00000000\.mp4: .* its folder does not exist/);

  const without = tinyConfig(workspace, [...SHORT, 'logger.exp_name=without']);
  const second = await createRunFolder(without);
  await train(without, second, null, silentDisplay(), NEVER_STOP);
  expect(existsSync(second.videosPath)).toBe(false);
});

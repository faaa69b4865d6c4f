import { beforeEach, expect, it } from 'vitest';
import { RandomStream } from '../../../src/rng.js';
import { folderOfTest } from '../../temporary_folder.js';
import { KilledRun } from './killed_run.js';
import { comparable, comparableMetrics, latest, TINY } from './tiny_run.js';

let workspace: string;
beforeEach(() => {
  workspace = folderOfTest();
});

const FREQUENT = [
  'train.keep_checkpoints=3',
  'train.log_freq=24',
  'train.save_freq=40',
  'train.eval_freq=80',
  'eval_env.max_episode_steps=6',
  'eval.num_videos=1',
  'logger.wandb=True',
  'logger.wandb_mode=offline',
];

it('a run that is killed at 50 random moments ends as if it had not been', async () => {
  const moments = new RandomStream(0);
  const run = new KilledRun(workspace, [...TINY, ...FREQUENT]);
  for (let kill = 0; kill < 50; kill++) {
    const atOperation = kill % 2 === 0;
    await run.dieAt(
      atOperation ? { operation: 1 + moments.integer(60) } : { milliseconds: moments.integer(2500) },
    );
  }
  const killed = await run.finish(80);
  const { envSteps } = (await latest(killed)).progress;
  const whole = await new KilledRun(`${workspace}/whole`, [...TINY, ...FREQUENT]).finish(envSteps);
  expect(comparable(await latest(killed))).toEqual(comparable(await latest(whole)));
  expect(comparableMetrics(killed)).toEqual(comparableMetrics(whole));
});

it('a run without its replay buffer in the checkpoints goes on after each of 10 kills', async () => {
  const moments = new RandomStream(1);
  const run = new KilledRun(workspace, [...TINY, ...FREQUENT, 'train.save_buffer_in_checkpoints=False']);
  for (let kill = 0; kill < 10; kill++) await run.dieAt({ milliseconds: moments.integer(2500) });
  await run.finish(80);
});

import { expect, it, vi } from 'vitest';
import { SymmetricSampler } from '../../../../src/buffers/symmetric_sampler.js';
import { loadConfig } from '../../../../src/config/load.js';
import type { Config } from '../../../../src/config/schema.js';
import { readMetricsFile } from '../../../../src/logging/metrics_file.js';
import { NEVER_STOP } from '../../../../src/stop_signal.js';
import { createRunFolder } from '../../../../src/training/folder/run_folder.js';
import { train } from '../../../../src/training/train.js';
import { folderOfTests } from '../../../temporary_folder.js';
import { latest, silentDisplay } from '../tiny_run.js';
import { expectSameRun, trained, trainedInTwo } from '../whole_run.js';

const workspace = folderOfTests();

/** A training on three demonstrations, and then with experience of two environments in episodes of 12 steps. */
function config(name: string, words: readonly string[] = [], recipe = 'configs/cal_ql.yml'): Config {
  return loadConfig(recipe, [
    `logger.workspace=${workspace}`,
    `logger.exp_name=${name}`,
    'env.env_id=PickCube-v1',
    'env.max_episode_steps=12',
    'env.num_envs=2',
    'eval_env.num_envs=1',
    'eval.num_videos=0',
    'train.dataset_path=test/fixtures/demos/pick_cube.h5',
    'train.phases=[offline, online]',
    'train.offline_steps=10',
    'train.steps=80',
    'train.batch_size=16',
    'train.num_seed_steps=24',
    'train.seed_with_policy=True',
    'train.steps_per_env=4',
    'train.grad_updates_per_step=2',
    'train.log_freq=10',
    'train.eval_freq=1000',
    'train.eval_episodes=1',
    'train.save_freq=1000',
    'train.save_buffer_in_checkpoints=True',
    'network.actor.arch_cfg.features=[16]',
    'network.critic.arch_cfg.features=[16]',
    ...words,
  ]);
}

it('an algorithm that reads returns goes on online with those of ended episodes, and exactly after a stop', async () => {
  const whole = await trained(config('whole'));
  const { progress } = await latest(whole);
  // Of 80 env steps in 10 training steps, learning begins with the third.
  expect(progress).toMatchObject({ offlineSteps: 10, envSteps: 80, gradientSteps: 10 + 2 * 8 });
  const rates = readMetricsFile(whole.metricsPath).flatMap((row) => row['train/calibration_rate'] ?? []);
  expect(rates.length).toBeGreaterThan(5);

  const { folder: parts, stopped } = await trainedInTwo(config('parts'), 8);
  expect(stopped.progress.envSteps).toBeGreaterThan(24);
  await expectSameRun(parts, whole);
});

it.each(['half', 'uniform'])(
  'batches have demonstrations by train.online_mixing=%s, and go on so after a stop',
  async (mixing) => {
    const rows: number[] = [];
    const fill = SymmetricSampler.prototype.fill;
    vi.spyOn(SymmetricSampler.prototype, 'fill').mockImplementation(function (
      this: SymmetricSampler,
      batches,
    ) {
      rows.push(batches.demoRows);
      fill.call(this, batches);
    });
    const words = [
      `train.online_mixing=${mixing}`,
      'train.num_demos=3',
      'train.phases=[online]',
      'train.num_seed_steps=8',
    ];
    const options = (name: string) => config(`${mixing}-${name}`, words, 'configs/sac.yml');
    const whole = await trained(options('whole'));
    // 203 demonstrated transitions beside 8 to 80 of experience, in batches of 16 rows.
    const expected = Array.from({ length: 10 }, (_, i) => (16 * 203) / (203 + 8 * (i + 1)));
    expect(rows.length).toBe(10);
    for (const [i, demoRows] of rows.entries()) {
      if (mixing === 'half') expect(demoRows).toBe(8);
      else expect([Math.floor(expected[i]), Math.ceil(expected[i])]).toContain(demoRows);
    }
    vi.restoreAllMocks();

    const { folder: parts } = await trainedInTwo(options('parts'), 5);
    await expectSameRun(parts, whole);
  },
);

it('such an algorithm is refused to learn online before an episode has ended in each environment', async () => {
  const early = config('early', ['train.num_seed_steps=23']);
  const folder = await createRunFolder(early);
  await expect(train(early, folder, null, silentDisplay(), NEVER_STOP)).rejects.toThrow(
    'train.num_seed_steps=23: cal_ql reads the column returnsToGo',
  );
});

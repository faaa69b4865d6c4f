import { describe, expect, it } from 'vitest';
import { readMetricsFile } from '../../../src/logging/metrics_file.js';
import { NEVER_STOP, type StopSignal } from '../../../src/stop_signal.js';
import { createRunFolder, type RunFolder } from '../../../src/training/folder/run_folder.js';
import { train } from '../../../src/training/train.js';
import { folderOfTests } from '../../temporary_folder.js';
import { comparable, comparableMetrics, latest, silentDisplay, stopAtLook, tinyConfig } from './tiny_run.js';

const workspace = folderOfTests();

/** Sparse rewards, of which nobody gets one in so few steps, become −0.5; there are episodes of 8 steps. */
const SCALED = [
  'train.reward_scale=2',
  'train.reward_shift=-0.5',
  'env.max_episode_steps=8',
  'eval_env.max_episode_steps=8',
];

async function run(name: string, stop: StopSignal): Promise<RunFolder> {
  const config = tinyConfig(workspace, [...SCALED, `logger.exp_name=${name}`]);
  const folder = await createRunFolder(config);
  await train(config, folder, null, silentDisplay(), stop);
  return folder;
}

describe('a run with scaled rewards', () => {
  it('learns from scaled rewards of experience, and reports returns as they are', async () => {
    const folder = await run('whole', NEVER_STOP);
    const { replay, rewardScaling } = await latest(folder);
    expect(rewardScaling).toEqual({ scale: 2, shift: -0.5 });
    expect(new Set(replay!.chunks.flatMap(({ rewards }) => [...rewards]))).toEqual(new Set([-0.5]));
    const rows = readMetricsFile(folder.metricsPath) as Record<string, number>[];
    const returns = (key: string) => rows.flatMap((row) => (key in row ? [row[key]] : []));
    expect(returns('train/return')).toContain(0);
    expect(returns('eval/return')).toEqual([0, 0, 0]);
  });

  it('goes on from a checkpoint as if it had not been stopped', async () => {
    const whole = await run('uninterrupted', NEVER_STOP);
    const folder = await run('stopped', stopAtLook(9));
    const stopped = await latest(folder);
    expect(await train(stopped.config, folder, stopped, silentDisplay(), NEVER_STOP)).toBe(true);
    expect(comparable(await latest(folder))).toEqual(comparable(await latest(whole)));
    expect(comparableMetrics(folder)).toEqual(comparableMetrics(whole));
  });
});

import { expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import type { Config } from '../../../src/config/schema.js';
import { readMetricsFile } from '../../../src/logging/metrics_file.js';
import { listRuns } from '../../../src/runs/listing.js';
import { runsTable } from '../../../src/runs/runs_table.js';
import { NEVER_STOP, type StopSignal } from '../../../src/stop_signal.js';
import { savedNames } from '../../../src/training/checkpoints/checkpoint.js';
import { createRunFolder } from '../../../src/training/folder/run_folder.js';
import { train } from '../../../src/training/train.js';
import { folderOfTest } from '../../temporary_folder.js';
import { comparable, comparableMetrics, latest, silentDisplay, stopAtLook } from './tiny_run.js';

/** Trainings of seconds, from experience alone. */
const TINY = [
  'env.num_envs=2',
  'eval_env.num_envs=2',
  'train.batch_size=16',
  'train.steps=120',
  'train.num_seed_steps=24',
  'train.grad_updates_per_step=2',
  'train.log_freq=40',
  'train.eval_freq=60',
  'train.save_freq=60',
  'train.eval_episodes=2',
  'train.keep_checkpoints=None',
  'eval.num_videos=0',
  'network.actor.arch_cfg.features=[16, 16]',
  'network.critic.arch_cfg.features=[16, 16]',
];

function tinyConfig(workspace: string, overrides: readonly string[]): Config {
  const place = ['logger.exp_name=tiny', `logger.workspace=${workspace}`, 'logger.tensorboard=False'];
  return loadConfig('configs/sac.yml', [...TINY, ...place, ...overrides]);
}

async function run(overrides: readonly string[], stop: StopSignal = NEVER_STOP) {
  const workspace = folderOfTest();
  const config = tinyConfig(workspace, overrides);
  const folder = await createRunFolder(config);
  const display = silentDisplay();
  await train(config, folder, null, display, stop);
  return { workspace, config, folder, notes: display.notes };
}

it.each(['sac', 'rlpd'])(
  'a pendulum is learnt from by %s, judged by its return, with no word of success',
  async (algo) => {
    const { folder, notes, workspace } = await run([`algo=${algo}`, 'env.env_id=Pendulum-v1']);
    const rows = readMetricsFile(folder.metricsPath);
    const evaluations = rows.flatMap((row) => row['eval/return'] ?? []);
    expect(evaluations.length).toBe(2);
    expect(Math.max(...evaluations)).toBeLessThan(0);
    const names = new Set(rows.flatMap((row) => Object.keys(row)));
    expect([...names].filter((name) => name.includes('success'))).toEqual([]);
    for (const part of ['median', 'std', 'min', 'max']) expect(names).toContain(`eval/return_${part}`);
    expect(names).toContain('eval/episode_len');
    // Pendulum-v1 has no reference scores.
    expect(names).not.toContain('eval/normalized_score');
    expect(savedNames(folder.modelsPath)).toContain('best_return');
    expect(notes.join('\n')).not.toMatch(/success|demonstrations/);
    expect(notes.join('\n')).toMatch(/return -\d+ in the last evaluation; the best was -\d+ after \d+ steps/);
    // The policy's [−1, 1] stands for the torques, up to 2 N·m.
    expect([...(await latest(folder)).actionScale!]).toEqual([0.5]);
    const runs = listRuns(workspace, 'name');
    expect(runs).toMatchObject([{ judged_by: 'return', best_score: Math.max(...evaluations) }]);
    expect(runsTable(runs)).toContain('best return');
    expect(runsTable(runs)).not.toContain('success');
  },
);

it('a hopper falls, and the run tells a normalised score', async () => {
  const { folder, notes, workspace } = await run(['env.env_id=Hopper-v5', 'env.num_workers=1']);
  const rows = readMetricsFile(folder.metricsPath);
  const last = rows.findLast((row) => row['eval/return'] !== undefined)!;
  expect(last['eval/episode_len']).toBeLessThan(1000);
  const score = (100 * (last['eval/return']! + 20.272305)) / 3254.572305;
  expect(last['eval/normalized_score']).toBeCloseTo(score, 4);
  const returns = rows.flatMap((row) => row['eval/return'] ?? []);
  const normalized = (value: number) => (100 * (value + 20.272305)) / 3254.572305;
  const final = normalized((returns[0] + returns[1]) / 2);
  const [listed] = listRuns(workspace, 'name');
  expect(listed.final_normalized).toBeCloseTo(final, 4);
  expect(listed.best_normalized).toBeCloseTo(normalized(Math.max(...returns)), 4);
  expect(runsTable([listed])).toContain(`│ ${final.toFixed(1).padStart(5)} │`);
  expect(notes.join('\n')).toMatch(
    new RegExp(
      `mean of the last 2 evaluations: return [\\d.]+, normalized score ${final.toFixed(1)}; best: return [\\d.]+, normalized`,
    ),
  );
  const { replay } = await latest(folder);
  expect(replay!.chunks[0].endings).toContain(2);
});

it('a run that was stopped goes on exactly, in episodes of MuJoCo too', async () => {
  const overrides = ['env.env_id=InvertedPendulum-v5', 'train.eval_freq=1000'];
  const whole = await run(overrides);
  const stopped = await run(overrides, stopAtLook(30));
  const checkpoint = await latest(stopped.folder);
  expect(checkpoint.progress.envSteps).toBeLessThan(120);
  await train(stopped.config, stopped.folder, checkpoint, silentDisplay(), NEVER_STOP);
  expect(comparable(await latest(stopped.folder))).toEqual(comparable(await latest(whole.folder)));
  expect(comparableMetrics(stopped.folder)).toEqual(comparableMetrics(whole.folder));
});

it.each([
  ['train.phases=[offline]', 'the phase offline learns from them alone'],
  ['train.dataset_path=demos.h5', 'train.dataset_path names some'],
  ['train.normalize_observations=True', 'train.normalize_observations=True goes by them'],
])('without demonstrations, %s is refused', (override, problem) => {
  expect(() => tinyConfig('exps', [override])).toThrow(
    `train.num_demos=0 leaves no demonstrations, and ${problem}`,
  );
});

it('modes that the task lacks are refused with those that it has', () => {
  expect(() => tinyConfig('exps', ['env.env_kwargs.control_mode=pd_joint_delta_pos'])).toThrow(
    'Hopper-v5 has no control mode "pd_joint_delta_pos"; it has: motor',
  );
});

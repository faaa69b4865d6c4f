import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../src/config/load.js';
import type { Config } from '../../../../src/config/schema.js';
import { readMetricsFile } from '../../../../src/logging/metrics_file.js';
import { startNotes } from '../../../../src/training/idle_settings.js';
import { freshProgress } from '../../../../src/training/run_progress.js';
import { folderOfTests } from '../../../temporary_folder.js';
import { latest } from '../tiny_run.js';
import { expectSameRun, trained, trainedInTwo } from '../whole_run.js';

const workspace = folderOfTests();

/** A training of 20 updates on the data of Pendulum, and then with 100 steps of two environments, of which the ring keeps 60. */
function configOf(name: string, words: readonly string[] = [], recipe = 'configs/bred.yml'): Config {
  const pairs = recipe === 'configs/bred.yml' ? ['bred.num_pairs=2'] : [];
  return loadConfig(recipe, [
    `logger.workspace=${workspace}`,
    `logger.exp_name=${name}`,
    'env.env_id=Pendulum-v1',
    'env.max_episode_steps=12',
    'env.num_envs=2',
    'eval_env.num_envs=1',
    'eval.num_videos=0',
    'train.dataset_path=test/fixtures/minari/pendulum',
    'train.phases=[offline, online]',
    'train.offline_steps=20',
    'train.steps=100',
    'train.batch_size=16',
    'train.num_seed_steps=24',
    'train.seed_with_policy=True',
    'train.steps_per_env=2',
    'train.grad_updates_per_step=3',
    'train.replay_buffer_capacity=60',
    'train.n_step=2',
    'train.log_freq=10',
    'train.eval_freq=1000',
    'train.eval_episodes=1',
    'train.save_freq=1000',
    'train.save_buffer_in_checkpoints=True',
    'network.actor.arch_cfg.features=[16]',
    'network.critic.arch_cfg.features=[16]',
    'bred.ratio_features=[16]',
    'bred.num_candidates=2',
    ...pairs,
    ...words,
  ]);
}

describe('BRED', () => {
  it('draws by priorities online, after as many updates of its ratio', async () => {
    const folder = await trained(configOf('whole'));
    const rows = readMetricsFile(folder.metricsPath);
    const values = (key: string) => rows.flatMap((row) => row[key] ?? []) as number[];
    const shares = values('train/experience_share');
    expect(shares.length).toBeGreaterThan(4);
    // The first batches are half experience.
    expect(Math.abs(shares[0] - 0.5)).toBeLessThan(0.15);
    expect(values('train/ratio_loss').length).toBe(shares.length);
    expect(values('train/conservative_gap').length).toBe(2);
    const { balanced, replay, agent } = await latest(folder);
    const [dataSize] = values('buffer/demo_size');
    expect([balanced!.priorities.length, replay!.size]).toEqual([dataSize + 60, 60]);
    const { ratioSteps, criticSteps, offlineCriticSteps } = agent.counters;
    expect([ratioSteps, criticSteps, offlineCriticSteps]).toEqual([criticSteps, criticSteps, 20]);
    expect(criticSteps).toBeGreaterThan(30);
    expect(new Set(balanced!.priorities).size).toBeGreaterThan(10);
  });

  it.each([
    ['offline', 2],
    ['online', 12],
    ['online, where the ring is full', 26],
  ])('goes on exactly after a stop %s', async (_, looks) => {
    const whole = await trained(configOf(`whole_${looks}`));
    const { folder, stopped } = await trainedInTwo(configOf(`stopped_${looks}`), looks);
    expect(stopped.progress.envSteps > 24).toBe(looks > 2);
    await expectSameRun(folder, whole);
  });

  it('begins anew with priorities where the experience was not saved', async () => {
    const config = configOf('unsaved', ['train.save_buffer_in_checkpoints=False']);
    const { folder, stopped } = await trainedInTwo(config, 14);
    expect(stopped.balanced).toBe(null);
    const shares = readMetricsFile(folder.metricsPath).flatMap((row) => row['train/experience_share'] ?? []);
    expect(shares.length).toBeGreaterThan(2);
  });

  it('goes on where CQL has learnt, with one pair, and exactly after a stop', async () => {
    const words = [
      'train.online_algo=bred',
      'bred.num_pairs=1',
      'network.critic.arch_cfg.use_layer_norm=False',
    ];
    const config = (name: string) => configOf(name, words, 'configs/cql.yml');
    const whole = await trained(config('after_cql'));
    const { folder, stopped } = await trainedInTwo(config('after_cql_stopped'), 14);
    expect(stopped.agent.algorithm).toBe('bred');
    expect(stopped.balanced).not.toBe(null);
    await expectSameRun(folder, whole);
  });
});

it('BRED refuses to learn without data, and says which setting it makes idle', () => {
  expect(() =>
    configOf('dataless', ['train.phases=[online]', 'train.num_demos=0', 'train.dataset_path=None']),
  ).toThrow('train.num_demos=0 leaves no demonstrations, and bred weighs experience against them');
  const config = configOf('idle', ['train.online_mixing=uniform']);
  expect(startNotes(config, freshProgress(config)).join()).toContain(
    'train.online_mixing=uniform changes nothing: bred draws transitions by priorities',
  );
});

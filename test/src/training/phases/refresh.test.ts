import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../src/config/load.js';
import type { Config } from '../../../../src/config/schema.js';
import { folderOfTests } from '../../../temporary_folder.js';
import { latest } from '../tiny_run.js';
import { expectSameRun, trained, trainedInTwo } from '../whole_run.js';

const workspace = folderOfTests();

/** A training on three demonstrations that makes its columns anew every 25 updates, between two calls of 10. */
const OFFLINE = [
  'train.dataset_path=test/fixtures/demos/pick_cube.h5',
  'train.batch_size=16',
  'train.offline_steps=60',
  'train.log_freq=20',
  'train.save_freq=1000',
  'network.actor.arch_cfg.features=[16]',
  'network.critic.arch_cfg.features=[16]',
  'awr.refresh_steps=25',
];

/** The same, and then with experience of two environments. */
const ONLINE = [
  ...OFFLINE,
  'env.env_id=PickCube-v1',
  'train.phases=[offline, online]',
  'train.offline_steps=20',
  'train.steps=160',
  'env.num_envs=2',
  'train.num_seed_steps=32',
  'train.steps_per_env=4',
  'train.grad_updates_per_step=4',
  'train.replay_buffer_capacity=100',
  'train.save_buffer_in_checkpoints=True',
  'train.eval_freq=1000',
  'train.eval_episodes=1',
  'eval_env.num_envs=1',
  'eval.num_videos=0',
];

function configOf(name: string, words: readonly string[]): Config {
  const place = [`logger.workspace=${workspace}`, `logger.exp_name=${name}`];
  return loadConfig('configs/awr.yml', [...place, ...words]);
}

describe('a training whose algorithm makes columns of all data', () => {
  it('makes them when they are due, and goes on after a stop with those that it had', async () => {
    const whole = await trained(configOf('whole', OFFLINE));
    const { folder, stopped } = await trainedInTwo(configOf('stopped', OFFLINE), 6);
    // Calls of 10, 10, 5 and 10 updates.
    expect(stopped.progress.offlineSteps).toBe(35);
    expect(stopped.agent.counters).toMatchObject({ updatesSinceRefresh: 10 });
    const { keptOfData, agent } = await latest(folder);
    expect(agent.counters).toMatchObject({ updatesSinceRefresh: 10, valueSteps: 60 });
    expect(Object.keys(keptOfData)).toEqual(['lambdaReturns', 'advantages']);
    expect(keptOfData).not.toEqual(stopped.keptOfData);
    expect(keptOfData).toEqual((await latest(whole)).keptOfData);
    await expectSameRun(folder, whole);
  });

  it('makes them of experience too, and goes on with it exactly', async () => {
    const whole = await trained(configOf('online', ONLINE));
    const { folder, stopped } = await trainedInTwo(configOf('online_stopped', ONLINE), 12);
    expect(stopped.progress.envSteps).toBeGreaterThan(32);
    expect(stopped.progress.envSteps).toBeLessThan(160);
    const { lambdaReturns } = stopped.replay!.kept;
    // Steps that came since the last refresh have none.
    expect(lambdaReturns!.length).toBeLessThan(stopped.replay!.size);
    await expectSameRun(folder, whole);
  });

  it('goes on without its replay buffer, too', async () => {
    const words = [...ONLINE, 'train.save_buffer_in_checkpoints=False'];
    const { folder, stopped } = await trainedInTwo(configOf('without_buffer', words), 12);
    expect(stopped.replay).toBeNull();
    expect((await latest(folder)).progress.envSteps).toBeGreaterThanOrEqual(160);
  });
});

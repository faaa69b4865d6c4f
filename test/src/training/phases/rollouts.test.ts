import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../src/config/load.js';
import type { Config } from '../../../../src/config/schema.js';
import { readMetricsFile } from '../../../../src/logging/metrics_file.js';
import { folderOfTests } from '../../../temporary_folder.js';
import { latest } from '../tiny_run.js';
import { expectSameRun, trained, trainedInTwo } from '../whole_run.js';

const workspace = folderOfTests();

/** A training that makes rollouts anew every 25 updates, between two calls of 10. */
const SMALL = [
  'env.env_id=Pendulum-v1',
  'train.dataset_path=test/fixtures/minari/pendulum',
  'train.batch_size=16',
  'train.model_steps=40',
  'train.offline_steps=60',
  'train.log_freq=20',
  'train.save_freq=1000',
  'train.save_buffer_in_checkpoints=True',
  'train.eval_freq=1000',
  'train.eval_episodes=1',
  'eval_env.num_envs=1',
  'eval.num_videos=0',
  'network.actor.arch_cfg.features=[16]',
  'network.critic.arch_cfg.features=[16]',
  'mopo.model_features=[16, 12]',
  'mopo.num_models=3',
  'mopo.num_elites=2',
  'mopo.rollout_freq=25',
  'mopo.num_rollouts=20',
  'mopo.rollout_steps=3',
  'mopo.rollouts_kept=2',
];

function configOf(name: string, words: readonly string[] = []): Config {
  const place = [`logger.workspace=${workspace}`, `logger.exp_name=${name}`];
  return loadConfig('configs/mopo.yml', [...SMALL, ...place, ...words]);
}

describe('a training in a model that it learns', () => {
  it('learns the model, and then from rollouts of which it keeps the last ones', async () => {
    const folder = await trained(configOf('whole'));
    const rows = readMetricsFile(folder.metricsPath);
    const values = (key: string) => rows.flatMap((row) => (key in row ? [row[key]] : []));
    expect(values('model/loss').length).toBe(1);
    expect(values('model/error').every((error) => Number(error) > 0)).toBe(true);
    // Rollouts are made before the 1st, 26th and 51st update.
    expect(values('train/imagined_reward').length).toBe(3);
    expect(values('train/imagined_doubt').every((doubt) => Number(doubt) > 0)).toBe(true);
    // Nothing ends a Pendulum's episode.
    expect(values('train/imagined_end_rate')).toEqual([0, 0, 0]);
    expect(values('buffer/replay_size')).toEqual([60, 120, 120]);
    const { progress, imagined, replay } = await latest(folder);
    expect(progress).toMatchObject({ modelSteps: 40, offlineSteps: 60, gradientSteps: 60, envSteps: 0 });
    expect([imagined?.size, replay]).toEqual([120, null]);
  });

  it.each([
    ['while it learned the model', 3],
    ['between two times of making rollouts', 9],
  ])('goes on after a stop %s as if there had been none', async (_, looks) => {
    const whole = await trained(configOf(`uninterrupted${looks}`));
    const { folder, stopped } = await trainedInTwo(configOf(`stopped${looks}`), looks);
    const { modelSteps, offlineSteps } = stopped.progress;
    expect([modelSteps < 40, offlineSteps > 0]).toEqual(looks === 3 ? [true, false] : [false, true]);
    expect(offlineSteps).toBeLessThan(60);
    await expectSameRun(folder, whole);
  });

  it('makes rollouts anew where they were not kept', async () => {
    const { folder, stopped } = await trainedInTwo(
      configOf('without_buffer', ['train.save_buffer_in_checkpoints=False']),
      9,
    );
    expect([stopped.imagined, (await latest(folder)).progress.offlineSteps]).toEqual([null, 60]);
  });

  it('learns from data alone where batches have no other rows', async () => {
    const folder = await trained(configOf('real', ['mopo.real_share=1']));
    const keys = readMetricsFile(folder.metricsPath).flatMap((row) => Object.keys(row));
    expect(keys.filter((key) => key.includes('imagined'))).toEqual([]);
    expect((await latest(folder)).imagined).toBeNull();
  });
});

describe('a training in a model is refused', () => {
  it.each([
    [
      ['env.env_id=PickCube-v1'],
      'mopo has to know where its rollouts end, and nothing observed in PickCube-v1 tells',
    ],
    [['env.env_id=None'], 'mopo needs a task, which tells where its rollouts end, and env.env_id is null'],
    [['train.phases=[offline]'], 'set train.phases=[model, offline]'],
    [['train.phases=[model]'], 'set train.phases=[model, offline]'],
    [
      ['train.phases=[model, offline, online]'],
      'mopo learns from data alone: set train.phases=[model, offline]',
    ],
    [['network.observations=[cos_angle]'], 'set network.observations=None network.relations=None'],
    [['mopo.num_elites=4'], 'mopo.num_elites: must not exceed the number of networks in the model'],
  ])('with %s', (words, problem) => {
    expect(() => configOf('refused', words)).toThrow(problem);
  });

  it('by an algorithm that has none', () => {
    const words = ['train.phases=[model, offline]', 'train.dataset_path=here'];
    expect(() => loadConfig('configs/cql.yml', words)).toThrow('cql learns no model: leave it out');
  });
});

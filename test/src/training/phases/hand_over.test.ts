import { readFileSync } from 'node:fs';
import onnxProto from 'onnx-proto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../../../src/config/load.js';
import type { Config } from '../../../../src/config/schema.js';
import { loadPolicy } from '../../../../src/library/load_policy.js';
import { readMetricsFile } from '../../../../src/logging/metrics_file.js';
import { NEVER_STOP } from '../../../../src/stop_signal.js';
import { checkpointPath, loadCheckpoint } from '../../../../src/training/checkpoints/checkpoint.js';
import { policyPath } from '../../../../src/training/checkpoints/policy_export.js';
import { checkHandedOver } from '../../../../src/training/checkpoints/resume.js';
import { createRunFolder, type RunFolder } from '../../../../src/training/folder/run_folder.js';
import { train } from '../../../../src/training/train.js';
import { folderOfTests } from '../../../temporary_folder.js';
import { latest, silentDisplay } from '../tiny_run.js';
import { expectSameRun, trained, trainedInTwo } from '../whole_run.js';

const workspace = folderOfTests();

/** A training of 40 updates by IQL on three demonstrations, and then by RLPD with 80 steps of two environments. */
function configOf(name: string, words: readonly string[] = [], recipe = 'configs/iql.yml'): Config {
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
    'train.online_algo=rlpd',
    'train.offline_steps=40',
    'train.steps=80',
    'train.batch_size=16',
    'train.num_seed_steps=24',
    'train.seed_with_policy=True',
    'train.steps_per_env=4',
    'train.grad_updates_per_step=2',
    'train.reward_scale=2',
    'train.log_freq=15',
    'train.eval_freq=1000',
    'train.eval_episodes=1',
    'train.save_freq=30',
    'train.save_buffer_in_checkpoints=True',
    'network.actor.arch_cfg.features=[16]',
    'network.critic.arch_cfg.features=[16]',
    ...words,
  ]);
}

/** The folder of a training that ran from beginning to end, and what it said. */
async function trainedAloud(config: Config) {
  const [folder, display] = [await createRunFolder(config), silentDisplay()];
  expect(await train(config, folder, null, display, NEVER_STOP)).toBe(true);
  return { folder, notes: display.notes };
}

const checkpointCalled = ({ modelsPath }: RunFolder, name: string) =>
  loadCheckpoint(checkpointPath(modelsPath, name));

function algorithmOfPolicy({ modelsPath }: RunFolder, name: string): string | undefined {
  const model = onnxProto.onnx.ModelProto.decode(readFileSync(policyPath(modelsPath, name)));
  return model.metadataProps.find(({ key }) => key === 'algorithm')?.value ?? undefined;
}

describe('IQL, and then RLPD', () => {
  it('are logged, evaluated and saved each as itself', async () => {
    const { folder, notes } = await trainedAloud(configOf('whole'));
    expect(notes).toContain(
      'rlpd goes on where iql has learnt: actor from iql, with new deviations of its actions; critic from iql',
    );
    const { progress } = await latest(folder);
    expect(progress).toMatchObject({ offlineSteps: 40, envSteps: 80, gradientSteps: 40 + 2 * 8 });
    expect(progress.evaluations.map(({ envSteps }) => envSteps)).toEqual([40, 120]);

    const rows = readMetricsFile(folder.metricsPath).filter((row) => 'train/critic_loss' in row);
    const [iqlRows, rlpdRows] = ['train/advantage', 'train/entropy'].map((key) =>
      rows.filter((row) => key in row).map((row) => row.env_steps),
    );
    expect(iqlRows).toEqual([20, 30, 40]);
    expect(rlpdRows.length).toBeGreaterThan(3);
    expect(rlpdRows.every((steps) => Number(steps) > 40)).toBe(true);
    expect(rows.filter((row) => 'train/advantage' in row && 'train/entropy' in row)).toEqual([]);

    const saved = { ckpt_30: 'iql', ckpt_96: 'rlpd', latest: 'rlpd' };
    for (const [name, algorithm] of Object.entries(saved)) {
      expect((await checkpointCalled(folder, name)).agent.algorithm).toBe(algorithm);
      expect(algorithmOfPolicy(folder, name)).toBe(algorithm);
      const policy = await loadPolicy(checkpointPath(folder.modelsPath, name));
      onTestFinished(() => policy.dispose());
      const actions = new Float32Array(policy.actionDim);
      await policy.act(new Float32Array(policy.observationDim).fill(0.1), actions);
      expect(actions.some((action) => action !== 0)).toBe(true);
    }
  });

  it.each([
    ['offline', 3],
    ['at the boundary', 6],
    ['online', 9],
  ])('go on exactly after a stop %s', async (_, looks) => {
    const whole = await trained(configOf(`uninterrupted_${looks}`));
    const { folder, stopped } = await trainedInTwo(configOf(`stopped_${looks}`), looks);
    expect(stopped.agent.algorithm).toBe(looks < 9 ? 'iql' : 'rlpd');
    await expectSameRun(folder, whole);
  });

  it('keep the changes of rewards and observations', async () => {
    const folder = await trained(configOf('frozen'));
    const [before, after] = [await checkpointCalled(folder, 'ckpt_30'), await latest(folder)];
    expect(after.rewardScaling).toEqual({ scale: 2, shift: 0 });
    expect(after.rewardScaling).toEqual(before.rewardScaling);
    for (const name of ['observationMean', 'observationScale']) {
      expect(after.agent.tensors[name]).toEqual(before.agent.tensors[name]);
    }
    expect(after.agent.tensors['observationScale'].data.some((scale) => scale !== 1)).toBe(true);
  });

  it('make no more updates offline once RLPD has gone on', async () => {
    const folder = await trained(configOf('no_more'));
    const longer = configOf('no_more', ['train.offline_steps=50']);
    const [before, after] = [await checkpointCalled(folder, 'ckpt_30'), await latest(folder)];
    expect(() => checkHandedOver(before, longer)).not.toThrow();
    expect(() => checkHandedOver(after, configOf('no_more', ['train.steps=90']))).not.toThrow();
    expect(() => checkHandedOver(after, longer)).toThrow(
      'train.offline_steps=50: rlpd has gone on after 40 updates of iql: leave it out',
    );
  });
});

describe('another algorithm goes on', () => {
  const done = ['train.offline_steps=10', 'train.steps=40'];

  it.each([
    ['bc', 'rlpd', 'actor from bc, with new deviations of its actions; critic anew (bc has none)', []],
    ['bcq', 'rlpd', 'actor anew (it gives a policy, that of bcq a change of actions); critic from bcq', []],
    ['td3_bc', 'awac', 'actor from td3_bc, with new deviations of its actions; critic from td3_bc', []],
    ['iql', 'cal_ql', 'actor from iql, with new deviations of its actions; critic from iql', []],
    ['cql', 'sac', 'actor from cql; critic from cql', ['sac.initial_temperature=0.1']],
  ])('after %s: %s', async (from, to, said, words) => {
    const [name, recipe] = [`${from}_${to}`, `configs/${from}.yml`];
    const generative = from === 'bcq' ? ['bcq.vae_features=[16]'] : [];
    const all = [...done, ...generative, ...words, `train.online_algo=${to}`];
    const { folder, notes } = await trainedAloud(configOf(name, all, recipe));
    expect(notes).toContain(`${to} goes on where ${from} has learnt: ${said}`);
    const { agent, progress } = await latest(folder);
    expect(agent.algorithm).toBe(to);
    expect(progress.gradientSteps).toBeGreaterThan(10);
  });

  it('after rollouts in a model, of which nothing is left, and goes on exactly after a stop', async () => {
    const words = [
      ...done,
      'env.env_id=Pendulum-v1',
      'train.dataset_path=test/fixtures/minari/pendulum',
      'train.phases=[model, offline, online]',
      'train.model_steps=10',
      'mopo.model_features=[16]',
      'mopo.num_models=2',
      'mopo.num_elites=1',
      'mopo.num_rollouts=20',
    ];
    const config = (name: string) => configOf(name, words, 'configs/mopo.yml');
    const whole = await trained(config('mopo'));
    expect(await latest(whole)).toMatchObject({ agent: { algorithm: 'rlpd' }, imagined: null });
    const { folder, stopped } = await trainedInTwo(config('mopo_stopped'), 8);
    expect(stopped.agent.algorithm).toBe('rlpd');
    await expectSameRun(folder, whole);
  });
});

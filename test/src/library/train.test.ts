import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { environmentIds, makeEnvironment } from '../../../envs/registry.js';
import { loadPolicy } from '../../../src/library/load_policy.js';
import { type TrainingOptions, type TrainingResult, train } from '../../../src/library/train.js';
import { evaluate } from '../../../src/rollout/evaluate.js';
import { readRunConfig } from '../../../src/runs/run_record.js';
import { openRunFolder } from '../../../src/training/folder/run_folder.js';
import { folderOfTest, folderOfTests } from '../../temporary_folder.js';
import { stopAtLook } from '../training/tiny_run.js';

/** A training of a second. */
function trainTiny(workspace: string, { overrides, ...options }: TrainingOptions = {}) {
  return train({
    config: 'configs/base_rlpd_ms3.yml',
    ...options,
    overrides: {
      verbose: 0,
      'logger.workspace': workspace,
      'logger.exp_name': 'tiny',
      'logger.tensorboard': false,
      'train.dataset_path': 'test/fixtures/demos/pick_cube.h5',
      'train.steps': 40,
      'train.num_seed_steps': 16,
      'train.batch_size': 16,
      'train.eval_episodes': 2,
      'env.num_envs': 2,
      'env.max_episode_steps': 20,
      'eval_env.max_episode_steps': 20,
      'eval.num_videos': 0,
      'rlpd.num_qs': 2,
      'network.actor.arch_cfg.features': [16, 16],
      'network.critic.arch_cfg.features': [16, 16],
      'network.observations': null,
      ...overrides,
    },
  });
}

describe('a training from a program', () => {
  const workspace = folderOfTests();
  let result: TrainingResult;
  beforeAll(async () => {
    result = await trainTiny(workspace);
  });

  it('leaves a run, and tells how it went', () => {
    expect(result).toMatchObject({ path: join(workspace, 'tiny'), isFinished: true, envSteps: 40 });
    expect(result.lastScore).toBeGreaterThanOrEqual(0);
    expect(existsSync(result.checkpoint!)).toBe(true);
    const { train: settings, network } = readRunConfig(openRunFolder(result.path));
    expect(settings.batch_size).toBe(16);
    expect(network.actor.arch_cfg.features).toEqual([16, 16]);
    expect(network.observations).toBeNull();
  });

  it('gives a policy, from its folder or a checkpoint, which acts the same in an environment of its own', async () => {
    const policy = await loadPolicy(result.path);
    onTestFinished(() => policy.dispose());
    expect(policy.spec).toMatchObject({ envId: 'PickCube-v1', maxEpisodeSteps: 20 });
    const environment = await makeEnvironment('PickCube-v1', policy.spec!);
    onTestFinished(() => environment.close());
    const again = await loadPolicy(result.checkpoint!, environment.spec);
    onTestFinished(() => again.dispose());
    const options = { episodes: 2, seed: 3, recorded: 2 };
    const evaluation = await evaluate(policy, environment, options);
    expect(evaluation.summary.episode_len).toMatchObject({ mean: 20, min: 20, max: 20 });
    expect(await evaluate(again, environment, options)).toEqual(evaluation);
  });

  it('gives no policy for an environment that it does not fit', async () => {
    const environment = await makeEnvironment('PushCube-v1', {
      controlMode: 'pd_ee_delta_pos',
      rewardMode: 'sparse',
    });
    onTestFinished(() => environment.close());
    await expect(loadPolicy(result.path, environment.spec)).rejects.toThrow(
      /tiny.*does not fit this configuration of PushCube-v1 in pd_ee_delta_pos/,
    );
    await expect(loadPolicy(join(workspace, 'none'))).rejects.toThrow('no such run folder or checkpoint');
  });

  it('ends after its present step when it is told to, and can be gone on with', async () => {
    const stopped = await trainTiny(workspace, {
      signal: stopAtLook(5),
      overrides: { 'logger.exp_name': 'stopped', 'train.log_freq': 8 },
    });
    expect(stopped).toMatchObject({ isFinished: false, lastScore: null });
    expect(stopped.envSteps).toBeGreaterThan(0);
    expect(stopped.envSteps).toBeLessThan(40);
    const finished = await train({ resume: stopped.checkpoint!, overrides: { 'train.eval_episodes': 1 } });
    expect(finished).toMatchObject({ path: stopped.path, isFinished: true, envSteps: 40 });
    expect(readRunConfig(openRunFolder(stopped.path)).train.eval_episodes).toBe(1);
    await expect(train({ resume: stopped.path })).rejects.toThrow('is finished: it has made 40 of');
    expect(existsSync(finished.checkpoint!)).toBe(true);
  });

  it('goes on with the configuration of its run, and with no other', async () => {
    const resume = result.path;
    await expect(train({ resume, config: 'configs/default.yml' })).rejects.toThrow(
      `resume: ${resume} has its own configuration: leave out config (configs/default.yml), or resume`,
    );
    await expect(train({ resume, overrides: { seed: 9 } })).rejects.toThrow('seed: 0 → 9');
    await expect(train({ resume: join(workspace, 'none') })).rejects.toThrow('no run there');
  });

  it('has no checkpoint if it is stopped while its demonstrations are made', async () => {
    const stopped = await trainTiny(workspace, {
      signal: AbortSignal.abort(),
      overrides: { 'logger.exp_name': 'early', 'train.dataset_path': null, 'train.num_demos': 2 },
    });
    expect(stopped).toMatchObject({ isFinished: false, checkpoint: null, envSteps: 0 });
    expect(await train({ resume: stopped.path })).toMatchObject({ path: stopped.path, isFinished: true });
  });

  it('refuses settings that there are not, or that are wrong, and leaves no run', async () => {
    const empty = folderOfTest();
    const refused = (overrides: Record<string, unknown>) =>
      expect(trainTiny(empty, { overrides })).rejects.toThrow;
    await refused({ 'train.stepz': 3 })('train.stepz');
    await refused({ 'train.steps': 'many' })('train.steps');
    const known = `env.env_id: unknown environment "Nowhere-v1"; known: ${environmentIds().join(', ')}`;
    await refused({ 'env.env_id': 'Nowhere-v1' })(known);
    await refused({ 'env.env_id': 'Nowhere-v1', 'train.dataset_path': null })(known);
    expect(readdirSync(empty)).toEqual([]);
  });
});

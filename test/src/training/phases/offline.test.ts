import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { collectCommand } from '../../../../src/commands/collect.js';
import { loadConfig } from '../../../../src/config/load.js';
import type { Config } from '../../../../src/config/schema.js';
import { loadPolicy } from '../../../../src/library/load_policy.js';
import { readMetricsFile } from '../../../../src/logging/metrics_file.js';
import { listRuns } from '../../../../src/runs/listing.js';
import { readRun } from '../../../../src/runs/run_record.js';
import { runsTable } from '../../../../src/runs/runs_table.js';
import { NEVER_STOP } from '../../../../src/stop_signal.js';
import { estimateSeconds } from '../../../../src/sweep/estimate.js';
import { planSweep } from '../../../../src/sweep/plan.js';
import { checkpointPath, loadCheckpoint } from '../../../../src/training/checkpoints/checkpoint.js';
import { policyPath } from '../../../../src/training/checkpoints/policy_export.js';
import { checkUnfinished } from '../../../../src/training/checkpoints/resume.js';
import { createRunFolder } from '../../../../src/training/folder/run_folder.js';
import { train } from '../../../../src/training/train.js';
import { packageFacts } from '../../../../src/version.js';
import { rememberSaid } from '../../../said.js';
import { folderOfTests } from '../../../temporary_folder.js';
import { comparable, latest, silentDisplay, stopAtLook, tinyConfig } from '../tiny_run.js';
import { expectSameRun, trained, trainedInTwo } from '../whole_run.js';

const workspace = folderOfTests();

const SMALL = [
  'train.dataset_path=test/fixtures/demos/pick_cube.h5',
  'train.batch_size=16',
  'train.offline_steps=60',
  'train.log_freq=20',
  'train.eval_freq=40',
  'train.save_freq=40',
  'train.eval_episodes=1',
  'eval_env.num_envs=1',
  'eval.num_videos=0',
  'network.actor.arch_cfg.features=[16]',
  'network.critic.arch_cfg.features=[16]',
];

/** Data whose actions are declared to be from −2 to 2. */
const PENDULUM = [
  'env.env_id=None',
  'network.observations=None',
  'train.dataset_path=test/fixtures/minari/pendulum',
];

function iqlConfig(name: string, words: readonly string[] = []): Config {
  const place = [`logger.workspace=${workspace}`, `logger.exp_name=${name}`];
  return loadConfig('configs/iql.yml', [...SMALL, ...place, ...words]);
}

describe('a training on data alone', () => {
  it('is logged, evaluated and saved by its updates', async () => {
    const folder = await trained(iqlConfig('whole'));
    const rows = readMetricsFile(folder.metricsPath);
    const steps = (key: string) => rows.filter((row) => key in row).map((row) => row.env_steps);
    expect(steps('train/value_loss')).toEqual([20, 40, 60]);
    expect(steps('eval/success_at_end')).toEqual([40, 60]);
    expect(rows.every((row) => !('time/rollout_fps' in row))).toBe(true);
    expect(existsSync(join(folder.modelsPath, 'ckpt_40.safetensors'))).toBe(true);
    const { progress, replay, agent } = await latest(folder);
    expect(progress).toMatchObject({ offlineSteps: 60, envSteps: 0, gradientSteps: 60 });
    expect([replay, agent.algorithm]).toEqual([null, 'iql']);
  });

  it('goes on after a stop as if there had been none', async () => {
    const whole = await trained(iqlConfig('uninterrupted'));
    const { folder, stopped } = await trainedInTwo(iqlConfig('stopped'), 4);
    expect(stopped.progress.offlineSteps).toBeLessThan(60);
    await expectSameRun(folder, whole);
  });

  it('is finished when its updates are made', async () => {
    const config = iqlConfig('finished');
    const checkpoint = await latest(await trained(config));
    expect(() => checkUnfinished('here', checkpoint, config)).toThrow(
      'here is finished: it has made 60 of train.offline_steps=60 updates. Give a larger train.offline_steps',
    );
  });
});

describe('a training without a task', () => {
  it('learns from the data, and evaluates nothing', async () => {
    const words = ['env.env_id=None', 'network.observations=None'];
    const folder = await trained(iqlConfig('taskless', words));
    const { progress } = await latest(folder);
    expect(progress).toMatchObject({ offlineSteps: 60, evaluations: [] });
  });

  it('learns from a folder of Minari, and goes on with it after a stop', async () => {
    const [whole, config] = [
      await trained(iqlConfig('minari', PENDULUM)),
      iqlConfig('minari_stopped', PENDULUM),
    ];
    const folder = await createRunFolder(config);
    expect(await train(config, folder, null, silentDisplay(), stopAtLook(4))).toBe(false);
    expect(await train(config, folder, await latest(folder), silentDisplay(), NEVER_STOP)).toBe(true);
    const checkpoint = await latest(folder);
    expect(comparable(checkpoint)).toEqual(comparable(await latest(whole)));
    expect(checkpoint.actionScale).toEqual(Float32Array.of(0.5));
  });

  it('learns from a file of D4RL by normalised rewards, and goes on so after a stop', async () => {
    const words = [
      'env.env_id=None',
      'network.observations=None',
      'train.dataset_path=test/fixtures/d4rl/hopper.hdf5',
      'train.normalize_rewards=True',
      'train.reward_shift=-1',
    ];
    const [whole, config] = [await trained(iqlConfig('d4rl', words)), iqlConfig('d4rl_stopped', words)];
    const folder = await createRunFolder(config);
    expect(await train(config, folder, null, silentDisplay(), stopAtLook(4))).toBe(false);
    const stopped = await latest(folder);
    expect(stopped.rewardScaling).toEqual({ scale: expect.closeTo(24.723, 3), shift: -1 });
    expect(await train(config, folder, stopped, silentDisplay(), NEVER_STOP)).toBe(true);
    const checkpoint = await latest(folder);
    expect(comparable(checkpoint)).toEqual(comparable(await latest(whole)));
    expect(checkpoint.rewardScaling).toEqual(stopped.rewardScaling);
    expect(existsSync(policyPath(folder.modelsPath, 'latest'))).toBe(true);
  });

  it('gives a program a policy that acts on observations of the data, in the range of its actions', async () => {
    const { path } = await trained(iqlConfig('minari_acts', [...PENDULUM, 'train.offline_steps=20']));
    const policy = await loadPolicy(path);
    onTestFinished(() => policy.dispose());
    expect(policy).toMatchObject({ spec: null, observationDim: 3, actionDim: 1 });
    const actions = new Float32Array(2);
    await policy.act(Float32Array.of(1, 0, 0, 900, -900, 900), actions);
    expect(actions.every((action) => action !== 0 && Math.abs(action) <= 2)).toBe(true);
    expect(actions[0]).not.toBe(actions[1]);
  });

  it('exports a policy whose metadata name no environment', async () => {
    const folder = await trained(iqlConfig('minari_exports', [...PENDULUM, 'train.offline_steps=20']));
    const model = onnxProto.onnx.ModelProto.decode(readFileSync(policyPath(folder.modelsPath, 'latest')));
    const metadata = Object.fromEntries(model.metadataProps.map(({ key, value }) => [key!, value!]));
    expect(metadata).toEqual({
      format: 'rlpd-policy',
      rlpd_version: packageFacts().version,
      algorithm: 'iql',
      distribution: 'clipped_gaussian',
      observation_shape: '[3]',
      action_shape: '[1]',
      action_scale: '[0.5]',
      env_steps: '0',
      gradient_steps: '20',
      config_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

describe('a recipe for data alone', () => {
  const words = ['train.offline_steps=40', 'train.batch_size=16', 'network.actor.arch_cfg.features=[16]'];

  /** A training by `configs/<algo>.yml` with nothing given but data, and how much of it. */
  function recipe(algo: string, name: string, more: readonly string[] = []): Config {
    const place = [`logger.workspace=${workspace}`, `logger.exp_name=${name}`];
    const data = 'train.dataset_path=test/fixtures/minari/pendulum';
    const critics = algo === 'bc' ? [] : ['network.critic.arch_cfg.features=[16]'];
    const generative = ['bcq', 'bear', 'uwac'].includes(algo) ? [`${algo}.vae_features=[16]`] : [];
    return loadConfig(`configs/${algo}.yml`, [data, ...words, ...critics, ...generative, ...place, ...more]);
  }

  it.each(['bc', 'td3_bc', 'rebrac', 'bcq', 'bear', 'uwac'])(
    '%s is trained, and goes on after a stop as if there had been none',
    async (algo) => {
      const [whole, config] = [await trained(recipe(algo, algo)), recipe(algo, `${algo}_stopped`)];
      const folder = await createRunFolder(config);
      expect(await train(config, folder, null, silentDisplay(), stopAtLook(2))).toBe(false);
      const stopped = await latest(folder);
      expect(stopped.progress.offlineSteps).toBeLessThan(40);
      expect(await train(config, folder, stopped, silentDisplay(), NEVER_STOP)).toBe(true);
      expect(comparable(await latest(folder))).toEqual(comparable(await latest(whole)));
      const model = onnxProto.onnx.ModelProto.decode(readFileSync(policyPath(whole.modelsPath, 'latest')));
      expect(model.graph!.output!.map(({ name }) => name)).toEqual(['action']);
    },
  );

  it('learns at rates that fall to 0 over all of its updates, and not sooner', async () => {
    const [short, long] = [
      await trained(recipe('bc', 'short', ['train.offline_steps=20'])),
      await trained(recipe('bc', 'long', ['train.save_freq=20'])),
    ];
    const halfway = await loadCheckpoint(checkpointPath(long.modelsPath, 'ckpt_20'));
    expect(halfway.progress.offlineSteps).toBe(20);
    expect(halfway.agent.tensors).not.toEqual((await latest(short)).agent.tensors);
    const same = ['train.offline_steps=20', 'bc.actor_decay=None'];
    const steady = [
      await trained(recipe('bc', 'short_steady', same)),
      await trained(recipe('bc', 'long_steady', ['train.save_freq=20', 'bc.actor_decay=None'])),
    ];
    const steadyHalfway = await loadCheckpoint(checkpointPath(steady[1].modelsPath, 'ckpt_20'));
    expect(steadyHalfway.agent.tensors).toEqual((await latest(steady[0])).agent.tensors);
  });

  it('takes the best of the episodes, if asked', async () => {
    const folder = await trained(recipe('bc', 'best', ['train.top_share=0.5']));
    const all = await trained(recipe('bc', 'all'));
    expect((await latest(folder)).agent.tensors).not.toEqual((await latest(all)).agent.tensors);
  });
});

it('a run that can not go on with the data it is given stays as it was', async () => {
  const words = ['env.env_id=None', 'network.observations=None'];
  const config = iqlConfig('kept', [...words, 'train.dataset_path=test/fixtures/minari/pendulum']);
  const folder = await createRunFolder(config);
  expect(await train(config, folder, null, silentDisplay(), stopAtLook(4))).toBe(false);
  const files = () =>
    readdirSync(folder.path).filter((name) => /json|yml/.test(name) && name !== 'status.json');
  const contents = () => files().map((name) => readFileSync(join(folder.path, name), 'utf8'));
  const before = contents();
  const other = { ...config, train: { ...config.train, dataset_path: 'test/fixtures/demos/pick_cube.h5' } };
  const going = train(other, folder, await latest(folder), silentDisplay(), NEVER_STOP, {
    allowChangedDataset: true,
  });
  await expect(going).rejects.toThrow(
    /latest.safetensors can't go on with .*pick_cube.h5, of 42 numbers observed and 8 acted: the saved state lacks/,
  );
  expect(contents()).toEqual(before);
  expect(await train(config, folder, await latest(folder), silentDisplay(), NEVER_STOP)).toBe(true);
});

describe('the record of a training on data alone', () => {
  const offline = ['train.offline_steps=30', 'train.log_freq=1000'];
  const alone = [
    ...offline,
    'env.env_id=None',
    'network.observations=None',
    'train.dataset_path=test/fixtures/minari/pendulum',
  ];
  const listed = (name: string) => listRuns(workspace, 'name').find((run) => run.name === name)!;
  const updates = (made: number) => ({ offlineSteps: made, envSteps: 0 });

  it('tells its updates and its time, though nothing was logged', async () => {
    const { path } = await trained(iqlConfig('alone', alone));
    const { results } = readRun(path);
    expect(results).toMatchObject({ ...updates(30), cloneSteps: 0, best: null, lastScore: null });
    expect(results.seconds).toBeGreaterThan(0);
    const table = runsTable([listed('alone')]);
    expect(table).toMatch(/│ run +│ status +│ offline updates │ best success/);
    expect(table).toMatch(/│ alone +│ finished │ +30 \/ 30 │/);
  });

  it('tells how far one came that was stopped', async () => {
    const config = iqlConfig('alone_stopped', alone);
    const folder = await createRunFolder(config);
    expect(await train(config, folder, null, silentDisplay(), stopAtLook(4))).toBe(false);
    const { offlineSteps } = (await latest(folder)).progress;
    expect(offlineSteps).toBeGreaterThan(0);
    expect(readRun(folder.path).results).toMatchObject(updates(offlineSteps));
    expect(listed('alone_stopped')).toMatchObject({
      offline_steps: offlineSteps,
      total_offline_steps: 30,
      total_env_steps: 0,
    });
  });

  it('counts no env steps where a task only evaluates', async () => {
    const { path } = await trained(iqlConfig('with_task', offline));
    const { best, ...results } = readRun(path).results;
    expect(results).toMatchObject(updates(30));
    expect(best?.steps).toBe(30);
  });

  it('counts cloning where there is nothing else', async () => {
    const config = tinyConfig(workspace, ['train.phases=[clone]', 'logger.exp_name=cloned']);
    const folder = await trained(config);
    const done = { cloneSteps: 20, offlineSteps: 0, envSteps: 0 };
    expect(readRun(folder.path).results).toMatchObject(done);
    expect(runsTable([listed('cloned')])).toMatch(
      /│ cloning updates │.*\n.*\n│ cloned +│ finished │ +20 \/ 20 │/,
    );
    const checkpoint = await latest(folder);
    expect(() => checkUnfinished('here', checkpoint, config)).toThrow(
      'it has made all its 20 cloning updates',
    );
  });

  it('names as changes what somebody chose: no horizon, and no length, which has a column', async () => {
    await trained(iqlConfig('chosen', alone));
    expect(Object.keys(listed('chosen').overrides)).not.toContain('env.max_episode_steps');
    expect(Object.keys(listed('chosen').overrides)).not.toContain('train.offline_steps');
    expect(listed('chosen').overrides).toMatchObject({ 'network.observations': null });
  });

  it('lets a sweep skip what is trained, and count what is left', async () => {
    const point = (name: string, steps: number) => {
      const config = iqlConfig(name, [...alone, `train.offline_steps=${steps}`]);
      return { name, values: {}, recipe: 'r.yml', overrides: [], config };
    };
    await trained(iqlConfig('swept', alone));
    const planned = await planSweep(workspace, [point('swept', 30), point('new', 60)], '');
    expect(planned.map(({ action }) => action)).toEqual(['skip', 'start']);
    const { seconds } = readRun(join(workspace, 'swept')).results;
    const estimated = estimateSeconds(planned.slice(1), 1, workspace)!;
    expect(seconds).toBeGreaterThan(0);
    expect(estimated.seconds).toBeGreaterThan(0);
    const [longer] = await planSweep(workspace, [point('swept', 60)], '');
    expect(longer.action).toBe('resume');
    expect(estimateSeconds([longer], 1, workspace)!.seconds).toBeCloseTo(estimated.seconds / 2);
  });

  it('says at once that its policy can not collect: there is no task', async () => {
    const { path } = await trained(iqlConfig('no_collecting', alone));
    const said = rememberSaid();
    const collected = collectCommand().parseAsync([path, 'save_video=1'], { from: 'user' });
    await expect(collected).rejects.toThrow('the policy was learnt from data alone');
    vi.restoreAllMocks();
    expect(said.text).toBe('');
    expect(existsSync(join(path, 'eval_videos'))).toBe(false);
  });
});

describe('clone, offline and online, one after another', () => {
  const words = ['train.phases=[clone, offline, online]', 'train.offline_steps=40', 'train.steps=80'];

  it('are trained in turn, evaluated between, and resumed exactly', async () => {
    const whole = await trained(tinyConfig(workspace, [...words, 'logger.exp_name=three']));
    const finished = await latest(whole);
    const { progress } = finished;
    const made = { cloneSteps: 20, offlineSteps: 40, envSteps: 80 };
    expect(progress).toMatchObject(made);
    expect(readRun(whole.path).results).toMatchObject(made);
    rmSync(checkpointPath(whole.modelsPath, 'latest'));
    expect(readRun(whole.path).results).toMatchObject(made);
    const evaluated = progress.evaluations.map(({ envSteps }) => envSteps);
    expect(evaluated).toEqual([0, 40, 80, 120]);

    const config = tinyConfig(workspace, [...words, 'logger.exp_name=three_stopped']);
    const folder = await createRunFolder(config);
    expect(await train(config, folder, null, silentDisplay(), stopAtLook(9))).toBe(false);
    const stopped = await latest(folder);
    expect(await train(config, folder, stopped, silentDisplay(), NEVER_STOP)).toBe(true);
    expect(comparable(await latest(folder))).toEqual(comparable(finished));
  });
});

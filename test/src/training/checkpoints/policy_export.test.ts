import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import onnxProto from 'onnx-proto';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeEnvironment } from '../../../../envs/registry.js';
import { toEnvironmentActions } from '../../../../src/buffers/action_scale.js';
import { taskSpecOf } from '../../../../src/config/task.js';
import { ManiSkillDataset } from '../../../../src/datasets/formats/maniskill/reader.js';
import type { ActionChoice } from '../../../../src/learner/agent.js';
import { RandomStream } from '../../../../src/rng.js';
import { NEVER_STOP } from '../../../../src/stop_signal.js';
import { checkpointPath, loadCheckpoint } from '../../../../src/training/checkpoints/checkpoint.js';
import { policyPath } from '../../../../src/training/checkpoints/policy_export.js';
import { createAgent } from '../../../../src/training/create_agent.js';
import { createRunFolder, type RunFolder, withRunName } from '../../../../src/training/folder/run_folder.js';
import { train } from '../../../../src/training/train.js';
import { packageFacts } from '../../../../src/version.js';
import { folderOfTest } from '../../../temporary_folder.js';
import { demoFixture } from '../../datasets/formats/maniskill/fixtures.js';
import { silentDisplay, tinyConfig } from '../tiny_run.js';

const OBSERVATION_DIM = 42;
const ACTION_DIM = 8;

let workspace: string;
beforeEach(() => {
  workspace = folderOfTest();
});

async function trained(overrides: readonly string[]): Promise<RunFolder> {
  const config = tinyConfig(workspace, overrides);
  const folder = await createRunFolder(config);
  await train(config, folder, null, silentDisplay(), NEVER_STOP);
  return folder;
}

const demos = await ManiSkillDataset.open(demoFixture('pick_cube'));
const recorded = [...demos.trajectories()].flatMap(({ observations }) => [...observations]);
demos.close();

/** The agent of a checkpoint and the model beside it. */
async function bothPolicies(folder: RunFolder, name: string) {
  const checkpoint = await loadCheckpoint(checkpointPath(folder.modelsPath, name));
  const spec = taskSpecOf(checkpoint.config)!;
  const agent = await createAgent(checkpoint.config, checkpoint.config.algo, spec, spec);
  await agent.setState(checkpoint.agent);
  const session = await InferenceSession.create(policyPath(folder.modelsPath, name));
  return {
    checkpoint,
    session,
    /** Both answers to the first `rows` recorded observations. */
    async answers(rows: number, choice: ActionChoice = 'mode') {
      const observations = Float32Array.from(recorded.slice(0, rows * OBSERVATION_DIM));
      const wanted = new Float32Array(rows * ACTION_DIM);
      await agent.act(observations, wanted, choice);
      if (checkpoint.actionScale) toEnvironmentActions(wanted, checkpoint.actionScale);
      const feed = new Tensor('float32', observations, [rows, OBSERVATION_DIM]);
      const found = await session.run({ observation: feed });
      const data = (output: string) => found[output].data as Float32Array;
      return {
        wanted,
        dims: found['action'].dims,
        action: data('action'),
        mean: data('mean'),
        logStd: data('log_std'),
      };
    },
    close: () => Promise.all([agent.dispose(), session.release()]),
  };
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i])), 0);
}

function readModel(path: string) {
  const model = onnxProto.onnx.ModelProto.decode(readFileSync(path));
  const metadata = Object.fromEntries(model.metadataProps.map(({ key, value }) => [key!, value!]));
  return { model, metadata };
}

describe('an exported policy', () => {
  it.each([
    ['as it is', []],
    ['with layer norm', ['network.actor.arch_cfg.use_layer_norm=True']],
    ['with relations', ['network.relations=[extra.*]']],
    ['with an action scale', ['train.data_action_scale=1.5']],
    ['on an eager backend', ['train.backend=cpu', 'train.steps=32', 'train.bc_warm_start_steps=2']],
  ])('%s acts as the agent does, for any number of observations', async (_, overrides) => {
    const folder = await trained(overrides);
    const both = await bothPolicies(folder, 'latest');
    expect(both.session.inputNames).toEqual(['observation']);
    expect(both.session.outputNames).toEqual(['action', 'mean', 'log_std']);
    for (const rows of [1, 7, 100]) {
      const { wanted, dims, action } = await both.answers(rows);
      expect(dims).toEqual([rows, ACTION_DIM]);
      expect(wanted.some((value) => Math.abs(value) > 0.01 && Math.abs(value) < 0.6)).toBe(true);
      expect(largestDifference(wanted, action)).toBeLessThan(1e-5);
    }
    await both.close();
  });

  it('gives what the agent makes its samples of', async () => {
    const folder = await trained(['train.data_action_scale=1.5']);
    const both = await bothPolicies(folder, 'latest');
    const { actionScale } = both.checkpoint;
    const noise = new Float32Array(7 * ACTION_DIM);
    new RandomStream(0).fillNormal(noise);
    const { wanted, mean, logStd } = await both.answers(7, noise);
    const samples = mean.map(
      (value, i) => Math.tanh(value + Math.exp(logStd[i]) * noise[i]) / actionScale![i % ACTION_DIM],
    );
    expect(Math.max(...actionScale!)).toBeGreaterThan(1.1);
    expect(largestDifference(wanted, samples)).toBeLessThan(1e-5);
    await both.close();
  });

  it('stands beside every checkpoint and says where it is from', async () => {
    const folder = await trained(['train.data_action_scale=1.5']);
    const files = readdirSync(folder.modelsPath).sort();
    const checkpoints = files.filter((file) => file.endsWith('.safetensors'));
    expect(checkpoints.length).toBe(4);
    const policies = checkpoints.map((file) => file.replace('.safetensors', '.policy.onnx'));
    expect(files).toEqual([...checkpoints, ...policies].sort());

    const { metadata } = readModel(policyPath(folder.modelsPath, 'latest'));
    const { progress, actionScale } = await loadCheckpoint(checkpointPath(folder.modelsPath, 'latest'));
    const options = { controlMode: 'pd_joint_delta_pos', rewardMode: 'sparse' } as const;
    const env = await makeEnvironment('PickCube-v1', options);
    expect(metadata).toEqual({
      format: 'rlpd-policy',
      rlpd_version: packageFacts().version,
      algorithm: 'rlpd',
      env_id: 'PickCube-v1',
      robot: 'panda',
      control_mode: 'pd_joint_delta_pos',
      obs_mode: 'state',
      observation_shape: '[42]',
      observation_layout: JSON.stringify(env.spec.observationLayout),
      action_shape: '[8]',
      distribution: 'tanh_gaussian',
      action_scale: JSON.stringify([...actionScale!]),
      env_steps: '160',
      gradient_steps: String(progress.gradientSteps),
      config_sha256: createHash('sha256').update(readFileSync(folder.configPath)).digest('hex'),
    });
    env.close();
    expect(readModel(policyPath(folder.modelsPath, 'ckpt_80')).metadata['env_steps']).toBe('80');
  });

  it("of a run that was renamed names that run's own configuration", async () => {
    const config = tinyConfig(workspace, ['train.steps=40', 'train.bc_warm_start_steps=2']);
    await createRunFolder(config);
    const folder = await createRunFolder(config);
    await train(withRunName(config, folder.name), folder, null, silentDisplay(), NEVER_STOP);
    const { metadata } = readModel(policyPath(folder.modelsPath, 'latest'));
    const file = readFileSync(folder.configPath);
    expect(file.toString()).toContain('exp_name: tiny_1');
    expect(metadata['config_sha256']).toBe(createHash('sha256').update(file).digest('hex'));
  });

  it('uses only operators of the standard domain, version 17, and a free batch dimension', async () => {
    const folder = await trained(['network.actor.arch_cfg.use_layer_norm=True']);
    const { model } = readModel(policyPath(folder.modelsPath, 'latest'));
    expect(model.opsetImport.map(({ domain, version }) => [domain, Number(version)])).toEqual([['', 17]]);
    expect(model.graph!.node!.filter(({ domain }) => domain)).toEqual([]);
    const ports = [...model.graph!.input!, ...model.graph!.output!];
    expect(ports.map(({ name }) => name)).toEqual(['observation', 'action', 'mean', 'log_std']);
    for (const { type } of ports) expect(type!.tensorType!.shape!.dim![0].dimParam).toBe('N');
  });
});

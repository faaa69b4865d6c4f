import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeEnvironment } from '../../../envs/registry.js';
import { type CollectRequest, collectDemos } from '../../../src/collect/collect_demos.js';
import { ManiSkillDataset } from '../../../src/datasets/formats/maniskill/reader.js';
import { verifyDataset } from '../../../src/datasets/registry.js';
import { hashSeed, streamSeed } from '../../../src/rng.js';
import { NEVER_STOP } from '../../../src/stop_signal.js';
import {
  checkpointPath,
  type LoadedCheckpoint,
  loadCheckpoint,
} from '../../../src/training/checkpoints/checkpoint.js';
import { loadFromPath } from '../../../src/training/dataset/load_from_path.js';
import { createRunFolder } from '../../../src/training/folder/run_folder.js';
import { train } from '../../../src/training/train.js';
import { folderOfTests } from '../../temporary_folder.js';
import { silentDisplay, stopAtLook, tinyConfig } from '../training/tiny_run.js';

const ENV_ID = 'PickCube-v1';
const CONTROL_MODE = 'pd_joint_delta_pos';
const STEPS = 12;

const folder = folderOfTests();
let checkpoint: LoadedCheckpoint;

beforeAll(async () => {
  const overrides = [
    'train.steps=16',
    'train.data_action_scale=1.5',
    'eval.num_videos=0',
    `env.max_episode_steps=${STEPS}`,
  ];
  const config = tinyConfig(folder, overrides);
  const run = await createRunFolder(config);
  await train(config, run, null, silentDisplay(), NEVER_STOP);
  checkpoint = await loadCheckpoint(checkpointPath(run.modelsPath, 'latest'));
});

async function collect(name: string, changes: Partial<CollectRequest> = {}) {
  const outputPath = join(folder, name, 'trajectory.h5');
  const collected = await collectDemos({
    checkpoint,
    outputPath,
    overwrite: false,
    rewardMode: 'normalized_dense',
    numEnvs: 3,
    numEpisodes: 5,
    seed: 7,
    deterministic: true,
    onlySuccesses: false,
    ...changes,
  });
  return { collected, outputPath };
}

async function read(path: string) {
  const dataset = await ManiSkillDataset.open(path);
  try {
    return [...dataset.trajectories()];
  } finally {
    dataset.close();
  }
}

describe('collecting with a policy', () => {
  it("writes sound episodes, which replay from their seeds to the policy's own actions", async () => {
    const { collected, outputPath } = await collect('sound');
    expect(collected).toMatchObject({ ending: 'complete', kept: 5, attempts: { episodes: 5 } });
    expect(await verifyDataset(outputPath)).toMatchObject({
      episodes: 5,
      steps: 5 * STEPS,
      fileProblems: [],
      episodeProblems: new Map(),
    });
    const environment = await makeEnvironment(ENV_ID, {
      controlMode: CONTROL_MODE,
      rewardMode: 'normalized_dense',
      maxEpisodeSteps: STEPS,
    });
    const observation = new Float32Array(42);
    for (const { episodeId, seed, observations, actions, rewards, truncated } of await read(outputPath)) {
      expect(seed).toBe(hashSeed(streamSeed(7, 'collect'), episodeId));
      environment.reset(seed!, observation);
      for (let step = 0; step < STEPS; step++) {
        expect(observation).toEqual(observations.slice(step * 42, (step + 1) * 42));
        const outcome = environment.step(actions.slice(step * 8, (step + 1) * 8), observation);
        expect(rewards![step]).toBe(Math.fround(outcome.reward));
      }
      expect(truncated.indexOf(1)).toBe(STEPS - 1);
    }
    environment.close();
  });

  it('says in the json which policy it was', async () => {
    const { outputPath } = await collect('described', { deterministic: false });
    const json = JSON.parse(readFileSync(outputPath.replace(/h5$/, 'json'), 'utf8'));
    expect(json).toMatchObject({
      source_type: 'rl',
      source_desc: `sampled actions of run tiny, latest.safetensors (${checkpoint.hash}) after 16 env steps`,
      generator: { name: 'rlpd', checkpoint: { run: 'tiny', env_steps: 16 }, deterministic: false, seed: 7 },
      env_info: { env_id: ENV_ID, max_episode_steps: STEPS },
    });
  });

  it('can be trained on', async () => {
    const { outputPath } = await collect('trainable');
    const { buffer, summary } = await loadFromPath(outputPath, {
      task: { envId: ENV_ID, controlMode: CONTROL_MODE, observationDim: 42, actionDim: 8 },
      rewardMode: 'normalized_dense',
      numDemos: 5,
      shuffle: true,
      skipFailed: false,
      judgedBy: 'success_at_end',
      topShare: 1,
      dataActionScale: null,
      seed: 0,
    });
    expect(buffer.size).toBe(5 * STEPS);
    // extra.is_grasped: an untrained policy grasps nothing.
    expect(summary.notes).toEqual(['the same in all of its observations: number 18 (0)']);
    const config = tinyConfig(folder, [
      `train.dataset_path=${outputPath}`,
      'train.steps=16',
      'logger.exp_name=again',
      'eval.num_videos=0',
    ]);
    expect(await train(config, await createRunFolder(config), null, silentDisplay(), NEVER_STOP)).toBe(true);
  });

  it.each([true, false])('is the same for any number of environments (deterministic: %s)', async (mode) => {
    const options = { numEpisodes: 10, deterministic: mode };
    const [one, three, ten] = [
      await collect(`one_${mode}`, { ...options, numEnvs: 1 }),
      await collect(`three_${mode}`, { ...options, numEnvs: 3 }),
      await collect(`ten_${mode}`, { ...options, numEnvs: 10 }),
    ];
    const wanted = await read(one.outputPath);
    expect(wanted).toHaveLength(10);
    expect(await read(three.outputPath)).toEqual(wanted);
    expect(await read(ten.outputPath)).toEqual(wanted);
  });

  it('samples actions anew for each episode and seed', async () => {
    const mode = await read((await collect('mode')).outputPath);
    const sampled = await read((await collect('sampled', { deterministic: false })).outputPath);
    const again = await read((await collect('again', { deterministic: false })).outputPath);
    const other = await read((await collect('other', { deterministic: false, seed: 8 })).outputPath);
    expect(again).toEqual(sampled);
    expect(sampled[0].observations.slice(0, 42)).toEqual(mode[0].observations.slice(0, 42));
    const spread = sampled[0].actions.map((value, i) => Math.abs(value - mode[0].actions[i]));
    expect(Math.max(...spread)).toBeGreaterThan(0.05);
    expect(other[0].observations).not.toEqual(sampled[0].observations);
  });

  it('keeps the finished episodes of an interrupted run, or leaves nothing', async () => {
    const { collected, outputPath } = await collect('interrupted', { signal: stopAtLook(2 * STEPS) });
    expect(collected).toMatchObject({ ending: 'interrupted', kept: 3 });
    expect((await verifyDataset(outputPath)).episodes).toBe(3);
    expect((await verifyDataset(outputPath)).fileProblems).toEqual([]);
    expect(readdirSync(join(folder, 'interrupted')).sort()).toEqual(['trajectory.h5', 'trajectory.json']);

    const early = await collect('early', { signal: stopAtLook(STEPS) });
    expect(early.collected).toMatchObject({ ending: 'interrupted', kept: 0 });
    expect(readdirSync(join(folder, 'early'))).toEqual([]);
  });

  it('gives up on successes of a policy that has none, and leaves nothing', async () => {
    const short = structuredClone(checkpoint);
    short.config.env.max_episode_steps = 1;
    const { collected, outputPath } = await collect('hopeless', { checkpoint: short, onlySuccesses: true });
    expect(collected).toMatchObject({ ending: 'gave up', kept: 0, attempts: { episodes: 200 } });
    expect(existsSync(outputPath)).toBe(false);
  });

  it('replaces nothing unasked', async () => {
    await collect('twice');
    await expect(collect('twice')).rejects.toThrow(/trajectory\.h5 exists already/);
    await collect('twice', { overwrite: true, numEpisodes: 1 });
    expect(await read(join(folder, 'twice', 'trajectory.h5'))).toHaveLength(1);
  });

  it('refuses a policy of other sizes than the task', async () => {
    const foreign = structuredClone(checkpoint);
    foreign.config.env.env_kwargs.control_mode = 'pd_ee_delta_pose';
    await expect(collect('foreign', { checkpoint: foreign })).rejects.toThrow(
      /latest\.safetensors does not fit .* PickCube-v1 in pd_ee_delta_pose \(42 numbers observed, 7 acted\): tensor/,
    );
  });
});

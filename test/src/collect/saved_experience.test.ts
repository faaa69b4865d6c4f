import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ReplayBuffer } from '../../../src/buffers/replay_buffer.js';
import { main } from '../../../src/cli.js';
import { savedExperience } from '../../../src/collect/saved_experience.js';
import { ManiSkillDataset } from '../../../src/datasets/formats/maniskill/reader.js';
import { verifyDataset } from '../../../src/datasets/registry.js';
import { NEVER_STOP } from '../../../src/stop_signal.js';
import {
  checkpointPath,
  type LoadedCheckpoint,
  loadCheckpoint,
  saveCheckpoint,
} from '../../../src/training/checkpoints/checkpoint.js';
import { createRunFolder } from '../../../src/training/folder/run_folder.js';
import { train } from '../../../src/training/train.js';
import { rememberSaid } from '../../said.js';
import { folderOfTests } from '../../temporary_folder.js';
import { silentDisplay, tinyConfig } from '../training/tiny_run.js';

const STEPS = 12;
const folder = folderOfTests();
let runPath: string;
let checkpoint: LoadedCheckpoint;

beforeAll(async () => {
  const config = tinyConfig(folder, ['train.steps=64', `env.max_episode_steps=${STEPS}`]);
  const run = await createRunFolder(config);
  runPath = run.path;
  await train(config, run, null, silentDisplay(), NEVER_STOP);
  checkpoint = await loadCheckpoint(checkpointPath(run.modelsPath, 'latest'));
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** A checkpoint whose buffer of `capacity` rows has seen `steps` steps of two environments, cut off after every third one. */
function checkpointOf(capacity: number, steps: number): LoadedCheckpoint {
  const buffer = new ReplayBuffer({ capacity, numEnvs: 2, observationDim: 1, actionDim: 1 });
  for (let step = 0; step < steps; step++) {
    buffer.add({
      observations: Float32Array.of(step, 100 + step),
      actions: Float32Array.of(0.5, -0.5),
      // Success is learnt from as 7, its absence as −3.
      rewards: Float32Array.of(step % 3 === 2 ? 7 : -3, -3),
      nextObservations: Float32Array.of(step + 0.5, 100.5 + step),
      terminated: new Uint8Array(2),
      truncated: new Uint8Array(2).fill(step % 3 === 2 ? 1 : 0),
    });
  }
  const { config } = checkpoint;
  return {
    ...checkpoint,
    config: { ...config, train: { ...config.train, replay_buffer_capacity: capacity } },
    sizes: { observationDim: 1, actionDim: 1 },
    actionScale: Float32Array.of(2),
    rewardScaling: { scale: 10, shift: -3 },
    replay: buffer.getState(),
  };
}

describe('saved experience', () => {
  it("has the whole episodes, with the task's actions and rewards", () => {
    const { episodes, stepsLeftOut } = savedExperience(checkpointOf(100, 7));
    expect(stepsLeftOut).toBe(2);
    expect(episodes.map(({ observations }) => [...observations])).toEqual([
      [0, 1, 2, 2.5],
      [100, 101, 102, 102.5],
      [3, 4, 5, 5.5],
      [103, 104, 105, 105.5],
    ]);
    expect(episodes.map(({ actions }) => [...actions])).toEqual([
      [0.25, 0.25, 0.25],
      [-0.25, -0.25, -0.25],
      [0.25, 0.25, 0.25],
      [-0.25, -0.25, -0.25],
    ]);
    const [first, second] = episodes;
    expect([first.rewards, first.success, first.terminated, first.truncated].map((row) => [...row!])).toEqual(
      [
        [0, 0, 1],
        [0, 0, 1],
        [0, 0, 1],
        [0, 0, 1],
      ],
    );
    expect([...second.success]).toEqual([0, 0, 0]);
  });

  it('leaves out an episode whose beginning was overwritten', () => {
    const { episodes, stepsLeftOut } = savedExperience(checkpointOf(10, 9));
    expect(episodes.map(({ observations }) => observations[0])).toEqual([6, 106]);
    expect(stepsLeftOut).toBe(4);
  });

  it('refuses what has none, and rewards that do not tell success', () => {
    expect(() => savedExperience({ ...checkpoint, replay: null })).toThrow(
      'has no experience: it is saved in',
    );
    const { config } = checkpoint;
    const dense = { ...config.env.env_kwargs, reward_mode: 'normalized_dense' as const };
    const other = { ...config, env: { ...config.env, env_kwargs: dense } };
    expect(() => savedExperience({ ...checkpoint, config: other })).toThrow("which don't tell success");
  });
});

describe('data experience', () => {
  it('writes a sound dataset of all that a training has tried', async () => {
    const said = rememberSaid();
    const output = join(folder, 'experience.h5');
    expect(await main(['data', 'experience', runPath, '--output', output])).toBe(0);
    expect(said.text).toContain('experience.h5: 4 episodes');
    expect(said.text).toContain('16 steps of episodes that are not whole were left out');
    expect(await verifyDataset(output)).toMatchObject({
      episodes: 4,
      steps: 4 * STEPS,
      fileProblems: [],
      episodeProblems: new Map(),
    });
    const dataset = await ManiSkillDataset.open(output);
    const [first] = [...dataset.trajectories()];
    dataset.close();
    const { observations, actions } = checkpoint.replay!.chunks[0];
    expect(first.observations.slice(0, 42)).toEqual(observations.slice(0, 42));
    // Two environments take turns in the rows of the buffer.
    expect(first.actions.slice(8, 16)).toEqual(actions.slice(16, 24));
  });

  it('writes the newest episodes alone, and none over others', async () => {
    const said = rememberSaid();
    const output = join(folder, 'newest.h5');
    const words = ['data', 'experience', runPath, '--output', output, '--num-episodes', '2'];
    expect(await main(words)).toBe(0);
    expect(said.text).toContain('newest.h5: 2 episodes');
    expect(await main(words)).toBe(1);
    expect(said.text).toContain('newest.h5 exists already');
  });

  it('says where experience is kept if a checkpoint has none', async () => {
    const said = rememberSaid();
    const path = join(folder, 'bare.safetensors');
    await saveCheckpoint(path, { ...checkpoint, replay: null });
    expect(await main(['data', 'experience', path, '--output', join(folder, 'none.h5')])).toBe(1);
    expect(said.text).toContain(
      'train.save_buffer_in_checkpoints=True, in models/latest and models/ckpt_<steps>',
    );
  });
});

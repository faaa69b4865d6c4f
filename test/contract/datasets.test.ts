import { cpSync, mkdirSync, statSync, truncateSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDemonstrations } from '../../src/buffers/demo_buffer.js';
import { allocateBatches } from '../../src/buffers/transitions.js';
import { arrayDataset } from '../../src/datasets/array_dataset.js';
import { rowText, withNames } from '../../src/datasets/column.js';
import type { Dataset } from '../../src/datasets/dataset.js';
import type { Episode } from '../../src/datasets/episode.js';
import { EpisodeChecks } from '../../src/datasets/episode_checks.js';
import { DATASET_FORMATS, formatOf, openDataset, verifyDataset } from '../../src/datasets/registry.js';
import { problemsOf } from '../../src/datasets/verification.js';
import { UserError } from '../../src/errors.js';
import { WITHOUT_TASK } from '../src/buffers/demo_options.js';
import { folderOfTests } from '../temporary_folder.js';

/** A sound dataset to learn from, for each format. */
const PATHS: Record<string, string> = {
  ManiSkill: 'test/fixtures/demos/pick_cube.h5',
  Minari: 'test/fixtures/minari/pendulum',
  robomimic: 'test/fixtures/robomimic/low_dim.hdf5',
  D4RL: 'test/fixtures/d4rl/hopper.hdf5',
  LeRobot: 'test/fixtures/lerobot/arm',
  Recording: 'test/fixtures/recording',
  RLDS: 'test/fixtures/rlds/point_vector/dense/0.1.0',
  'RL Unplugged': 'test/fixtures/rl_unplugged/dm_control_suite/cartpole_swingup',
  EnvLogger: 'test/fixtures/envlogger/default',
};

/** More sound datasets of these formats, that are stored otherwise. */
const ALSO: [format: string, path: string][] = [
  ['Minari', 'test/fixtures/minari/pendulum_arrow'],
  ['Minari', 'test/fixtures/minari/reach_parquet'],
  ['LeRobot', 'test/fixtures/lerobot/state_only_v21'],
  ['LeRobot', 'test/fixtures/lerobot/images'],
  ['RLDS', 'test/fixtures/rlds/arm_oxe/1.2.0'],
  ['RLDS', 'test/fixtures/rlds/envlogger'],
  ['RL Unplugged', 'test/fixtures/rl_unplugged/dm_locomotion/humanoid_walls/seq40'],
  ['RL Unplugged', 'test/fixtures/rl_unplugged/atari/Pong'],
  ['EnvLogger', 'test/fixtures/envlogger/uncompressed'],
];

const arrays = () =>
  arrayDataset([
    { observations: [[1], [2], [3]], actions: [[0.5], [1]], rewards: [0, 1], terminated: [0, 1], seed: 3 },
    { observations: [[1], [2]], actions: [[-0.5]], rewards: [2], truncated: [1] },
  ]);

const SOURCES: [name: string, open: () => Promise<Dataset>][] = [
  ...Object.entries(PATHS).map(([name, path]): [string, () => Promise<Dataset>] => [
    name,
    () => openDataset(path),
  ]),
  ['Minari in Arrow', () => openDataset('test/fixtures/minari/pendulum_arrow')],
  ['D4RL without next observations', () => openDataset('test/fixtures/d4rl/chain_edges.hdf5')],
  ['arrays in memory', async () => arrays()],
];

async function allOf(dataset: Dataset): Promise<Episode[]> {
  const episodes: Episode[] = [];
  for await (const episode of dataset.episodes()) episodes.push(episode);
  return episodes;
}

/** All that an episode holds, to be compared. */
async function contentsOf({ extras, ...episode }: Episode) {
  return { ...episode, extras: await extras() };
}

it('every registered format is tried here', () => {
  expect(Object.keys(PATHS).sort()).toEqual(DATASET_FORMATS.map(({ name }) => name).sort());
});

describe.each(SOURCES)('%s', (_, open) => {
  let dataset: Dataset;
  let episodes: Episode[];
  beforeAll(async () => {
    dataset = await open();
    episodes = await allOf(dataset);
  });
  afterAll(() => dataset.close());

  it('has the episodes that its head names, each once', () => {
    const { ids, totals, problems } = dataset.head;
    expect(episodes.map(({ id }) => id)).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(totals.episodes ?? ids.length).toBe(ids.length);
    const steps = episodes.reduce((sum, { length }) => sum + length, 0);
    expect(totals.steps ?? steps).toBe(steps);
    expect(problems).toEqual([]);
  });

  it('has T + 1 observations, or T where it says so, and T of all else, as it declares them', () => {
    const checks = new EpisodeChecks(dataset.head, dataset.learningRules('sparse'));
    for (const episode of episodes) {
      expect(episode.length).toBeGreaterThan(0);
      expect(checks.problemsOf(episode)).toEqual([]);
      const rows = episode.hasFinalObservation ? episode.length + 1 : episode.length;
      for (const column of episode.observations.values()) expect(column.shape[0]).toBe(rows);
      for (const column of episode.actions.values()) expect(column.shape[0]).toBe(episode.length);
    }
  });

  it('has columns of the same names, types and widths in all episodes', () => {
    const layouts = episodes.map(({ observations, actions }) =>
      [...withNames('observations', observations), ...withNames('actions', actions)].map(
        ([name, column]) => `${name} ${rowText(column)}`,
      ),
    );
    for (const layout of layouts) expect(layout).toEqual(layouts[0]);
  });

  it('says apart whether an episode terminated and whether it was cut off, by 0 and 1', () => {
    for (const { length, terminated, truncated, success } of episodes) {
      for (const flags of [terminated, truncated, success ?? terminated]) {
        expect(flags).toBeInstanceOf(Uint8Array);
        expect(flags).toHaveLength(length);
        expect(flags.every((flag) => flag <= 1)).toBe(true);
      }
      expect(terminated).not.toBe(truncated);
    }
  });

  it('gives the same when it is read again, in any order, and after it was closed', async () => {
    const again = await open();
    for (const index of [...episodes.keys()].reverse()) {
      const episode = await contentsOf(await again.episode(index));
      expect(episode).toEqual(await contentsOf(episodes[index]));
      const { id, seed, length, hasFinalObservation, terminated, truncated, success } = episode;
      const outcome = { id, seed, length, hasFinalObservation, terminated, truncated, success };
      expect(await again.outcome(index)).toMatchObject(outcome);
    }
    again.close();
    const { id } = await (await open()).episode(0);
    expect(id).toBe(episodes[0].id);
  });

  it.each([1, 3])(
    'fills a buffer whose discounts over %i steps are 0 exactly where its rules say so',
    async (nSteps) => {
      const { terminationEnds } = dataset.learningRules('sparse');
      const { buffer } = await loadDemonstrations(dataset, WITHOUT_TASK);
      const out = allocateBatches(1, buffer.size, buffer.size, buffer.observationDim, buffer.actionDim);
      buffer.copyInto(
        out,
        0,
        Int32Array.from({ length: buffer.size }, (__, row) => row),
        nSteps,
        0.5,
      );
      const expected = episodes.flatMap(({ length, terminated, hasFinalObservation }) => {
        const isKnown = hasFinalObservation || (terminationEnds && terminated.at(-1) === 1);
        const learnt = isKnown ? length : length - 1;
        return Array.from({ length: learnt }, (__, step) => {
          const steps = Math.min(nSteps, learnt - step);
          const ends = terminationEnds && terminated.subarray(step, step + steps).includes(1);
          return ends ? 0 : 0.5 ** steps;
        });
      });
      expect([...out.discounts]).toEqual(expected);
    },
  );
});

it("ManiSkill's demonstrations always count on, also after a success", async () => {
  const dataset = await openDataset(PATHS['ManiSkill']);
  expect(dataset.learningRules('sparse').terminationEnds).toBe(false);
  expect((await dataset.outcome(0)).terminated).toContain(1);
  dataset.close();
});

describe.each([...Object.entries(PATHS), ...ALSO])('%s: %s', (name, path) => {
  const folder = folderOfTests();

  it('is recognised, and sound', async () => {
    expect((await formatOf(path)).name).toBe(name);
    expect(problemsOf(await verifyDataset(path))).toEqual([]);
  });

  it('is refused with a message where a file of it is cut off', async () => {
    const isFile = statSync(path).isFile();
    const root = isFile ? dirname(path) : path;
    for (const [kind, file] of (await formatOf(path)).files(path)) {
      const copies = join(folder, kind);
      for (const source of (await formatOf(path)).files(path).values()) {
        const target = join(copies, relative(root, source));
        mkdirSync(dirname(target), { recursive: true });
        cpSync(source, target);
      }
      const copy = join(copies, relative(root, file));
      truncateSync(copy, statSync(copy).size >> 1);
      const read = async () => {
        const dataset = await openDataset(isFile ? join(copies, basename(path)) : copies);
        await allOf(dataset);
      };
      await expect(read()).rejects.toThrow(UserError);
      await expect(read()).rejects.toThrow(basename(file));
    }
  });
});

it('a path that holds no dataset is refused, with the formats there are', async () => {
  const known = new RegExp(DATASET_FORMATS.map(({ name }) => name).join('.*'));
  for (const path of ['README.md', 'src', 'nowhere']) {
    await expect(openDataset(path)).rejects.toThrow(UserError);
    await expect(openDataset(path)).rejects.toThrow(known);
    await expect(openDataset(path)).rejects.toThrow(path);
  }
});

import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Column, withNames } from '../../../../../src/datasets/column.js';
import type { Episode } from '../../../../../src/datasets/episode.js';
import { datasetInfo } from '../../../../../src/datasets/info.js';
import { openDataset, verifyDataset } from '../../../../../src/datasets/registry.js';
import { problemsOf } from '../../../../../src/datasets/verification.js';
import { UserError } from '../../../../../src/errors.js';
import { loadFromPath } from '../../../../../src/training/dataset/load_from_path.js';
import { folderOfTests } from '../../../../temporary_folder.js';
import { WITHOUT_TASK } from '../../../buffers/demo_options.js';
import { digestOf } from '../../digest.js';
import { type MinariFiles, soundMinari, writeMinari } from './write_minari.js';

const FIXTURES = 'test/fixtures/minari';
const folder = folderOfTests();

type Expected = Record<string, [dtype: string, shape: number[], sha256: string]>;
const expected: Record<string, Expected[]> = JSON.parse(readFileSync(`${FIXTURES}/expected.json`, 'utf8'));

/** All columns of an episode, under minari's names. */
async function columnsOf(episode: Episode): Promise<Map<string, Column>> {
  const { length, observations, actions, rewards, terminated, truncated } = episode;
  return new Map<string, Column>([
    ...withNames('observations', observations),
    ...withNames('actions', actions),
    ['rewards', rewards!],
    ['terminations', { dtype: 'bool', shape: [length], data: terminated }],
    ['truncations', { dtype: 'bool', shape: [length], data: truncated }],
    ...(await episode.extras()),
  ]);
}

describe("minari's own files", () => {
  test.each(Object.keys(expected))('%s: every array is that which minari reads', async (name) => {
    const dataset = await openDataset(`${FIXTURES}/${name}`);
    for (const [index, arrays] of expected[name].entries()) {
      const columns = await columnsOf(await dataset.episode(index));
      const found = [...columns].map(([path, column]) => [
        path,
        [column.dtype, column.shape, digestOf(column)],
      ]);
      expect(Object.fromEntries(found)).toEqual(arrays);
    }
    dataset.close();
  });

  test('are found by their folder, the folder data within, and the HDF5 file', async () => {
    for (const path of ['', '/data', '/data/main_data.hdf5']) {
      const { format, files, episodes } = await datasetInfo(`${FIXTURES}/pendulum${path}`);
      expect([format, files.map(({ name }) => name), episodes]).toEqual(['Minari', ['hdf5', 'json'], 6]);
    }
  });

  test('with all kinds of spaces, and JPEGs of any length and of one length, are sound', async () => {
    const { columns, success, ...info } = await datasetInfo(`${FIXTURES}/reach`);
    expect(problemsOf(info)).toEqual([]);
    expect(info.notes).toContain(
      'no training takes it: observations/image holds pictures, which no network here sees yet',
    );
    expect(columns.get('observations/image')!.type).toEqual({ dtype: 'uint8', shape: [13, 32, 32, 3] });
    expect(success).toMatchObject({ known: 2 });
  });

  test('can be learnt from if their actions have bounds around 0', async () => {
    const { actionScale, buffer, summary } = await loadFromPath(`${FIXTURES}/pendulum`, WITHOUT_TASK);
    expect([buffer.size, buffer.observationDim, [...actionScale!]]).toEqual([144, 3, [0.5]]);
    expect(summary.notes).toEqual([
      "its actions are from -2 to 2; the policy's, in [-1, 1], stand for these",
    ]);
    await expect(loadFromPath(`${FIXTURES}/reach`, WITHOUT_TASK)).rejects.toThrow(
      /episode_0\/observations\/image holds pictures.*its observations are buttons int8 \[3, 3\], image uint8 \[32, 32, 3\], mission string/,
    );
  });
});

describe.each(['arrow', 'parquet'])('stored in %s', (storage) => {
  const changed = (change: (data: string) => void) => {
    const copy = mkdtempSync(join(folder, storage));
    cpSync(`${FIXTURES}/reach_${storage}`, copy, { recursive: true });
    change(join(copy, 'data'));
    return copy;
  };

  test('every kind of space is sound, and pictures are those of the HDF5 file', async () => {
    const { columns, success, files, ...info } = await datasetInfo(`${FIXTURES}/reach_${storage}`);
    expect(problemsOf(info)).toEqual([]);
    expect(files.map(({ name }) => name)).toContain(`0/part-0.${storage}`);
    expect(columns.get('observations/image')!.type).toEqual({ dtype: 'uint8', shape: [13, 32, 32, 3] });
    expect(success).toMatchObject({ known: 2 });
  });

  test('an episode without its metadata is read with a note', async () => {
    const path = changed((data) => rmSync(join(data, '1/metadata.json')));
    const dataset = await openDataset(path);
    expect(dataset.head.notes).toEqual([
      'without metadata.json, so that their seeds are not known: episode_1',
    ]);
    expect((await dataset.outcome(0)).seed).toBe(0n);
    expect((await dataset.outcome(1)).seed).toBeNull();
    dataset.close();
  });

  test('a file without its end, or of other steps than were counted, is a fault of its episode', async () => {
    const cut = changed((data) => truncateSync(join(data, `1/part-0.${storage}`), 6000));
    expect(problemsOf(await verifyDataset(cut))).toEqual([
      expect.stringMatching(/1\/part-0\.\w+: it lacks the end of an? \w+ file/),
    ]);
    const other = changed((data) => writeFileSync(join(data, '1/metadata.json'), '{"total_steps": 7}'));
    expect(problemsOf(await verifyDataset(other))).toEqual([
      expect.stringMatching(/1\/metadata\.json says 7 steps; .*1\/part-0\.\w+ has 12, by its rows/),
    ]);
  });

  test('an episode that is gone is named', async () => {
    const path = changed((data) => rmSync(join(data, '0'), { recursive: true }));
    expect(problemsOf(await verifyDataset(path))).toEqual([
      expect.stringMatching(/data: no episode_0$/),
      expect.stringMatching(/say 2 episodes; there are 1/),
    ]);
  });
});

test('Arrow files with LZ4 or Zstandard, or in several batches, hold what the plain one does', async () => {
  const dataset = await openDataset(`${FIXTURES}/pendulum_arrow`);
  const seeds: unknown[] = [];
  for await (const episode of dataset.episodes()) seeds.push(episode.seed);
  expect(seeds).toEqual([1n, 1n, 1n, 18446744073709551615n]);
  dataset.close();
  const { buffer, actionScale } = await loadFromPath(`${FIXTURES}/pendulum_arrow`, WITHOUT_TASK);
  expect([buffer.size, [...actionScale!]]).toEqual([96, [0.5]]);
});

test('episodes come by their numbers, with seeds of 64 bits', async () => {
  const dataset = await openDataset(await writeMinari(join(folder, 'twelve'), soundMinari(12)));
  expect(dataset.head.ids).toEqual(Array.from({ length: 12 }, (_, i) => `episode_${i}`));
  expect((await dataset.outcome(11)).seed).toBe(18446744073709551604n);
  dataset.close();
});

interface Case {
  change(files: MinariFiles): MinariFiles | Promise<MinariFiles>;
  problems: RegExp[];
  train: boolean;
}

const inMetadata = (change: Record<string, unknown>) => (files: MinariFiles) => ({
  ...files,
  metadata: { ...files.metadata, ...change },
});
const inEpisode = (change: MinariFiles['episodes'][string]) => (files: MinariFiles) => ({
  ...files,
  episodes: { ...files.episodes, episode_1: { ...files.episodes['episode_1'], ...change } },
});
const withoutEpisode = (files: MinariFiles) => {
  const { episode_1: _, ...episodes } = files.episodes;
  return { ...files, episodes };
};

const CASES: Record<string, Case> = {
  'whole numbers for rewards and flags': {
    change: inEpisode({
      rewards: { data: BigInt64Array.of(0n, 1n, 2n), shape: [3] },
      terminations: { data: BigInt64Array.of(0n, 0n, 1n), shape: [3] },
    }),
    problems: [],
    train: true,
  },
  'totals that are not those of the data': {
    change: inMetadata({ total_episodes: 7, total_steps: 999 }),
    problems: [/say 7 episodes; there are 3/, /say 999 steps; there are 9/],
    train: true,
  },
  'a space of another shape': {
    change: inMetadata({
      observation_space:
        '{"type": "Box", "dtype": "float32", "shape": [4], "low": [0, 0, 0, 0], "high": [1, 1, 1, 1]}',
    }),
    problems: [0, 1, 2].map(
      (i) => new RegExp(`episode_${i}/observations has rows of \\[2\\]; the metadata say \\[4\\]`),
    ),
    train: false,
  },
  'T observations instead of T + 1': {
    change: inEpisode({ observations: { data: new Float32Array(6), shape: [3, 2] } }),
    problems: [/episode_1\/observations has 3 rows; expected 4/],
    train: false,
  },
  'an episode that is gone': {
    change: withoutEpisode,
    problems: [/main_data.hdf5: no episode_1/, /say 3 episodes; there are 2/],
    train: false,
  },
  'an episode that neither terminated nor was truncated': {
    change: inEpisode({ truncations: { data: Int8Array.of(0, 0, 0), shape: [3] } }),
    problems: [],
    train: true,
  },
  'no spaces, as in old files': {
    change: inMetadata({ observation_space: undefined, action_space: undefined }),
    problems: [],
    train: true,
  },
  'a number that is none': {
    change: inEpisode({ actions: { data: Float32Array.of(0, Number.NaN, 0), shape: [3, 1] } }),
    problems: [/episode_1\/actions holds NaN at step 1/],
    train: false,
  },
  'a picture that is none': {
    change: (files) =>
      inMetadata({
        observation_space: JSON.stringify({
          type: 'Box',
          dtype: 'uint8',
          shape: [32, 32],
          low: Array(1024).fill(0),
          high: Array(1024).fill(255),
        }),
      })({
        ...files,
        episodes: {
          episode_0: {
            ...files.episodes['episode_0'],
            observations: { data: new Uint8Array(40), shape: [4, 10] },
          },
        },
        metadata: { ...files.metadata, total_episodes: 1, total_steps: 3 },
      }),
    problems: [/episode_0\/observations holds a picture at step 0 that can't be decoded: it is cut off/],
    train: false,
  },
};

test.each(Object.entries(CASES))('%s', async (name, { change, problems, train }) => {
  const path = await writeMinari(join(folder, name.replaceAll(/\W/g, '_')), await change(soundMinari()));
  const found = problemsOf(await verifyDataset(path));
  expect(found).toEqual(problems.map((problem) => expect.stringMatching(problem)));
  const training = loadFromPath(path, WITHOUT_TASK);
  if (train) await training;
  else await expect(training).rejects.toThrow(UserError);
});

const REFUSED: [
  name: string,
  change: (files: MinariFiles) => MinariFiles,
  missing: string | null,
  message: RegExp,
][] = [
  ['no metadata', (files) => files, 'metadata.json', /metadata\.json: no such file/],
  ['no data', (files) => files, 'main_data.hdf5', /main_data\.hdf5: no such file/],
  [
    'an unknown storage',
    inMetadata({ data_format: 'zarr' }),
    null,
    /metadata\.json: key "data_format": .*"hdf5"\|"arrow"\|"parquet"/,
  ],
  [
    'a space of no known kind',
    inMetadata({ action_space: '{"type": "Graph"}' }),
    null,
    /key "action_space": key "type"/,
  ],
  [
    'a space without all of its bounds',
    inMetadata({
      action_space: '{"type": "Box", "dtype": "float32", "shape": [2], "low": -1, "high": [1, 1]}',
    }),
    null,
    /key "action_space": at the top: expected a low and a high for each number/,
  ],
  [
    'a space that is cut off',
    inMetadata({ action_space: '{"type": ' }),
    null,
    /key "action_space": not valid JSON/,
  ],
];

test.each(REFUSED)('refused on opening: %s', async (name, change, missing, message) => {
  const path = await writeMinari(join(folder, `refused_${name.replaceAll(' ', '_')}`), change(soundMinari()));
  if (missing !== null) await rm(join(path, 'data', missing));
  await expect(openDataset(path)).rejects.toThrow(UserError);
  await expect(openDataset(path)).rejects.toThrow(message);
});

describe('a dataset of nested spaces', () => {
  const box = (size: number) => ({
    type: 'Box',
    dtype: 'float32',
    shape: [size],
    low: new Array(size).fill(-1),
    high: new Array(size).fill(1),
  });
  const rows = (count: number, width: number) => ({
    data: new Float32Array(count * width),
    shape: [count, width],
  });
  /** Names as people give them, in an order that is not that of the alphabet. */
  const nested = (): MinariFiles => {
    const files = soundMinari(1);
    const { observations: _, ...rest } = files.episodes['episode_0'];
    return {
      ...files,
      episodes: {
        episode_0: {
          ...rest,
          'observations/right_index_finger': rows(4, 3),
          'observations/joint_index_3': rows(4, 2),
          'observations/pair/_index_0': rows(4, 1),
        },
      },
      metadata: {
        ...files.metadata,
        observation_space: JSON.stringify({
          type: 'Dict',
          subspaces: {
            right_index_finger: box(3),
            pair: { type: 'Tuple', subspaces: [box(1)] },
            joint_index_3: box(2),
          },
        }),
      },
    };
  };

  test('keeps the names of keys, and the order of the spaces', async () => {
    const dataset = await openDataset(await writeMinari(join(folder, 'nested'), nested()));
    const { observations } = await dataset.episode(0);
    expect([...observations.keys()]).toEqual(['right_index_finger', 'pair/_0', 'joint_index_3']);
    dataset.close();
  });
});

test.each([
  ['numbers with a row for the reset', Float64Array.of(1, 0, 0, 2), [4], [0, 0, 1]],
  ['numbers of the steps alone', Float64Array.of(0, 1, 0), [3], [0, 1, 0]],
  ['something else', Float64Array.of(0, 1), [2], null],
])('success is taken from infos of %s', async (name, data, shape, found) => {
  const files = inEpisode({ 'infos/success': { data, shape } })(soundMinari());
  const dataset = await openDataset(await writeMinari(join(folder, name), files));
  const { success } = await dataset.outcome(1);
  expect(success && [...success]).toEqual(found);
  dataset.close();
});

test('data of another environment are refused, and what could not be checked is said', async () => {
  const path = await writeMinari(join(folder, 'task'), soundMinari());
  const task = { envId: 'Reach-v0', controlMode: 'pd' };
  await expect(openDataset(path, task)).rejects.toThrow(
    `${path} was recorded in Pendulum-v1; expected Reach-v0`,
  );
  const dataset = await openDataset(path, { ...task, envId: 'Pendulum-v1' });
  expect(dataset.head.notes).toEqual(["the metadata don't name its control mode: not checked"]);
  dataset.close();
});

test.each([
  [
    'no spaces',
    { observation_space: null, action_space: null },
    'from 0 to 2, a policy acts in [-1, 1], and no bounds around 0 are declared for them',
  ],
  [
    'bounds not around 0',
    { action_space: boxOf(-2, 3) },
    'from -2 to 3, a policy acts in [-1, 1], and their bounds are not around 0',
  ],
  [
    'bounds that the data leave',
    { action_space: boxOf(-1, 1) },
    'number 0 of its actions is from 0 to 2; the metadata say from -1 to 1',
  ],
])('with %s, training and verification agree on its actions', async (name, metadata, problem) => {
  const actions = { data: Float32Array.of(0, 1, 2), shape: [3, 1] };
  const files = inMetadata(metadata)(inEpisode({ actions })(soundMinari(2)));
  const path = await writeMinari(join(folder, name), {
    ...files,
    episodes: { episode_0: files.episodes['episode_1'] },
  });
  expect((await verifyDataset(path)).notes).toContainEqual(expect.stringContaining(problem));
  await expect(loadFromPath(path, WITHOUT_TASK)).rejects.toThrow(problem);
});

function boxOf(low: number, high: number): string {
  return JSON.stringify({ type: 'Box', dtype: 'float32', shape: [1], low: [low], high: [high] });
}

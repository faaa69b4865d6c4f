import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Column, toFloat32, withNames } from '../../../../../src/datasets/column.js';
import type { Episode } from '../../../../../src/datasets/episode.js';
import { datasetInfo } from '../../../../../src/datasets/info.js';
import { openDataset, verifyDataset } from '../../../../../src/datasets/registry.js';
import { problemsOf } from '../../../../../src/datasets/verification.js';
import { UserError } from '../../../../../src/errors.js';
import { folderOfTests } from '../../../../temporary_folder.js';
import { digestOf } from '../../digest.js';
import { frames, type LeRobotFiles, soundLeRobot, writeLeRobot } from './write_lerobot.js';

const FIXTURES = 'test/fixtures/lerobot';
const folder = folderOfTests();

interface Pictures {
  mean_per_frame: number[];
  pixel_0_0_of_frame_0: number[];
  pixel_mid_of_last_frame: number[];
}
type Expected = Record<string, [dtype: string, shape: number[], sha256: string] | Pictures | string>;
/** Contents as lerobot reads them. */
const expected: Record<string, Expected[]> = JSON.parse(readFileSync(`${FIXTURES}/expected.json`, 'utf8'));

/** All columns of an episode by LeRobot's names of their features. */
async function featuresOf(episode: Episode): Promise<Map<string, Column>> {
  const { length, observations, actions, rewards, success } = episode;
  return new Map<string, Column>([
    ...withNames('observations', observations).map(([name, column]): [string, Column] => [
      name.replace('observations/', 'observation.'),
      column,
    ]),
    ['action', actions.get('')!],
    ...(rewards ? [['next.reward', rewards] as const] : []),
    ...(success ? [['next.success', { dtype: 'bool', shape: [length], data: success }] as const] : []),
    ...(await episode.extras()),
  ]);
}

function picturesOf({ shape, data }: Column): Pictures {
  const [rows, height, width, channels] = shape;
  const size = height * width * channels;
  const bytes = data as Uint8Array;
  const pixel = (at: number) => [...bytes.subarray(at, at + 3)];
  const middle = (Math.floor(height / 2) * width + Math.floor(width / 2)) * channels;
  const mean = (row: number) =>
    bytes.subarray(row * size, (row + 1) * size).reduce((sum, value) => sum + value, 0) / size;
  return {
    mean_per_frame: Array.from({ length: rows }, (_, row) => Number(mean(row).toFixed(3))),
    pixel_0_0_of_frame_0: pixel(0),
    pixel_mid_of_last_frame: pixel((rows - 1) * size + middle),
  };
}

async function expectEpisode(episode: Episode, features: Expected): Promise<void> {
  const columns = await featuresOf(episode);
  for (const [name, wanted] of Object.entries(features)) {
    const column = columns.get(name);
    if (typeof wanted === 'string') expect(column!.data[0]).toBe(wanted);
    // A video, which needs a decoder.
    else if (column === undefined) expect(name).toBe('observation.images.top');
    else if (!Array.isArray(wanted)) expect(picturesOf(column)).toEqual(wanted);
    else {
      const [dtype, shape, sha256] = wanted;
      // Lerobot gives float64 as float32.
      const isNarrowed = column.dtype === 'float64' && dtype === 'float32';
      const read = isNarrowed
        ? { dtype: 'float32' as const, shape, data: toFloat32(column as never) }
        : column;
      expect([name, read.dtype, column.shape, digestOf(read)]).toEqual([name, dtype, shape, sha256]);
    }
  }
}

describe("lerobot's own files", () => {
  test.each(Object.keys(expected))('%s: every array is that which lerobot reads', async (name) => {
    const dataset = await openDataset(`${FIXTURES}/${name}`);
    expect(dataset.head.ids).toHaveLength(expected[name].length);
    for (const [index, features] of expected[name].entries()) {
      await expectEpisode(await dataset.episode(index), features);
    }
    dataset.close();
  });

  test.each(['zstd', 'gzip', 'brotli', 'lz4', 'none', 'v2-pages-delta'])(
    'are read with %s',
    async (encoding) => {
      const copy = copyOf('state_only');
      copyFileSync(
        `${FIXTURES}/encodings/${encoding}.parquet`,
        join(copy, 'data/chunk-000/file-000.parquet'),
      );
      const dataset = await openDataset(copy);
      for (const [index, features] of expected['state_only'].entries()) {
        await expectEpisode(await dataset.episode(index), features);
      }
      expect(problemsOf(await verifyDataset(copy))).toEqual([]);
    },
  );

  test('tell what they hold, and that videos are not read', async () => {
    const info = await datasetInfo(`${FIXTURES}/video`);
    const { facts, notes } = info;
    expect(problemsOf(info)).toEqual([]);
    expect(facts).toContainEqual(['tasks', 'Grab the cube and lift it. | Stelle die Tasse auf den Teller']);
    expect(facts).toContainEqual([
      'names',
      expect.stringMatching(/^action: shoulder_pan\.pos, shoulder_lift/),
    ]);
    expect(notes).toContain('not read, as there is no decoder of videos here: observation.images.top (h264)');
    expect(notes).toContainEqual(expect.stringMatching(/^it has no rewards: algo=bc imitates without any/));
  });

  test('in version 2.0 are read too', async () => {
    const copy = changed('state_only_v21', { codebase_version: 'v2.0' });
    expect(problemsOf(await verifyDataset(copy))).toEqual([]);
  });
});

function copyOf(name: string): string {
  const copy = mkdtempSync(join(folder, name));
  cpSync(`${FIXTURES}/${name}`, copy, { recursive: true });
  return copy;
}

function changed(name: string, keys: Record<string, unknown>): string {
  const copy = copyOf(name);
  const path = join(copy, 'meta/info.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...keys }));
  return copy;
}

function without(name: string, file: string): string {
  const copy = copyOf(name);
  rmSync(join(copy, file), { recursive: true });
  return copy;
}

test.each([
  ['info.json', () => without('state_only', 'meta/info.json'), /meta\/info\.json: no such file/],
  [
    'the list of episodes',
    () => without('state_only', 'meta/episodes'),
    /meta\/episodes: no list of episodes there: the recording was stopped before finalize\(\)/,
  ],
  ['the tasks', () => without('state_only', 'meta/tasks.parquet'), /meta\/tasks\.parquet: no such file/],
  [
    'a known version',
    () => changed('state_only', { codebase_version: 'v4.0' }),
    /info\.json: codebase_version is v4\.0, which can't be read here: v3\.0, v2\.1, v2\.0 can/,
  ],
  ['a frame rate', () => changed('state_only', { fps: 0 }), /info\.json: key "fps"/],
  [
    'files within its folder',
    () => changed('state_only', { data_path: '../{chunk_index:03d}.parquet' }),
    /info\.json: \.\.\/000\.parquet leads out of the folder/,
  ],
  [
    'a template that is known',
    () => changed('state_only', { data_path: 'data/{shard}.parquet' }),
    /info\.json: "data\/\{shard\}\.parquet" has the unknown part shard/,
  ],
  [
    'whole lines',
    () => {
      const copy = copyOf('state_only_v21');
      truncateSync(join(copy, 'meta/episodes.jsonl'), 200);
      return copy;
    },
    /meta\/episodes\.jsonl: line 3: not valid JSON/,
  ],
])('refused on opening: a dataset without %s', async (_, make, message) => {
  const path = make();
  await expect(openDataset(path)).rejects.toThrow(UserError);
  await expect(openDataset(path)).rejects.toThrow(message);
});

const inFeature = (name: string, change: Partial<LeRobotFiles['features'][string]>) => {
  const files = soundLeRobot();
  return { ...files, features: { ...files.features, [name]: { ...files.features[name], ...change } } };
};

const PROBLEMS: [name: string, files: LeRobotFiles, problems: RegExp[]][] = [
  ['nothing', soundLeRobot(), []],
  ['totals', { ...soundLeRobot(), info: { total_frames: 30 } }, [/say 30 steps; there are 12/]],
  [
    'the rows of an episode',
    { ...soundLeRobot(), list: { dataset_from_index: [0n, 5n, 9n] } },
    [/episode 1 is rows 5 to 9 \(dataset_from_index, dataset_to_index\); expected 4 to 9/],
  ],
  [
    'rows that are not there',
    { ...soundLeRobot(), list: { length: [4n, 5n, 4n], dataset_to_index: [4n, 9n, 13n] } },
    [/file-000\.parquet: it has 12 rows; episode 2 should be rows 9 to 12/],
  ],
  [
    'times',
    inFeature('timestamp', {
      episodes: frames((episode, frame) => Math.fround(frame / (episode === 2 ? 9.5 : 10))),
    }),
    [/^episode 2\/timestamp is 0\.1052632 at step 1; expected 0\.1, by the 10 frames a second/],
  ],
  [
    'a number of a task',
    inFeature('task_index', { episodes: frames((episode) => (episode === 1 ? 5n : 0n)) }),
    [/^episode 1\/task_index is 5 at step 0; expected one of 0, 1/],
  ],
  [
    'the numbers of frames',
    inFeature('frame_index', { episodes: frames((_, frame) => BigInt(frame + (frame > 2 ? 1 : 0))) }),
    [/^episode 0\/frame_index is 4 at step 3; expected 3/, /^episode 1\/frame_index/],
  ],
  [
    'rows of another episode',
    inFeature('episode_index', { episodes: frames((episode) => BigInt(episode === 2 ? 1 : episode)) }),
    [/file-000\.parquet: row 9 is of episode 1; expected episode 2/],
  ],
  [
    'a shape',
    inFeature('action', { shape: [7] }),
    [0, 1, 2].map((i) => new RegExp(`episode ${i}/actions has rows of \\[2\\]; the metadata say \\[7\\]`)),
  ],
  [
    'a value that lacks',
    inFeature('observation.state', { episodes: frames((episode) => (episode === 1 ? null : [1, 2, 3])) }),
    [/episode 1\/observation\.state holds nothing at step 0/],
  ],
  [
    'lists of different lengths',
    inFeature('action', { episodes: frames((_, frame) => (frame === 1 ? [1] : [1, 2])) }),
    [/action: it has lists of 2 and of 1 values/, /action: it has lists of 1 and of 2 values/],
  ],
  [
    'a picture of another size',
    inFeature('observation.images.top', { shape: [4, 5, 3] }),
    [0, 1, 2].map(
      () => /observation\.images\.top holds a picture at step 0 .*: it is of 4 × 6; expected 4 × 5/,
    ),
  ],
  [
    'pictures that are files, which are missing',
    inFeature('observation.images.top', {
      episodes: frames((_, frame) => ({ bytes: null, path: `${frame}.png` })),
    }),
    [0, 1, 2].map(() => /names the picture 0\.png at step 0, and there is no such file/),
  ],
  [
    'pictures elsewhere',
    inFeature('observation.images.top', { episodes: frames(() => ({ bytes: null, path: '../secret.png' })) }),
    [0, 1, 2].map(() => /observation\.images\.top: \.\.\/secret\.png leads out of the folder/),
  ],
];

test.each(PROBLEMS)('verify tells what is wrong: %s', async (_, files, problems) => {
  const path = writeLeRobot(mkdtempSync(join(folder, 'written')), files);
  const found = problemsOf(await verifyDataset(path));
  expect(found).toEqual(problems.map((problem) => expect.stringMatching(problem)));
});

test('a feature that the files lack is named, with those that they have', async () => {
  const path = writeLeRobot(join(folder, 'lacking'), soundLeRobot());
  const info = join(path, 'meta/info.json');
  const { features, ...rest } = JSON.parse(readFileSync(info, 'utf8'));
  writeFileSync(
    info,
    JSON.stringify({
      ...rest,
      features: { ...features, 'observation.force': { dtype: 'float32', shape: [2] } },
    }),
  );
  const dataset = await openDataset(path);
  await expect(dataset.episode(0)).rejects.toThrow(
    /no column observation\.force, which info\.json declares; it has observation\.state, observation\.images\.top\/bytes/,
  );
});

test('statistics that are not those of the data are named', async () => {
  const copy = copyOf('state_only');
  const path = join(copy, 'meta/stats.json');
  const stats = JSON.parse(readFileSync(path, 'utf8'));
  stats.action.mean[0] += 1;
  writeFileSync(path, JSON.stringify(stats));
  expect(problemsOf(await verifyDataset(copy))).toEqual([
    `${path} says that the mean of number 0 of action is 5.359; in the data it is 4.359`,
  ]);
  rmSync(path);
  expect(problemsOf(await verifyDataset(copy))).toEqual([]);
});

test('a video that is missing is named', async () => {
  const path = without('video', 'videos');
  expect(problemsOf(await verifyDataset(path))).toEqual([
    expect.stringMatching(/file-000\.mp4: no such file, which should show observation\.images\.top$/),
  ]);
});

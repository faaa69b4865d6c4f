import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import type { Column } from '../../../../../src/datasets/column.js';
import { rowsOf } from '../../../../../src/datasets/column_rows.js';
import type { Episode } from '../../../../../src/datasets/episode.js';
import { datasetInfo } from '../../../../../src/datasets/info.js';
import { formatOf, openDataset, verifyDataset } from '../../../../../src/datasets/registry.js';
import { problemsOf } from '../../../../../src/datasets/verification.js';
import { UserError } from '../../../../../src/errors.js';
import { loadFromPath } from '../../../../../src/training/dataset/load_from_path.js';
import { folderOfTests } from '../../../../temporary_folder.js';
import { WITHOUT_TASK } from '../../../buffers/demo_options.js';
import { digestOf } from '../../digest.js';
import { places, type RobomimicFile, soundRobomimic, writeRobomimic } from './write_robomimic.js';

const FIXTURES = 'test/fixtures/robomimic';
const folder = folderOfTests();

interface Expected {
  env_args: { env_name: string };
  mask: Record<string, string[]>;
  demos: {
    demo: string;
    attrs: Record<string, string>;
    arrays: Record<string, [string, number[], string]>;
  }[];
}

const expected: Record<string, Expected> = JSON.parse(readFileSync(`${FIXTURES}/expected.json`, 'utf8'));

/** All arrays of a demonstration, under robomimic's names. */
async function arraysOf({ length, observations, actions, rewards, ...episode }: Episode) {
  const columns = new Map<string, Column>([
    ['actions', actions.get('')!],
    ['rewards', rewards!],
    ...(await episode.extras()),
  ]);
  for (const [key, column] of observations) {
    columns.set(`obs/${key}`, rowsOf(column, 0, length));
    if (episode.hasFinalObservation) columns.set(`next_obs/${key}`, rowsOf(column, 1, length + 1));
  }
  const facts = [...columns].map(([name, column]) => [
    name,
    [column.dtype, [...column.shape], digestOf(column)],
  ]);
  return Object.fromEntries(facts);
}

describe.each(Object.keys(expected))('%s, made by h5py as robomimic has it', (name) => {
  const path = `${FIXTURES}/${name}.hdf5`;

  it('has every array, and the attributes of each demonstration', async () => {
    const dataset = await openDataset(path);
    expect(dataset.head.ids).toEqual(expected[name].demos.map(({ demo }) => demo));
    for (const [index, { arrays, attrs }] of expected[name].demos.entries()) {
      const episode = await dataset.episode(index);
      expect(await arraysOf(episode)).toEqual(arrays);
      expect(Object.fromEntries(episode.metadata!)).toEqual(attrs);
    }
    dataset.close();
  });

  it('has its environment, and the masks by the places of demonstrations', async () => {
    const dataset = await openDataset(path);
    const { envId, ids, metadata } = dataset.head;
    expect(envId).toBe(expected[name].env_args.env_name);
    expect(JSON.parse(String(metadata!.get('env_args')))).toEqual(expected[name].env_args);
    for (const [mask, demos] of Object.entries(expected[name].mask)) {
      const places = metadata!.get(`mask/${mask}`) as number[];
      expect(places.map((place) => ids[place]).toSorted()).toEqual(demos.toSorted());
    }
    dataset.close();
  });

  it('is sound', async () => {
    expect((await formatOf(path)).name).toBe('robomimic');
    expect(problemsOf(await verifyDataset(path))).toEqual([]);
  });
});

test('what is done is not taken for a termination: it may be a timeout', async () => {
  const { ends, notes } = await datasetInfo(`${FIXTURES}/low_dim.hdf5`);
  expect(ends).toEqual({ terminated: 0, truncated: 0, open: 12 });
  expect(notes.join()).toMatch(/^dones tell successes, ends of episodes, or both/);
});

test('demonstrations can be learnt from, the last steps where next_obs has what followed', async () => {
  const whole = await loadFromPath(`${FIXTURES}/low_dim.hdf5`, WITHOUT_TASK);
  expect([whole.buffer.size, whole.buffer.observationDim, whole.buffer.actionDim]).toEqual([90, 19, 7]);
  const cut = await loadFromPath(`${FIXTURES}/low_dim_no_next_extra.hdf5`, WITHOUT_TASK);
  expect(cut.buffer.size).toBe(18 - 3);
});

test('demonstrations come by their numbers, with gaps, and masks are places', async () => {
  const file = soundRobomimic(['demo_100', 'demo_2', 'demo_11']);
  const dataset = await openDataset(await writeRobomimic(join(folder, 'gaps.hdf5'), file));
  expect(dataset.head.ids).toEqual(['demo_2', 'demo_11', 'demo_100']);
  expect(dataset.head.metadata!.get('mask/train')).toEqual([2]);
  expect(dataset.head.problems).toEqual([]);
  dataset.close();
});

test('observations that are one array have no name', async () => {
  const { arrays, ...file } = soundRobomimic(['demo_0']);
  const flat = Object.entries(arrays).map(([name, column]) => [name.replace('/object', '/flat'), column]);
  const path = await writeRobomimic(join(folder, 'flat.hdf5'), { ...file, arrays: Object.fromEntries(flat) });
  const dataset = await openDataset(path);
  expect([...(await dataset.episode(0)).observations.keys()]).toEqual(['']);
  dataset.close();
});

interface Fault {
  name: string;
  change(file: RobomimicFile): void;
  /** Sentences that a verification says as problems, or else as notes. */
  problems?: RegExp;
  notes?: RegExp;
}

const FAULTS: Fault[] = [
  {
    name: 'num_samples that is not the number of actions',
    change: ({ attributes }) => Object.assign(attributes['data/demo_1'], { num_samples: 70n }),
    problems: /^data\/demo_1 says num_samples 70; it has 3 actions$/,
  },
  {
    name: 'a total that is not the number of steps',
    change: ({ attributes }) => Object.assign(attributes['data'], { total: 1000n }),
    problems: /: the attribute total of data says 1000 steps; its demonstrations have 6$/,
  },
  {
    name: 'observations that are a row short',
    change: ({ arrays }) => Object.assign(arrays, { 'data/demo_1/obs/object': places(2, 2) }),
    problems: /^data\/demo_1\/obs\/object has 2 rows; expected 3, by the episode's number of actions$/,
  },
  {
    name: 'next observations that are not those of the next step',
    change: ({ arrays }) => Object.assign(arrays, { 'data/demo_0/next_obs/object': places(3, 2, 5) }),
    problems: /^data\/demo_0\/next_obs\/object of step 0 are not the obs of step 1$/,
  },
  {
    name: 'a demonstration without steps',
    change: ({ arrays }) => Object.assign(arrays, { 'data/demo_1/actions': places(0, 2) }),
    problems: /^data\/demo_1 has no steps$/,
  },
  {
    name: 'a demonstration without actions',
    change: ({ arrays }) => delete arrays['data/demo_1/actions'],
    problems: /^data\/demo_1 has no actions; it has dones, next_obs, obs, rewards$/,
  },
  {
    name: 'actions and states only, as raw files have them',
    change: ({ arrays }) => {
      for (const name of Object.keys(arrays)) if (/obs|rewards/.test(name)) delete arrays[name];
    },
    problems: /^demo_0 has no observations$/,
  },
  {
    name: 'a mask of a demonstration that is not there',
    change: ({ masks }) => Object.assign(masks, { valid: ['demo_1', 'demo_99'] }),
    notes: /^mask\/valid names demonstrations that are not there: demo_99$/,
  },
  {
    name: 'no env_args',
    change: ({ attributes }) => delete attributes['data']['env_args'],
    notes: /^data has no env_args: not known in which environment it was recorded$/,
  },
  {
    name: 'arrays that nobody knows',
    change: ({ arrays }) => Object.assign(arrays, { 'other/array': places(1, 1) }),
    notes: /^not read, as it is not known what they are: other$/,
  },
];

test.each(FAULTS)('$name is found', async ({ name, change, problems, notes }) => {
  const file = soundRobomimic();
  change(file);
  const path = await writeRobomimic(join(folder, `${name.replaceAll(' ', '_')}.hdf5`), file);
  const found = await verifyDataset(path);
  if (problems) expect(problemsOf(found).filter((problem) => problems.test(problem))).not.toEqual([]);
  else expect(problemsOf(found)).toEqual([]);
  if (notes) expect(found.notes.some((note) => notes.test(note))).toBe(true);
});

test.each([
  ['env_args that are not JSON', { env_args: '{"env_name": ' }, /attribute env_args of data: not valid JSON/],
  [
    'an environment that is no text',
    { env_args: '{"env_name": 3}' },
    /attribute env_args of data: key "env_name"/,
  ],
])('%s are refused', async (name, change, message) => {
  const file = soundRobomimic();
  Object.assign(file.attributes['data'], change);
  const path = await writeRobomimic(join(folder, `${name}.hdf5`), file);
  await expect(openDataset(path)).rejects.toThrow(UserError);
  await expect(openDataset(path)).rejects.toThrow(message);
  await expect(openDataset(path)).rejects.toThrow(path);
});

test('a group data without demonstrations is refused', async () => {
  const file = { ...soundRobomimic(), arrays: { 'data/other': places(1, 1) }, masks: {} };
  file.attributes = {};
  const path = await writeRobomimic(join(folder, 'none.hdf5'), file);
  await expect(openDataset(path)).rejects.toThrow('data holds no demo_<number>');
});

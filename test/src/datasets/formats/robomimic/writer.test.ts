import { join } from 'node:path';
import { expect, it } from 'vitest';
import { convertDataset, writeDataset } from '../../../../../src/datasets/conversion/convert.js';
import { openDataset, WRITABLE_FORMATS } from '../../../../../src/datasets/registry.js';
import { folderOfTest } from '../../../../temporary_folder.js';
import { datasetOf, floats, fullEpisode, plainEpisode } from '../../everything.js';
import { structureOf } from '../../hdf5_structure.js';

const ROBOMIMIC = WRITABLE_FORMATS.get('robomimic')!;

it('a demonstration lies as robomimic has it, with additions that it passes over', async () => {
  const path = join(folderOfTest(), 'full.hdf5');
  const metadata = new Map([['mask/train', [0]]]);
  const { rows } = await writeDataset(datasetOf([fullEpisode(0)], { metadata }), ROBOMIMIC, path);
  const flag = 'enum {"FALSE":0,"TRUE":1}';
  const observations = (group: string) => [
    `/data/demo_0/${group}/`,
    `/data/demo_0/${group}/arm/`,
    `/data/demo_0/${group}/arm/_0 float32 [3,2]`,
    `/data/demo_0/${group}/arm/_1 int64 [3]`,
    `/data/demo_0/${group}/camera uint8 [3,2,3,1]`,
    `/data/demo_0/${group}/mission text [3]`,
    `/data/demo_0/${group}/touch ${flag} [3,2]`,
  ];
  expect(await structureOf(path)).toEqual([
    '/',
    '/data/ | env_args S {"env_name": "Lift-v0", "env_version": null, "type": 2, "env_kwargs": {}} | total <q 3',
    [
      '/data/demo_0/',
      'lang S hebe den Würfel',
      'num_samples <q 3',
      'options/count <q 7',
      'options/low <d -0.5',
      'options/range <d 1,2.5',
      'seed <Q 18446744073709551615',
    ].join(' | '),
    '/data/demo_0/action_dict/',
    '/data/demo_0/action_dict/grip float32 [3,1]',
    '/data/demo_0/action_dict/move float32 [3,3]',
    '/data/demo_0/actions float32 [3,4]',
    '/data/demo_0/distance float64 [4]',
    '/data/demo_0/dones int64 [3]',
    '/data/demo_0/intended_actions float32 [3,4]',
    ...observations('next_obs'),
    '/data/demo_0/note text [4]',
    ...observations('obs'),
    '/data/demo_0/rewards float64 [3]',
    '/data/demo_0/states float64 [3]',
    `/data/demo_0/success ${flag} [3]`,
    `/data/demo_0/terminated ${flag} [3]`,
    '/mask/',
    '/mask/train text of 6 bytes [1]',
  ]);
  const lost = rows.filter(({ fate }) => fate === 'lost').map(({ part }) => part);
  expect(lost).toEqual(['names of actions', 'names of intended actions']);
  const added = rows.filter(({ fate }) => fate === 'added').map(({ part, names }) => [part, names]);
  expect(added).toEqual([
    ['extras', ['action_dict/grip', 'action_dict/move', 'dones']],
    ['metadata', ['env_args']],
  ]);
});

it('ends, success and seeds come back, and dones is 1 where an episode ended', async () => {
  const path = join(folderOfTest(), 'plain.hdf5');
  const cut = { ...plainEpisode(1), truncated: Uint8Array.of(0, 0, 1) };
  await writeDataset(datasetOf([plainEpisode(0), cut, plainEpisode(2)]), ROBOMIMIC, path);
  const dataset = await openDataset(path);
  const dones: unknown[] = [];
  for await (const { seed, success, extras } of dataset.episodes()) {
    expect(seed! > 2n ** 63n).toBe(true);
    expect([...success!]).toEqual([0, 0, 1]);
    dones.push([...(await extras()).get('dones')!.data]);
  }
  expect(dones).toEqual([
    [0n, 0n, 1n],
    [0n, 0n, 1n],
    [0n, 0n, 0n],
  ]);
  const outcomes = await Promise.all([0, 1, 2].map((index) => dataset.outcome(index)));
  expect(outcomes.map(({ terminated, truncated }) => [terminated[2], truncated[2]])).toEqual([
    [1, 0],
    [0, 1],
    [0, 0],
  ]);
  dataset.close();
});

it("robomimic's own files stay what they are, but for what has no place in a demonstration", async () => {
  const folder = folderOfTest();
  for (const name of ['low_dim', 'image', 'low_dim_no_next_extra']) {
    const { rows } = await convertDataset(
      `test/fixtures/robomimic/${name}.hdf5`,
      ROBOMIMIC,
      join(folder, `${name}.hdf5`),
    );
    expect(rows.filter(({ fate }) => fate !== 'kept')).toEqual([]);
  }
});

it('there is no next_obs where the observations after the last steps are not known, and no rewards where there are none', async () => {
  const path = join(folderOfTest(), 'short.hdf5');
  const observations = new Map([['', floats(3, 2)]]);
  const short = { ...plainEpisode(0), hasFinalObservation: false, observations, rewards: null };
  await writeDataset(datasetOf([short]), ROBOMIMIC, path);
  const structure = (await structureOf(path)).join('\n');
  expect(structure).toContain('/obs/flat float32 [3,2]');
  expect(structure).not.toMatch(/next_obs|rewards/);
});

it('single numbers as actions become vectors of one', async () => {
  const path = join(folderOfTest(), 'discrete.hdf5');
  const column = { dtype: 'int64' as const, shape: [3], data: BigInt64Array.of(0n, 1n, 2n) };
  const { rows } = await writeDataset(
    datasetOf([{ ...plainEpisode(0), actions: new Map([['', column]]) }]),
    ROBOMIMIC,
    path,
  );
  expect(rows).toContainEqual({
    part: 'actions',
    fate: 'kept',
    how: 'int64 became int64 [1]',
    names: [],
    episodes: 1,
  });
});

it('bounds of actions around 0 come back, others are lost', async () => {
  const folder = folderOfTest();
  const declared = (low: number, high: number) => ({
    declared: new Map([['actions', { dtype: 'float32', shape: [1], bounds: { low: [low], high: [high] } }]]),
  });
  const path = join(folder, 'kept.hdf5');
  await writeDataset(datasetOf([plainEpisode(0)], declared(-2, 2)), ROBOMIMIC, path);
  const dataset = await openDataset(path);
  expect(dataset.head.declared).toEqual(declared(-2, 2).declared);
  dataset.close();
  const lost = join(folder, 'lost.hdf5');
  const { rows } = await writeDataset(datasetOf([plainEpisode(0)], declared(0, 2)), ROBOMIMIC, lost);
  expect(rows).toContainEqual({ part: 'bounds', fate: 'lost', names: ['actions'], episodes: null });
});

it('a mask that names no places is an attribute', async () => {
  const path = join(folderOfTest(), 'mask.hdf5');
  const metadata = new Map([['mask/odd', ['a']]]);
  await writeDataset(datasetOf([plainEpisode(0)], { metadata }), ROBOMIMIC, path);
  const dataset = await openDataset(path);
  expect(dataset.head.metadata!.get('mask/odd')).toEqual(['a']);
  dataset.close();
});

it('bytes among the observations are refused by name', async () => {
  const bytes = { dtype: 'bytes' as const, shape: [4], data: new Array(4).fill(Uint8Array.of(1)) };
  const blind = { ...plainEpisode(0), observations: new Map([['raw', bytes]]) };
  await expect(
    writeDataset(datasetOf([blind]), ROBOMIMIC, join(folderOfTest(), 'blind.hdf5')),
  ).rejects.toThrow("full 0/observations/raw holds bytes, which robomimic's files have not");
});

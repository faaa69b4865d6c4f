import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeDataset } from '../../../../../src/datasets/conversion/convert.js';
import { openDataset, WRITABLE_FORMATS } from '../../../../../src/datasets/registry.js';
import { folderOfTest } from '../../../../temporary_folder.js';
import { datasetOf, floats, fullEpisode, plainEpisode } from '../../everything.js';
import { structureOf } from '../../hdf5_structure.js';

const D4RL = WRITABLE_FORMATS.get('d4rl')!;

const bounds = (low: number[], high: number[]) =>
  new Map([['actions', { dtype: 'float32', shape: [low.length], bounds: { low, high } }]]);

describe('a file', () => {
  it("has D4RL's arrays, compressed, and the metadata", async () => {
    const path = join(folderOfTest(), 'plain.hdf5');
    const metadata = new Map<string, string | number | bigint | readonly string[]>([
      ['algorithm', 'SAC'],
      ['author', ['Ada']],
      ['iteration', 3000n],
      ['nested/share', 0.5],
    ]);
    const source = datasetOf([plainEpisode(0), plainEpisode(1)], { metadata, declared: bounds([-2], [2]) });
    await writeDataset(source, D4RL, path);
    const flag = 'enum {"FALSE":0,"TRUE":1} [6] up to [*] chunks [16384] deflate';
    expect(await structureOf(path)).toEqual([
      '/',
      '/actions float32 [6,1] up to [*,1] chunks [16384,1] deflate',
      '/infos/',
      `/infos/success ${flag}`,
      '/metadata/',
      '/metadata/action_scale float64 []',
      '/metadata/algorithm text []',
      '/metadata/author.json text []',
      '/metadata/env_id text []',
      '/metadata/iteration int64 []',
      '/metadata/nested/',
      '/metadata/nested/share float64 []',
      '/next_observations float32 [6,2] up to [*,2] chunks [16384,2] deflate',
      '/observations float32 [6,2] up to [*,2] chunks [16384,2] deflate',
      '/rewards float32 [6] up to [*] chunks [16384] deflate',
      `/terminals ${flag}`,
      `/timeouts ${flag}`,
    ]);
    const dataset = await openDataset(path);
    expect(dataset.head.declared.get('actions')!.bounds).toEqual({ low: [-2], high: [2] });
    expect(dataset.head.metadata).toEqual(metadata);
    dataset.close();
  });

  it('has no next_observations where the last ones are not known, and refuses some with and some without', async () => {
    const folder = folderOfTest();
    const without = (index: number) => ({
      ...plainEpisode(index),
      hasFinalObservation: false,
      observations: new Map([['', floats(3, 2)]]),
    });
    const path = join(folder, 'short.hdf5');
    await writeDataset(datasetOf([without(0), without(1)]), D4RL, path);
    expect((await structureOf(path)).join()).not.toContain('next_observations');
    const mixed = datasetOf([plainEpisode(0), without(1)]);
    await expect(writeDataset(mixed, D4RL, join(folder, 'mixed.hdf5'))).rejects.toThrow(
      'full 1 lacks the observation after its last step, the episodes before have it',
    );
  });

  it('is written in parts, with each chunk whole', async () => {
    const path = join(folderOfTest(), 'long.hdf5');
    const lengths = [9_000, 9_000, 20_000, 1];
    const episodes = lengths.map((length, index) => plainEpisode(index, length));
    await writeDataset(datasetOf(episodes), D4RL, path);
    const dataset = await openDataset(path);
    expect(dataset.head.ids).toEqual(['rows 0-8999', 'rows 9000-17999', 'rows 18000-37999', 'row 38000']);
    dataset.close();
  });
});

it('columns of numbers are joined to one vector, pictures and texts refused by name', async () => {
  const folder = folderOfTest();
  const parts = {
    ...plainEpisode(0),
    observations: new Map([
      ['arm', floats(4, 2)],
      ['hand', floats(4, 1, 8)],
    ]),
  };
  const path = join(folder, 'joined.hdf5');
  const { rows } = await writeDataset(datasetOf([parts]), D4RL, path);
  expect(rows).toContainEqual({
    part: 'names of observations',
    fate: 'lost',
    how: 'arm float32 [2], hand float32 [1] became one array',
    names: [],
    episodes: 1,
  });
  const dataset = await openDataset(path);
  const [column] = (await dataset.episode(0)).observations.values();
  expect([...column.data.slice(0, 6)]).toEqual([0, 1 / 8, 1, 2 / 8, 3 / 8, 9 / 8]);
  dataset.close();
  await expect(writeDataset(datasetOf([fullEpisode(0)]), D4RL, join(folder, 'full.hdf5'))).rejects.toThrow(
    'full 0/observations/camera holds pictures, and this format has one array of numbers for all observations',
  );
});

it('an episode without an end gets one, but for the last: else another would begin in its middle', async () => {
  const path = join(folderOfTest(), 'open.hdf5');
  const { rows } = await writeDataset(datasetOf([plainEpisode(1), plainEpisode(2)]), D4RL, path);
  expect(rows).toContainEqual({ part: 'truncated', fate: 'added', names: [], episodes: 1 });
  const dataset = await openDataset(path);
  const ends = [await dataset.outcome(0), await dataset.outcome(1)].map(({ truncated }) => [...truncated]);
  expect(ends).toEqual([
    [0, 0, 1],
    [0, 0, 0],
  ]);
  dataset.close();
});

it('an episode that goes on after it terminated stays whole', async () => {
  const path = join(folderOfTest(), 'on.hdf5');
  const early = { ...plainEpisode(0), terminated: Uint8Array.of(0, 1, 1) };
  const { rows } = await writeDataset(datasetOf([early]), D4RL, path);
  expect(rows).toContainEqual({
    part: 'terminated',
    fate: 'lost',
    how: 'before the last step',
    names: [],
    episodes: 1,
  });
  const dataset = await openDataset(path);
  expect(dataset.head.ids).toEqual(['rows 0-2']);
  dataset.close();
});

it('infos that an episode lacks are filled, and counted; those that the first lacks are lost', async () => {
  const path = join(folderOfTest(), 'infos.hdf5');
  const withInfo = (index: number, name: string) => ({
    ...plainEpisode(index),
    extras: async () => new Map([[`infos/${name}`, floats(4, 1)]]),
  });
  const source = datasetOf([withInfo(0, 'height'), withInfo(1, 'depth')]);
  const { rows, notes } = await writeDataset(source, D4RL, path);
  expect(notes).toEqual([
    'added: arrays in infos that the first episode has and others lack, filled with NaN or 0: 1',
  ]);
  expect(rows).toContainEqual({ part: 'extras', fate: 'lost', names: ['depth'], episodes: 1 });
  expect(rows).toContainEqual({ part: 'last row of extras', fate: 'lost', names: ['height'], episodes: 1 });
  const dataset = await openDataset(path);
  const heights = (await (await dataset.episode(1)).extras()).get('infos/height')!;
  expect([...heights.data]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  dataset.close();
});

it('success and intended actions come back from infos', async () => {
  const path = join(folderOfTest(), 'intended.hdf5');
  const intendedActions = new Map([['', floats(3, 1, 5)]]);
  await writeDataset(datasetOf([{ ...plainEpisode(0), intendedActions }]), D4RL, path);
  const dataset = await openDataset(path);
  const episode = await dataset.episode(0);
  expect([...episode.success!]).toEqual([0, 0, 1]);
  expect(episode.intendedActions).toEqual(intendedActions);
  dataset.close();
});

it('a scale for each number of an action is kept', async () => {
  const path = join(folderOfTest(), 'scales.hdf5');
  const wide = { ...plainEpisode(0), actions: new Map([['', floats(3, 2)]]) };
  await writeDataset(datasetOf([wide], { declared: bounds([-2, -3], [2, 3]) }), D4RL, path);
  const dataset = await openDataset(path);
  expect(dataset.head.declared.get('actions')!.bounds).toEqual({ low: [-2, -3], high: [2, 3] });
  dataset.close();
});

it('actions of an episode without intended ones were intended; success is known of all episodes or of none', async () => {
  const folder = folderOfTest();
  const intendedActions = new Map([['', floats(3, 1, 5)]]);
  const path = join(folder, 'some.hdf5');
  await writeDataset(datasetOf([{ ...plainEpisode(0), intendedActions }, plainEpisode(1)]), D4RL, path);
  const dataset = await openDataset(path);
  const { actions, intendedActions: intended } = await dataset.episode(1);
  expect(intended).toEqual(actions);
  dataset.close();
  const mixed = datasetOf([plainEpisode(0), { ...plainEpisode(1), success: null }]);
  await expect(writeDataset(mixed, D4RL, join(folder, 'mixed.hdf5'))).rejects.toThrow(
    "memory: full 1 doesn't say whether it succeeded, the episodes before do",
  );
});

it('bounds that are not around 0 are lost, and said to be', async () => {
  const path = join(folderOfTest(), 'bounds.hdf5');
  const source = datasetOf([plainEpisode(0)], { declared: bounds([0], [1]) });
  const { rows } = await writeDataset(source, D4RL, path);
  expect(rows).toContainEqual({ part: 'bounds', fate: 'lost', names: ['actions'], episodes: null });
});

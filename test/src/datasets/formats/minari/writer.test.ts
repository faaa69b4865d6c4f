import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { convertDataset, writeDataset } from '../../../../../src/datasets/conversion/convert.js';
import { openDataset, verifyDataset, WRITABLE_FORMATS } from '../../../../../src/datasets/registry.js';
import { problemsOf } from '../../../../../src/datasets/verification.js';
import { wholeEpisode } from '../../../../../src/datasets/whole_episode.js';
import { folderOfTest } from '../../../../temporary_folder.js';
import { datasetOf, floats, fullEpisode, plainEpisode } from '../../everything.js';
import { structureOf } from '../../hdf5_structure.js';

const MINARI = WRITABLE_FORMATS.get('minari')!;

function metadataOf(path: string): Record<string, unknown> {
  return JSON.parse(
    readFileSync(join(path, 'data', 'metadata.json'), 'utf8').replaceAll('Infinity', '1e999'),
  );
}

it("an episode lies as minari's DataCollector writes it", async () => {
  const path = join(folderOfTest(), 'full-v0');
  await writeDataset(datasetOf([fullEpisode(0)]), MINARI, path);
  const flag = 'enum {"FALSE":0,"TRUE":1}';
  expect(await structureOf(join(path, 'data', 'main_data.hdf5'))).toEqual([
    '/',
    [
      '/episode_0/',
      'id <q 0',
      'lang S hebe den Würfel',
      'options/count <q 7',
      'options/low <d -0.5',
      'options/range <d 1,2.5',
      `rewards_max <d ${2 / 3}`,
      `rewards_mean <d ${1 / 3}`,
      'rewards_min <d 0',
      `rewards_std <d ${Math.sqrt((1 / 9 + 0 + 1 / 9) / 3)}`,
      'rewards_sum <d 1',
      'seed <Q 18446744073709551615',
      'total_steps <q 3',
    ].join(' | '),
    '/episode_0/actions/',
    '/episode_0/actions/grip float32 [3,1] up to [*,1] chunks [3,1]',
    '/episode_0/actions/move float32 [3,3] up to [*,3] chunks [3,3]',
    '/episode_0/infos/',
    '/episode_0/infos/distance float64 [4] up to [*] chunks [4]',
    '/episode_0/infos/intended_actions/',
    '/episode_0/infos/intended_actions/grip float32 [3,1] up to [*,1] chunks [3,1]',
    '/episode_0/infos/intended_actions/move float32 [3,3] up to [*,3] chunks [3,3]',
    '/episode_0/infos/note text [4] up to [*] chunks [4]',
    '/episode_0/infos/states float64 [3] up to [*] chunks [3]',
    `/episode_0/infos/success ${flag} [3] up to [*] chunks [3]`,
    '/episode_0/observations/',
    '/episode_0/observations/arm/',
    '/episode_0/observations/arm/_index_0 float32 [4,2] up to [*,2] chunks [4,2]',
    '/episode_0/observations/arm/_index_1 int64 [4] up to [*] chunks [4]',
    '/episode_0/observations/camera uint8 [4,2,3,1] up to [*,2,3,1] chunks [4,2,3,1]',
    '/episode_0/observations/mission text [4] up to [*] chunks [4]',
    `/episode_0/observations/touch ${flag} [4,2] up to [*,2] chunks [4,2]`,
    '/episode_0/rewards float64 [3] up to [*] chunks [3]',
    `/episode_0/terminations ${flag} [3] up to [*] chunks [3]`,
    `/episode_0/truncations ${flag} [3] up to [*] chunks [3]`,
  ]);
});

it('everything in an episode comes back, and nothing but the additions is told as new', async () => {
  const path = join(folderOfTest(), 'full-v0');
  const episodes = [fullEpisode(0), fullEpisode(1)];
  const { rows, notes } = await writeDataset(datasetOf(episodes), MINARI, path);
  expect(rows.filter(({ fate }) => fate !== 'kept')).toEqual([
    {
      part: 'metadata',
      fate: 'added',
      names: ['observation_space', 'action_space', 'env_spec'],
      episodes: null,
    },
  ]);
  expect(notes).toEqual([]);
  expect(problemsOf(await verifyDataset(path))).toEqual([]);
  const dataset = await openDataset(path);
  expect(dataset.head).toMatchObject({ envId: 'Lift-v0', totals: { episodes: 2, steps: 6 } });
  for (const [index, source] of episodes.entries()) {
    const { id: _, extras, ...episode } = await wholeEpisode(await dataset.episode(index));
    const { id: __, extras: ___, ...expected } = await wholeEpisode(source);
    expect(isDeepStrictEqual(episode, expected)).toBe(true);
    expect([...extras.keys()]).toContain('infos/distance');
  }
  dataset.close();
});

it('the metadata are those that minari writes, with spaces from the data where none are known', async () => {
  const path = join(folderOfTest(), 'datasets', 'lab', 'full-v3');
  const declared = new Map([
    ['actions/grip', { dtype: 'float32', shape: [1], bounds: { low: [0], high: [1] } }],
  ]);
  await writeDataset(datasetOf([fullEpisode(0)], { declared }), MINARI, path);
  const { observation_space, action_space, env_spec, ...metadata } = metadataOf(path);
  expect(metadata).toEqual({
    total_episodes: 1,
    total_steps: 3,
    data_format: 'hdf5',
    jpeg_encoding: false,
    dataset_size: 0.1,
    dataset_id: 'lab/full-v3',
    author: ['Ada', 'Bob'],
    description: 'made up',
    minari_version: '0.5.4',
  });
  const letters = [...new Set('Würfel 0123')].sort().join('');
  expect(JSON.parse((observation_space as string).replaceAll('Infinity', '1e999'))).toEqual({
    type: 'Dict',
    subspaces: {
      arm: {
        type: 'Tuple',
        subspaces: [
          {
            type: 'Box',
            dtype: 'float32',
            shape: [2],
            low: [-Infinity, -Infinity],
            high: [Infinity, Infinity],
          },
          { type: 'Box', dtype: 'int64', shape: [], low: -(2 ** 63), high: 2 ** 63 },
        ],
      },
      camera: {
        type: 'Box',
        dtype: 'uint8',
        shape: [2, 3, 1],
        low: [
          [[0], [0], [0]],
          [[0], [0], [0]],
        ],
        high: [
          [[255], [255], [255]],
          [[255], [255], [255]],
        ],
      },
      mission: { type: 'Text', max_length: 8, min_length: 0, charset: letters },
      touch: { type: 'MultiBinary', n: [2] },
    },
  });
  expect(JSON.parse((action_space as string).replaceAll('Infinity', '1e999')).subspaces.grip).toEqual({
    type: 'Box',
    dtype: 'float32',
    shape: [1],
    low: [0],
    high: [1],
  });
  expect(JSON.parse(env_spec as string)).toMatchObject({ id: 'Lift-v0', additional_wrappers: [] });
});

it('an environment that Gymnasium could not name is left out', async () => {
  const path = join(folderOfTest(), 'plain-v0');
  const { rows } = await writeDataset(datasetOf([plainEpisode(0)], { envId: 'two words' }), MINARI, path);
  expect(metadataOf(path)).not.toHaveProperty('env_spec');
  expect(rows).toContainEqual({ part: 'environment', fate: 'lost', names: [], episodes: null });
});

it('an observation that was not recorded is a marked copy, which is not read back', async () => {
  const path = join(folderOfTest(), 'short-v0');
  const observations = new Map([['', floats(3, 2)]]);
  const short = { ...plainEpisode(0), hasFinalObservation: false, observations };
  const { notes } = await writeDataset(datasetOf([short]), MINARI, path);
  expect(notes[0]).toMatch(/^added: an observation after the last step, a copy .* in 1 episodes/);
  const structure = await structureOf(join(path, 'data', 'main_data.hdf5'));
  expect(structure.join('\n')).toMatch(/final_observation S repeated.*\/observations float32 \[4,2\]/s);
  const dataset = await openDataset(path);
  expect(await dataset.episode(0)).toMatchObject({ hasFinalObservation: false, observations });
  dataset.close();
});

it("minari's own datasets stay what they are, with their spaces, and pictures without loss", async () => {
  const folder = folderOfTest();
  for (const name of ['pendulum', 'reach']) {
    const path = join(folder, `${name}-v0`);
    const { rows } = await convertDataset(`test/fixtures/minari/${name}`, MINARI, path);
    expect(rows.filter(({ fate }) => fate !== 'kept')).toEqual([]);
    const [before, after] = [`test/fixtures/minari/${name}`, path].map(metadataOf);
    const derived = ['dataset_id', 'dataset_size', 'jpeg_encoding', 'minari_version', 'data_format'];
    for (const key of Object.keys(before))
      if (!derived.includes(key)) expect(after[key]).toEqual(before[key]);
  }
});

it('bytes among observations are refused by name, among infos they are lost', async () => {
  const folder = folderOfTest();
  const bytes = { dtype: 'bytes' as const, shape: [4], data: new Array(4).fill(Uint8Array.of(1)) };
  const blind = { ...plainEpisode(0), observations: new Map([['raw', bytes]]) };
  await expect(writeDataset(datasetOf([blind]), MINARI, join(folder, 'blind-v0'))).rejects.toThrow(
    'full 0/observations/raw holds bytes, for which Minari has no space',
  );
  const seen = { ...plainEpisode(0), extras: async () => new Map([['infos/raw', bytes]]) };
  const { rows } = await writeDataset(datasetOf([seen]), MINARI, join(folder, 'seen-v0'));
  expect(rows).toContainEqual({ part: 'extras', fate: 'lost', names: ['raw'], episodes: 1 });
});

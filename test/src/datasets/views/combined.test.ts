import { describe, expect, it } from 'vitest';
import { episodeDigest } from '../../../../src/datasets/conversion/episode_digest.js';
import type { DatasetHead, DeclaredColumn } from '../../../../src/datasets/dataset.js';
import { openDataset } from '../../../../src/datasets/registry.js';
import { chosenEpisodes } from '../../../../src/datasets/views/chosen_episodes.js';
import { combinedDatasets } from '../../../../src/datasets/views/combined.js';
import { withProvenance } from '../../../../src/datasets/views/provenance.js';
import { wholeEpisode } from '../../../../src/datasets/whole_episode.js';
import { datasetOf, floats, plainEpisode } from '../everything.js';

const named = (path: string, head: Partial<DatasetHead> = {}) =>
  datasetOf([plainEpisode(0), plainEpisode(1, 5)], { path, ...head });

const bounds = (high: number): DeclaredColumn => ({
  dtype: 'float32',
  shape: [1],
  bounds: { low: [-1], high: [high] },
});

describe('datasets as one', () => {
  it('have the episodes of all, named by where they are from', async () => {
    const combined = await combinedDatasets([named('a'), named('b')]);
    expect(combined.head.ids).toEqual(['full 0 of a', 'full 1 of a', 'full 0 of b', 'full 1 of b']);
    expect(await combined.episode(3)).toMatchObject({ id: 'full 1 of b', length: 5 });
    expect(await combined.outcome(3)).toMatchObject({ id: 'full 1 of b', length: 5 });
    expect(combined.learningRules('sparse').rewards(await combined.episode(3))).toEqual(
      new Float32Array(5).fill(0.5),
    );
  });

  it('keep metadata that are the same, and list those that differ with their sources', async () => {
    const ours = { size: 5, color: 'red', kwargs: { depth: 1 } };
    const head = (author: string, color: string) => ({
      metadata: new Map<string, string | typeof ours>([
        ['license', 'MIT'],
        ['author', author],
        ['env', { ...ours, color }],
      ]),
    });
    const { metadata, notes } = (
      await combinedDatasets([named('a', head('Ada', 'red')), named('b', head('Bob', 'blue'))])
    ).head;
    expect(metadata?.get('license')).toBe('MIT');
    expect(metadata?.get('env')).toEqual({ size: 5, kwargs: { depth: 1 } });
    expect(metadata?.has('author')).toBe(false);
    expect(metadata?.get('sources')).toEqual([
      { path: 'a', episodes: 2, author: 'Ada', env: { ...ours, color: 'red' } },
      { path: 'b', episodes: 2, author: 'Bob', env: { ...ours, color: 'blue' } },
    ]);
    expect(notes).toEqual(['metadata that are not the same in all stand in the list sources: author, env']);
  });

  it.each<[string, Partial<DatasetHead>, Partial<DatasetHead>, string]>([
    [
      'environments',
      { envId: 'A-v0' },
      { envId: 'B-v0' },
      'b has another environment than a: B-v0, not A-v0',
    ],
    [
      'control modes',
      { controlMode: 'x' },
      { controlMode: 'y' },
      'b has another control mode than a: y, not x',
    ],
    [
      'bounds',
      { declared: new Map([['actions', bounds(1)]]) },
      { declared: new Map([['actions', bounds(2)]]) },
      'b declares actions as float32 [1] from -1 to 2; a as float32 [1] from -1 to 1',
    ],
  ])('with other %s are refused by name', async (_, a, b, message) => {
    await expect(combinedDatasets([named('a', a), named('b', b)])).rejects.toThrow(message);
  });

  it('with other columns are refused by name, whichever episode has them', async () => {
    const wide = { ...plainEpisode(1), observations: new Map([['', floats(4, 3)]]) };
    const b = datasetOf([wide], { path: 'b' });
    const problem = /^b: full 1 has observations of float32 \[3\]; the first episode of a has float32 \[2\]$/;
    await expect(combinedDatasets([named('a'), b])).rejects.toThrow(problem);
    const later = await combinedDatasets([named('a'), datasetOf([plainEpisode(0), wide], { path: 'b' })]);
    await expect(later.episode(3)).rejects.toThrow(problem);
    const more = {
      ...plainEpisode(0),
      actions: new Map([
        ['', floats(3, 1)],
        ['grip', floats(3, 1)],
      ]),
    };
    await expect(combinedDatasets([named('a'), datasetOf([more], { path: 'b' })])).rejects.toThrow(
      'b: full 0 has actions/grip, and the first episode of a has none',
    );
  });

  it('leave out bounds that not all declare, and say so', async () => {
    const { declared, notes } = (
      await combinedDatasets([named('a', { declared: new Map([['actions', bounds(1)]]) }), named('b')])
    ).head;
    expect(declared.size).toBe(0);
    expect(notes).toContain('the bounds of actions in a are left out: not all of the datasets declare them');
  });

  it('keep masks, which choose the same episodes', async () => {
    const masks = (places: number[]) => ({ metadata: new Map([['mask/train', places]]) });
    const { metadata } = (await combinedDatasets([named('a', masks([1])), named('b', masks([0, 1]))])).head;
    expect(metadata?.get('mask/train')).toEqual([1, 2, 3]);
  });
});

it('chosen episodes keep the masks that choose some of them', () => {
  const metadata = new Map([
    ['mask/train', [0, 1]],
    ['mask/valid', [0]],
  ]);
  const { head } = chosenEpisodes(named('a', { metadata }), [1]);
  expect(head.ids).toEqual(['full 1']);
  expect([...head.metadata!]).toEqual([['mask/train', [0]]]);
});

it('an episode says where it is from, and keeps saying where it came from first', async () => {
  const dataset = await openDataset('test/fixtures/minari/pendulum');
  const before = await wholeEpisode(await dataset.episode(1));
  const first = await withProvenance(dataset).episode(1);
  expect(first.metadata?.get('source_path')).toBe('test/fixtures/minari/pendulum');
  expect(first.metadata?.get('source_episode')).toBe('episode_1');
  expect(first.metadata?.get('source_sha256')).toBe(episodeDigest(before).toString('hex'));
  const again = await withProvenance(datasetOf([first], { path: 'elsewhere' })).episode(0);
  expect(again.metadata).toEqual(first.metadata);
  dataset.close();
});

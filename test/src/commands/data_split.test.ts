import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { main } from '../../../src/cli.js';
import { episodeDigest } from '../../../src/datasets/conversion/episode_digest.js';
import { openDataset } from '../../../src/datasets/registry.js';
import { wholeEpisode } from '../../../src/datasets/whole_episode.js';
import { rememberSaid } from '../../said.js';
import { folderOfTest } from '../../temporary_folder.js';

const LOW_DIM = 'test/fixtures/robomimic/low_dim.hdf5';

let folder: string;
let said: { text: string };
/** The text at which Ctrl-C is pressed. */
let stopAt: string | null = null;
beforeEach(() => {
  folder = folderOfTest();
  said = rememberSaid((text) => {
    if (stopAt && text.includes(stopAt)) process.emit('SIGINT');
  });
});
afterEach(() => {
  stopAt = null;
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const split = (into: string, ...words: string[]) =>
  main(['data', 'split', LOW_DIM, '--into', into, '--output', join(folder, 'low.hdf5'), ...words]);

async function digestsOf(path: string): Promise<string[]> {
  const dataset = await openDataset(path);
  const digests: string[] = [];
  for await (const episode of dataset.episodes()) {
    digests.push(episodeDigest(await wholeEpisode(episode)).toString('hex'));
  }
  dataset.close();
  return digests;
}

it('writes each episode to one part, and masks that choose the same episodes', async () => {
  expect(await split('train=0.7,valid=rest')).toBe(0);
  expect(readdirSync(folder).toSorted()).toEqual(['low-train.hdf5', 'low-valid.hdf5']);
  expect(said.text).toContain('all episodes are the same to the bit as before');
  const parts = ['train', 'valid'].map((part) => join(folder, `low-${part}.hdf5`));
  const [train, valid] = await Promise.all(parts.map(digestsOf));
  const all = await digestsOf(LOW_DIM);
  expect([...train, ...valid].toSorted()).toEqual(all.toSorted());
  expect(train.length).toBe(8);
  const mask = async (path: string) => {
    const dataset = await openDataset(path);
    dataset.close();
    return dataset.head.metadata?.get('mask/valid') as readonly number[];
  };
  const chosen = (digests: string[], places: readonly number[]) => places.map((place) => digests[place]);
  expect(
    [...chosen(train, await mask(parts[0])), ...chosen(valid, (await mask(parts[1])) ?? [])].toSorted(),
  ).toEqual(chosen(all, await mask(LOW_DIM)).toSorted());
});

it('takes the first episodes with --in-order', async () => {
  expect(await split('a=2,b=rest', '--in-order')).toBe(0);
  expect(await digestsOf(join(folder, 'low-a.hdf5'))).toEqual((await digestsOf(LOW_DIM)).slice(0, 2));
});

it('leaves nothing where one part exists already, or nonsense is asked for', async () => {
  writeFileSync(join(folder, 'low-valid.hdf5'), 'precious');
  expect(await split('train=0.7,valid=rest')).toBe(1);
  expect(said.text).toContain('low-valid.hdf5 exists already');
  expect(await split('train=0.7,train=0.3')).toBe(1);
  expect(said.text).toContain('train is there twice');
  expect(await split('train=70%')).toBe(1);
  expect(said.text).toContain('"train=70%" is none of train=0.9, train=900, train=rest');
  expect(readdirSync(folder)).toEqual(['low-valid.hdf5']);
});

it('leaves no part where Ctrl-C is pressed while the last one is read again', async () => {
  stopAt = 'read again 0/12';
  expect(await split('train=0.7,valid=rest')).toBe(130);
  expect(said.text).toContain('was not written');
  expect(readdirSync(folder)).toEqual([]);
});

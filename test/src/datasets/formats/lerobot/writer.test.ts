import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { arrayDataset } from '../../../../../src/datasets/array_dataset.js';
import { convertDataset, writeDataset } from '../../../../../src/datasets/conversion/convert.js';
import type { Episode } from '../../../../../src/datasets/episode.js';
import { DataFiles } from '../../../../../src/datasets/formats/lerobot/data_files.js';
import { frameStatistics } from '../../../../../src/datasets/formats/lerobot/frame_statistics.js';
import { openDataset, verifyDataset, WRITABLE_FORMATS } from '../../../../../src/datasets/registry.js';
import { ParquetFile } from '../../../../../src/datasets/storage/parquet.js';
import { loadParquetWriter } from '../../../../../src/datasets/storage/parquet_writer.js';
import { problemsOf } from '../../../../../src/datasets/verification.js';
import { folderOfTests } from '../../../../temporary_folder.js';
import { datasetOf, fullEpisode } from '../../everything.js';

const lerobot = WRITABLE_FORMATS.get('lerobot')!;
const folder = folderOfTests();
const STATE_ONLY = 'test/fixtures/lerobot/state_only';

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

async function episodesOf(path: string): Promise<Episode[]> {
  const dataset = await openDataset(path);
  const episodes: Episode[] = [];
  for await (const episode of dataset.episodes()) episodes.push(episode);
  dataset.close();
  return episodes;
}

describe("a dataset of lerobot's, written anew", () => {
  const path = join(folder, 'state_only');

  it('has the same features and counts, and ours beside them', async () => {
    await convertDataset(STATE_ONLY, lerobot, path);
    const [theirs, ours] = [STATE_ONLY, path].map((root) => json(join(root, 'meta/info.json')));
    const { features, ...rest } = ours;
    const { features: known, ...facts } = theirs;
    expect(rest).toEqual(facts);
    expect(Object.keys(features).sort()).toEqual(
      [...Object.keys(known), 'next.terminated', 'next.truncated'].sort(),
    );
    for (const name of Object.keys(known)) expect([name, features[name]]).toEqual([name, known[name]]);
  });

  it("has lerobot's statistics, but for quantiles, which lerobot estimates", () => {
    const [theirs, ours] = [STATE_ONLY, path].map((root) => json(join(root, 'meta/stats.json')));
    for (const [feature, stats] of Object.entries<Record<string, number[]>>(theirs)) {
      for (const name of ['min', 'max', 'mean', 'std', 'count']) {
        // lerobot lists those of two axes by the last one alone.
        if (stats[name].length !== ours[feature][name].length) continue;
        for (const [i, value] of stats[name].entries()) expect(ours[feature][name][i]).toBeCloseTo(value, 5);
      }
    }
    expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(theirs)));
  });

  it('has no problems', async () => {
    expect(problemsOf(await verifyDataset(path))).toEqual([]);
  });
});

it('keeps what LeRobot has no place for: seeds, ends, final observations, metadata, intended actions', async () => {
  const path = join(folder, 'full');
  const source = datasetOf([fullEpisode(0), fullEpisode(1)]);
  await writeDataset(source, lerobot, path);
  const found = await episodesOf(path);
  for (const [i, episode] of found.entries()) {
    const { seed, terminated, truncated, hasFinalObservation, intendedActions, metadata } =
      await source.episode(i);
    expect(episode.seed).toBe(seed);
    expect(episode.terminated.at(-1)).toBe(terminated.at(-1));
    expect(episode.truncated.at(-1)).toBe(truncated.at(-1));
    expect(episode.hasFinalObservation).toBe(hasFinalObservation);
    expect(episode.intendedActions?.size).toBe(intendedActions && 1);
    expect([...(episode.metadata ?? [])].length).toBe([...(metadata ?? [])].length);
  }
});

it('keeps seeds of 64 bits, and says where an observation after the last step is missing', async () => {
  const path = join(folder, 'seeds');
  const seed = 2n ** 64n - 1n;
  const made = arrayDataset([{ observations: [[1], [2]], actions: [[0.5]], rewards: [1], seed }]);
  const [episode] = await (async () => [await made.episode(0)])();
  const short = {
    ...episode,
    seed: null,
    hasFinalObservation: false,
    observations: new Map([['', { dtype: 'float64', shape: [1, 1], data: Float64Array.of(1) } as const]]),
  };
  await writeDataset(datasetOf([episode, short]), lerobot, path);
  const found = await episodesOf(path);
  expect(found.map((read) => [read.seed, read.hasFinalObservation])).toEqual([
    [seed, true],
    [null, false],
  ]);
});

it('begins a file of frames when one is large enough, and a folder after 1,000 files', async () => {
  const root = join(folder, 'files');
  const files = new DataFiles(
    await loadParquetWriter(),
    root,
    root,
    [{ name: 'x', type: 'int64', lists: 0 }],
    [],
    0,
  );
  const places = Array.from({ length: 1001 }, (_, i) => files.append(new Map([['x', [BigInt(i)]]])));
  files.finish();
  expect(places[0]).toEqual({ chunk: 0, file: 0 });
  expect(places[1]).toEqual({ chunk: 0, file: 1 });
  expect(places[1000]).toEqual({ chunk: 1, file: 0 });
  const file = await ParquetFile.open(join(root, 'data/chunk-001/file-000.parquet'));
  expect((await file.column('x', 0, 1)).column.data).toEqual(BigInt64Array.of(1000n));
});

it('quantiles lie between values as those of NumPy', () => {
  const { q01, q10, q50, q90, q99, std } = frameStatistics({
    dtype: 'float64',
    shape: [5],
    data: Float64Array.of(4, 0, 1, 2, 3),
  });
  // numpy.quantile([0, 1, 2, 3, 4], q), numpy.std
  expect([q01[0], q10[0], q50[0], q90[0], q99[0]]).toEqual([0.04, 0.4, 2, 3.6, 3.96]);
  expect(std[0]).toBeCloseTo(Math.SQRT2, 12);
});

it('refuses episodes that are not alike, and leaves nothing behind', async () => {
  const path = join(folder, 'unlike');
  const two = arrayDataset([
    { observations: [[1], [2]], actions: [[0.5]], rewards: [1] },
    { observations: [[1], [2]], actions: [[0.5]], rewards: [1] },
  ]);
  const other = { ...(await two.episode(1)), rewards: null };
  await expect(writeDataset(datasetOf([await two.episode(0), other]), lerobot, path)).rejects.toThrow(
    /has nothing for the feature next\.reward; the episodes before have float64, and all have to be alike/,
  );
  expect(existsSync(path)).toBe(false);
  expect(readdirSync(folder).filter((name) => name.includes('unlike'))).toEqual([]);
});

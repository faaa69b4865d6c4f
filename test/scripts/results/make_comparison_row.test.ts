import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeComparisonRow, wantedRuns } from '../../../scripts/results/make_comparison_row.js';
import type { ResultsOptions } from '../../../scripts/results/make_training_row.js';
import { OFFLINE_DATA } from '../../../scripts/results/rows/row.js';
import { readComparisonRuns } from '../../../scripts/results/summaries/comparison_files.js';
import { rememberSaid } from '../../said.js';
import { folderOfTest } from '../../temporary_folder.js';
import { comparisonRowOf } from './fixtures.js';

const TINY = [
  'train.offline_steps=20',
  'train.batch_size=16',
  'train.eval_freq=10',
  'train.eval_episodes=2',
  'network.actor.arch_cfg.features=[16]',
];

let folder: string;
let said: { text: string };
beforeEach(() => {
  folder = folderOfTest();
  said = rememberSaid();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const row = (labels: readonly string[], overrides: readonly string[] = TINY) =>
  comparisonRowOf([
    {
      algorithms: ['bc'],
      datasets: labels.map((label) => ({
        label,
        envId: 'Hopper-v5',
        tier: null,
        path: `${OFFLINE_DATA}/${label}.hdf5`,
      })),
      seeds: [0, 1],
      overrides,
    },
  ]);
const options = (changes: Partial<ResultsOptions> = {}): ResultsOptions => ({
  folder,
  seeds: [0],
  onlyMissing: false,
  realDemos: null,
  offlineData: folder,
  python: null,
  stop: new AbortController().signal,
  ...changes,
});

describe('makeComparisonRow', () => {
  it('trains each algorithm on each dataset once, and keeps what came of it', async () => {
    copyFileSync('test/fixtures/d4rl/hopper.hdf5', join(folder, 'small.hdf5'));
    expect(await makeComparisonRow(row(['small']), options())).toBe(true);
    const [first] = readComparisonRuns(folder, 'compared');
    expect(first).toMatchObject({
      algorithm: 'bc',
      dataset: 'small',
      seed: 0,
      state: 'finished',
      starts: 1,
      updates: 20,
      measure: 'return',
      data: { successes: null },
    });
    expect(first.command).toBe(
      'npm run rlpd -- compare algorithms=bc datasets=$OFFLINE_DATA/small.hdf5 seeds=0 env.env_id=Hopper-v5 ' +
        TINY.join(' '),
    );
    expect(first.data.episodes).toBeGreaterThan(0);
    expect(first.last).not.toBe(first.final);
    // 0 is a return of −20.27 and 100 one of 3234.3.
    expect(first.normalized).toBeCloseTo((100 * (first.final! + 20.272305)) / 3254.572305, 6);

    const checkpoint = join(folder, 'compared/bc_small_seed-0/models/latest.safetensors');
    const trained = statSync(checkpoint).mtimeMs;
    expect(await makeComparisonRow(row(['small']), options({ seeds: null }))).toBe(true);
    expect(said.text).toContain('compared: 1 of 2 still to train');
    expect(statSync(checkpoint).mtimeMs).toBe(trained);
    expect(readComparisonRuns(folder, 'compared').map(({ seed }) => seed)).toEqual([0, 1]);
    const wanted = wantedRuns(row(['small', 'other']), row(['small', 'other']).blocks[0], {
      ...options({ seeds: null }),
      onlyMissing: true,
    });
    expect(wanted.map(({ data, seed }) => [data.label, seed])).toEqual([
      ['other', 0],
      ['other', 1],
    ]);
  });

  it('leaves out data that are not there, and says so', async () => {
    expect(await makeComparisonRow(row(['gone']), options())).toBe(true);
    expect(said.text).toContain(`compared: there is no ${folder}/gone.hdf5, its lines stay as they are`);
    expect(await makeComparisonRow(row(['gone']), options({ offlineData: null }))).toBe(true);
    expect(said.text).toContain(
      'compared: gone is needed, its lines stay as they are: give --offline-data <folder>',
    );
    expect(readComparisonRuns(folder, 'compared')).toEqual([]);
  });
});

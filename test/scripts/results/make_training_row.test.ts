import { appendFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  makeTrainingRow,
  type ResultsOptions,
  wantedPoints,
} from '../../../scripts/results/make_training_row.js';
import type { TrainingRow } from '../../../scripts/results/rows/row.js';
import { mergeSummaries } from '../../../scripts/results/summaries/summarise_run.js';
import { readRunSummaries, writeSummaries } from '../../../scripts/results/summaries/summary_files.js';
import { rememberSaid } from '../../said.js';
import { TINY } from '../../src/training/tiny_run.js';
import { folderOfTest } from '../../temporary_folder.js';
import { rowOf, runOf } from './fixtures.js';

let folder: string;
let said: { text: string };
beforeEach(() => {
  folder = folderOfTest();
  said = rememberSaid();
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const row = (changes: Partial<TrainingRow> = {}, overrides: readonly string[] = []) =>
  rowOf({
    variants: [{ name: 'tiny', config: 'configs/base_rlpd_ms3.yml', overrides: [...TINY, ...overrides] }],
    ...changes,
  });
const options = (changes: Partial<ResultsOptions> = {}): ResultsOptions => ({
  folder,
  seeds: null,
  onlyMissing: false,
  realDemos: null,
  offlineData: null,
  python: null,
  stop: new AbortController().signal,
  ...changes,
});
const runPath = (seed: number) => join(folder, `row/tiny-seed${seed}`);
const summaries = () => readRunSummaries(folder, 'row');

describe('makeTrainingRow', () => {
  it('trains each seed once, with what its summary needs', async () => {
    expect(await makeTrainingRow(row(), options({ seeds: [0] }))).toBe(true);
    const [first] = summaries();
    expect(first).toMatchObject({
      variant: 'tiny',
      seed: 0,
      state: 'finished',
      starts: 1,
      envSteps: 160,
      demonstrations: { episodes: 3, successes: 3 },
    });
    expect(first.command).toMatch(/^npm run train -- configs\/base_rlpd_ms3.yml seed=0 train.dataset_path=/);
    expect(first.evaluations.map(({ envSteps, episodes }) => [envSteps, episodes])).toEqual([
      [0, 2],
      [80, 2],
      [160, 2],
    ]);
    // The run's own clock begins when the process has loaded the program.
    const rows = readFileSync(join(runPath(0), 'metrics.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const seconds = JSON.parse(rows.at(-1)!).seconds as number;
    expect(first.evaluations[2].seconds).toBeGreaterThan(seconds);
    expect(first.seconds).toBeGreaterThan(first.evaluations[2].seconds);

    const checkpoint = join(runPath(0), 'models/latest.safetensors');
    const trained = statSync(checkpoint).mtimeMs;
    await makeTrainingRow(row(), options());
    expect(said.text).toContain('row: 1 of 2 still to train');
    expect(statSync(checkpoint).mtimeMs).toBe(trained);
    expect(summaries().map(({ seed, state }) => [seed, state])).toEqual([
      [0, 'finished'],
      [1, 'finished'],
    ]);
    expect(summaries()[0]).toEqual(first);
  });

  it('trains side by side where time is of no interest, and keeps what all of them came to', async () => {
    expect(await makeTrainingRow(row({ isTimed: false }), options())).toBe(true);
    expect(summaries().map(({ seed, state, envSteps }) => [seed, state, envSteps])).toEqual([
      [0, 'finished', 160],
      [1, 'finished', 160],
    ]);
  });

  it('stops when asked, and goes on when called again', async () => {
    const stop = new AbortController();
    const long = row({ seeds: [0] }, ['train.steps=4000']);
    const made = makeTrainingRow(long, options({ stop: stop.signal }));
    const metrics = join(runPath(0), 'metrics.jsonl');
    const isLearning = () => existsSync(metrics) && readFileSync(metrics, 'utf8').includes('"env_steps":80,');
    while (!isLearning()) await sleep(50);
    stop.abort();
    expect(await made).toBe(true);
    const [{ envSteps, ...interrupted }] = summaries();
    expect(interrupted).toMatchObject({ state: 'interrupted', starts: 1 });

    const steps = 40 * Math.ceil((envSteps + 80) / 40);
    await makeTrainingRow(row({ seeds: [0] }, [`train.steps=${steps}`]), options());
    const [finished] = summaries();
    expect(finished).toMatchObject({ state: 'finished', starts: 2, envSteps: steps });
    expect(finished.command).toBe(interrupted.command);
    const before = interrupted.evaluations;
    expect(finished.evaluations.slice(0, before.length)).toEqual(before);
  });

  it('ends a training at its time limit, and leaves it at that', async () => {
    const long = row({ seeds: [0], limitMinutes: 3 / 60 }, ['train.steps=1_000_000']);
    await makeTrainingRow(long, options());
    expect(said.text).toContain('row: 1 of 1 still to train, each for at most 3.0 s');
    expect(summaries()[0]).toMatchObject({ state: 'time limit', starts: 1 });
    await makeTrainingRow(long, options());
    expect(said.text).toContain('row: 0 of 1 still to train');
    expect(summaries()[0]).toMatchObject({ state: 'time limit', starts: 1 });
  });

  it('tells of runs that fail', async () => {
    const bad = row({ seeds: [0] }, ['train.dataset_path=test/fixtures/demos/nan.h5']);
    expect(await makeTrainingRow(bad, options())).toBe(false);
    expect(said.text).toMatch(/tiny-seed0 failed: .*nan\.h5/);
  });

  it('leaves out what needs a folder that it was not given', async () => {
    const real = row({}, ['train.dataset_path=$REAL_DEMOS/one.h5']);
    expect(await makeTrainingRow(real, options())).toBe(true);
    expect(said.text).toContain('row: skipped, it needs');
    expect(said.text).toContain('--real-demos <folder>');
    expect(existsSync(join(folder, 'row'))).toBe(false);
  });

  it('refuses a dataset that another command made', async () => {
    const path = join(folder, 'demos.h5');
    const args = ['--num-episodes', '2'];
    writeFileSync(path, '');
    const withDataset = row({ datasets: [{ path, args }] });
    await expect(makeTrainingRow(withDataset, options())).rejects.toThrow('was made by something else');
    rmSync(path);
    await makeTrainingRow(row({ seeds: [], datasets: [{ path, args }] }), options());
    expect(existsSync(path)).toBe(true);
    appendFileSync(`${path}.command`, ' --seed 3');
    await expect(makeTrainingRow(withDataset, options())).rejects.toThrow(
      '--num-episodes 2 --seed 3", not by',
    );
  });

  it('refuses runs of other values', async () => {
    await makeTrainingRow(row({ seeds: [0] }), options());
    const changed = row({ seeds: [0] }, ['rlpd.tau=0.01']);
    await expect(makeTrainingRow(changed, options())).rejects.toThrow('rlpd.tau: 0.005 → 0.01');
  });
});

describe('wantedPoints', () => {
  it('leaves out, on request, what has a summary of a finished run of the same command', async () => {
    const [first, interrupted, changed] = [
      runOf([]),
      runOf([], { seed: 1, state: 'interrupted' }),
      runOf([], { variant: 'other', command: 'npm run train -- seed=0 rlpd.num_qs=2' }),
    ];
    await writeSummaries(folder, 'row', [first, interrupted, changed]);
    const names = (changes: Partial<ResultsOptions>) =>
      wantedPoints(rowOf(), options(changes)).map(({ name }) => name);
    expect(names({ onlyMissing: true })).toEqual(['other-seed0', 'one-seed1', 'other-seed1']);
    expect(names({ onlyMissing: true, seeds: [0] })).toEqual(['other-seed0']);
    expect(names({})).toHaveLength(4);
  });
});

describe('mergeSummaries', () => {
  it('puts newer runs in the place of older ones, and drops what the row no longer has', () => {
    const older = [runOf([]), runOf([], { seed: 1 }), runOf([], { seed: 7 }), runOf([], { variant: 'gone' })];
    const newer = [runOf([], { variant: 'other', seed: 1 }), runOf([], { seed: 1, envSteps: 5 })];
    expect(mergeSummaries(rowOf(), older, newer)).toEqual([older[0], newer[1], newer[0]]);
  });
});

describe('readRunSummaries', () => {
  it('says what is wrong with a file', async () => {
    await writeSummaries(folder, 'row', [{ ...runOf([]), starts: 0 }]);
    expect(() => readRunSummaries(folder, 'row')).toThrow(/row\.json is no summary of row: .*starts/s);
    writeFileSync(join(folder, 'row.json'), '{');
    expect(() => readRunSummaries(folder, 'row')).toThrow('row.json');
  });
});

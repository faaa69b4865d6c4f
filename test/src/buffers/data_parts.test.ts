import { expect, test } from 'vitest';
import { partsOf, rowsOfParts } from '../../../src/buffers/data_parts.js';
import { ReplayBuffer } from '../../../src/buffers/replay_buffer.js';
import { SymmetricSampler } from '../../../src/buffers/symmetric_sampler.js';
import { allocateBatches } from '../../../src/buffers/transitions.js';

test('parts lie one after another, with shares that add up to 1', () => {
  expect(partsOf([5, 20], [3, 1])).toEqual([
    { first: 0, rows: 5, share: 0.75 },
    { first: 5, rows: 20, share: 0.25 },
  ]);
});

test('shares of whole rows are exact, others are rounded so that all rows are drawn', () => {
  const parts = partsOf([1, 1, 1], [1, 2, 5]);
  for (const chance of [0, 0.3, 0.999]) expect(rowsOfParts(parts, 16, chance)).toEqual([2, 4, 10]);
  const thirds = partsOf([1, 1, 1], [1, 1, 1]);
  const sums = [0, 0, 0];
  for (let i = 0; i < 1000; i++) {
    const rows = rowsOfParts(thirds, 8, i / 1000);
    expect(rows.reduce((sum, count) => sum + count)).toBe(8);
    for (const [part, count] of rows.entries()) sums[part] += count;
  }
  for (const sum of sums) expect(Math.abs(sum / 1000 - 8 / 3)).toBeLessThan(0.01);
});

/** Rows whose reward is their number. */
function numbered(rows: number): ReplayBuffer {
  const buffer = new ReplayBuffer({ capacity: rows, numEnvs: 1, observationDim: 1, actionDim: 1 });
  const numbers = Float32Array.from({ length: rows }, (_, row) => row);
  const [none, all] = [new Uint8Array(rows), new Uint8Array(rows).fill(1)];
  buffer.add({
    observations: numbers,
    actions: numbers,
    rewards: numbers,
    nextObservations: numbers.map((number) => number + 1),
    terminated: none,
    truncated: all,
  });
  return buffer;
}

const OPTIONS = { online: null, demos: numbered(25), discount: 0.9, nSteps: 1, augmentation: null, seed: 1 };

test('each batch has its share of each dataset, also for models, and a saved state goes on where it was', () => {
  const parts = partsOf([5, 20], [3, 1]);
  const sampler = new SymmetricSampler({ ...OPTIONS, parts });
  const batches = allocateBatches(3, 16, 16, 1, 1);
  for (const fill of [() => sampler.fill(batches), () => sampler.fillForModel(batches)]) {
    fill();
    for (let start = 0; start < 48; start += 16) {
      const rewards = batches.rewards.subarray(start, start + 16);
      expect(Array.from(rewards, (row) => row < 5)).toEqual([
        ...Array(12).fill(true),
        ...Array(4).fill(false),
      ]);
    }
  }
  const saved = sampler.getState();
  sampler.fill(batches);
  const expected = batches.rewards.slice();
  const restored = new SymmetricSampler({ ...OPTIONS, parts, seed: 9 });
  restored.setState(saved);
  restored.fill(batches);
  expect(batches.rewards).toEqual(expected);
});

test('rows that lack a column are replaced by others of the same dataset', () => {
  const demos = numbered(25);
  demos.keep({
    advantages: Float32Array.from({ length: 25 }, (_, row) => (row % 2 === 0 ? row : Number.NaN)),
  });
  const sampler = new SymmetricSampler({ ...OPTIONS, demos, parts: partsOf([5, 20], [1, 1]) });
  const batches = allocateBatches(1, 16, 16, 1, 1, ['advantages']);
  sampler.fill(batches);
  expect(batches.rewards.every((row) => row % 2 === 0)).toBe(true);
  expect(batches.rewards.filter((row) => row < 5)).toHaveLength(8);
});

import { expect, test } from 'vitest';
import { ReplayBuffer } from '../../../src/buffers/replay_buffer.js';
import { demoRowsOf, SymmetricSampler } from '../../../src/buffers/symmetric_sampler.js';
import { allocateBatches } from '../../../src/buffers/transitions.js';

/** A buffer of `rows` single-step episodes, or one episode, whose reward is `sign` times their number, from 1. */
function numbered(rows: number, sign: number, isOne = false): ReplayBuffer {
  const buffer = new ReplayBuffer({ capacity: rows, numEnvs: 1, observationDim: 1, actionDim: 1 });
  const rewards = Float32Array.from({ length: rows }, (_, i) => sign * (i + 1));
  const ends = new Uint8Array(rows).fill(isOne ? 0 : 1);
  const none = new Uint8Array(rows);
  buffer.add({
    observations: rewards,
    actions: rewards,
    rewards,
    nextObservations: rewards,
    terminated: none,
    truncated: ends,
  });
  return buffer;
}

const OPTIONS = {
  online: numbered(50, 1),
  demos: numbered(20, -1),
  discount: 0.9,
  nSteps: 1,
  augmentation: null,
  seed: 4,
};

test('each batch has its demonstrations first and online experience after', () => {
  const batches = allocateBatches(3, 8, demoRowsOf(8, 0.5), 1, 1);
  new SymmetricSampler(OPTIONS).fill(batches);
  const signs = Array.from(batches.rewards, Math.sign);
  const batch = [-1, -1, -1, -1, 1, 1, 1, 1];
  expect(signs).toEqual([...batch, ...batch, ...batch]);
  expect(batches.observations).toEqual(batches.rewards);
  expect(batches.discounts.every((discount) => discount === Math.fround(0.9))).toBe(true);
});

test('rows are drawn uniformly, with replacement', () => {
  const batches = allocateBatches(1, 40_000, 20_000, 1, 1);
  new SymmetricSampler(OPTIONS).fill(batches);
  const counts = new Map<number, number>();
  for (const reward of batches.rewards) counts.set(reward, (counts.get(reward) ?? 0) + 1);
  expect(counts.size).toBe(70);
  for (const [reward, count] of counts) {
    const expected = reward < 0 ? 1000 : 400;
    expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
  }
});

test('batches for a model are demonstrations that are not held out, in single steps, and leave the online stream as it was', () => {
  const options = { ...OPTIONS, demos: numbered(20, -1, true), nSteps: 3 };
  const [plain, pretrained] = [new SymmetricSampler(options), new SymmetricSampler(options)];
  const batches = allocateBatches(20, 16, 8, 1, 1);
  pretrained.fillForModel(batches);
  const learnt = Array.from({ length: 20 }, (_, row) => row).filter((row) => row % 5 !== 0);
  expect(new Set(batches.rewards)).toEqual(new Set(learnt.map((row) => -(row + 1))));
  expect(batches.discounts.every((discount) => discount === Math.fround(0.9))).toBe(true);
  expect(pretrained.getState().online).toEqual(plain.getState().online);
});

test('the same seed draws the same rows, and a saved state goes on where it was', () => {
  const draw = (sampler: SymmetricSampler) => {
    const batches = allocateBatches(2, 16, 8, 1, 1);
    sampler.fill(batches);
    return batches.rewards;
  };
  const sampler = new SymmetricSampler(OPTIONS);
  const first = draw(sampler);
  expect(draw(new SymmetricSampler(OPTIONS))).toEqual(first);
  expect(draw(new SymmetricSampler({ ...OPTIONS, seed: 5 }))).not.toEqual(first);
  const saved = sampler.getState();
  const second = draw(sampler);
  expect(second).not.toEqual(first);
  const restored = new SymmetricSampler({ ...OPTIONS, seed: 99 });
  restored.setState(saved);
  expect(draw(restored)).toEqual(second);
});

test('empty sources are named', () => {
  const empty = new ReplayBuffer({ capacity: 5, numEnvs: 1, observationDim: 1, actionDim: 1 });
  const batches = allocateBatches(1, 4, 2, 1, 1);
  expect(() => new SymmetricSampler({ ...OPTIONS, online: empty }).fill(batches)).toThrow(
    /online experience/,
  );
  expect(() => new SymmetricSampler({ ...OPTIONS, demos: null }).fill(batches)).toThrow(/demonstrations/);
});

test('drawn from both together, demonstrations have their share of all transitions', () => {
  // 20 of 70 transitions are demonstrations: 8 · 20 / 70 = 2.29 rows in the mean.
  const sampler = new SymmetricSampler(OPTIONS);
  const rows = Array.from({ length: 10_000 }, () => sampler.uniformDemoRows(8));
  expect(new Set(rows)).toEqual(new Set([2, 3]));
  expect(rows.reduce((sum, count) => sum + count, 0) / rows.length).toBeCloseTo(160 / 70, 1);
  expect(new SymmetricSampler({ ...OPTIONS, online: null }).uniformDemoRows(8)).toBe(8);
});

import { expect, test } from 'vitest';
import { ReplayBuffer } from '../../../src/buffers/replay_buffer.js';
import { demoRowsOf, SymmetricSampler } from '../../../src/buffers/symmetric_sampler.js';
import { allocateBatches } from '../../../src/buffers/transitions.js';

/** A buffer of `rows` single-step episodes whose reward is `sign` times their number, from 1. */
function numbered(rows: number, sign: number): ReplayBuffer {
  const buffer = new ReplayBuffer({ capacity: rows, numEnvs: 1, observationDim: 1, actionDim: 1 });
  const rewards = Float32Array.from({ length: rows }, (_, i) => sign * (i + 1));
  const ends = new Uint8Array(rows).fill(1);
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

test('pre-training batches are demonstrations alone and leave the online stream as it was', () => {
  const [plain, pretrained] = [new SymmetricSampler(OPTIONS), new SymmetricSampler(OPTIONS)];
  const batches = allocateBatches(2, 6, 3, 1, 1);
  pretrained.fillFromDemonstrations(batches);
  expect(batches.rewards.every((reward) => reward < 0)).toBe(true);
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

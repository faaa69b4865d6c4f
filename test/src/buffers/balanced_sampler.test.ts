import { describe, expect, it } from 'vitest';
import { BalancedSampler, prioritiesOf } from '../../../src/buffers/balanced_sampler.js';
import { ReplayBuffer } from '../../../src/buffers/replay_buffer.js';
import { allocateBatches } from '../../../src/buffers/transitions.js';

/** A buffer of one number observed; row i has the observation `from` + i. */
function bufferOf(rows: number, from: number, capacity = rows): ReplayBuffer {
  const buffer = new ReplayBuffer({ capacity, numEnvs: 1, observationDim: 1, actionDim: 1 });
  add(buffer, rows, from);
  return buffer;
}

function add(buffer: ReplayBuffer, rows: number, from: number): void {
  const observations = Float32Array.from({ length: rows }, (_, i) => from + i);
  const zeros = new Float32Array(rows);
  buffer.add({
    observations,
    actions: zeros,
    rewards: zeros,
    nextObservations: observations,
    terminated: new Uint8Array(rows),
    truncated: new Uint8Array(rows).fill(1),
  });
}

const DATA = 6;
const ONLINE = 3;

/** Rows 0 to 5 are data, 100 and on experience, of which the ring holds 4. */
function samplerOf(firstOnlineShare = 0.5, temperature = 2) {
  const [data, online] = [bufferOf(DATA, 0), bufferOf(ONLINE, 100, 4)];
  const sampler = new BalancedSampler({
    data,
    online,
    rule: { temperature, firstOnlineShare },
    discount: 0.9,
    nSteps: 1,
    augmentation: null,
    seed: 5,
  });
  return { sampler, online };
}

/** The numbers of times that each row was drawn in so many batches of 50, by its observation. */
function counts(sampler: BalancedSampler, numBatches = 400): Map<number, number> {
  const batches = allocateBatches(numBatches, 50, 0, 1, 1);
  sampler.fill(batches);
  const found = new Map<number, number>();
  for (const row of batches.observations) found.set(row, (found.get(row) ?? 0) + 1);
  return found;
}

/** χ² of drawn rows against the shares that they should have. */
function chiSquared(found: Map<number, number>, shares: ReadonlyMap<number, number>): number {
  const drawn = [...found.values()].reduce((sum, count) => sum + count, 0);
  expect([...found.keys()].every((row) => shares.has(row))).toBe(true);
  return [...shares].reduce((sum, [row, share]) => {
    const wanted = share * drawn;
    return sum + ((found.get(row) ?? 0) - wanted) ** 2 / wanted;
  }, 0);
}

/** Above this, a true hypothesis of 8 or fewer degrees of freedom is refused once in 10,000 times. */
const LIMIT = 31.8;

const rowsOf = (priorities: Record<number, number>) => {
  const total = Object.values(priorities).reduce((sum, priority) => sum + priority, 0);
  return new Map(Object.entries(priorities).map(([row, priority]) => [Number(row), priority / total]));
};

describe('priorities', () => {
  it('are powers of ratios, in comparison with those of data', () => {
    const [low, one, high] = prioritiesOf(Float32Array.of(0.25, 1, 9), Float32Array.of(4, 16), 2);
    expect(low).toBeCloseTo(0.5 / 3, 6);
    expect(one).toBeCloseTo(1 / 3, 6);
    expect(high).toBeCloseTo(1, 6);
  });

  it('lie between 0.001 and 1000, also where a ratio is 0 or that of all data is', () => {
    expect(prioritiesOf(Float32Array.of(0), Float32Array.of(1), 5)[0]).toBe(Math.fround(1e-3));
    expect(prioritiesOf(Float32Array.of(1), Float32Array.of(0), 5)[0]).toBe(1000);
  });
});

describe('a sampler by priorities', () => {
  it.each([0.5, 0.75])('begins with a share of experience of %f, and all alike in either part', (share) => {
    const { sampler } = samplerOf(share);
    const shares = new Map([
      ...Array.from({ length: DATA }, (_, i) => [i, (1 - share) / DATA] as const),
      ...Array.from({ length: ONLINE }, (_, i) => [100 + i, share / ONLINE] as const),
    ]);
    expect(chiSquared(counts(sampler), shares)).toBeLessThan(LIMIT);
  });

  it('draws all rows alike once all ratios are 1', () => {
    const { sampler } = samplerOf();
    const batches = allocateBatches(20, 50, 0, 1, 1);
    sampler.fill(batches);
    sampler.setPriorities(new Float32Array(1000).fill(1), new Float32Array(10).fill(1));
    const shares = rowsOf({ 0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 100: 1, 101: 1, 102: 1 });
    expect(chiSquared(counts(sampler), shares)).toBeLessThan(LIMIT);
  });

  it('draws rows in proportion to the priorities that they were given', () => {
    const { sampler } = samplerOf();
    const batches = allocateBatches(20, 50, 0, 1, 1);
    sampler.fill(batches);
    // Of the ratio row², with T = 2, the priority is the row, of experience above 100 always 5.
    const ratios = batches.observations.map((row) => (row < 100 ? row ** 2 : 25));
    sampler.setPriorities(ratios, Float32Array.of(1));
    const shares = rowsOf({ 0: 1e-3, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 100: 5, 101: 5, 102: 5 });
    expect(chiSquared(counts(sampler), shares)).toBeLessThan(LIMIT);
  });

  it('gives new experience the highest priority that any has had, also where it overwrites other', () => {
    const { sampler, online } = samplerOf();
    const batches = allocateBatches(20, 50, 0, 1, 1);
    sampler.fill(batches);
    sampler.setPriorities(new Float32Array(1000).fill(1), Float32Array.of(1));
    // The first experience began with 6 · 0.5 / (0.5 · 3) = 2.
    add(online, 2, 200);
    sampler.noteExperience(2);
    const shares = rowsOf({ 0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 200: 2, 201: 2, 101: 1, 102: 1 });
    expect(chiSquared(counts(sampler), shares)).toBeLessThan(LIMIT);
  });

  it('tells the share of experience, and puts data first', () => {
    const { sampler } = samplerOf(0.9);
    const batches = allocateBatches(2, 50, 0, 1, 1);
    const share = sampler.fill(batches);
    expect(share).toBe(batches.observations.filter((row) => row >= 100).length / 100);
    expect([...batches.observations.subarray(0, 50)]).toEqual(
      [...batches.observations.subarray(0, 50)].sort((a, b) => a - b),
    );
  });

  it('goes on from its state to the bit', () => {
    const { sampler } = samplerOf();
    const batches = allocateBatches(4, 50, 0, 1, 1);
    sampler.fill(batches);
    sampler.setPriorities(
      Float32Array.from({ length: 200 }, (_, i) => i / 50),
      Float32Array.of(0.3),
    );
    const state = structuredClone(sampler.getState());
    const { sampler: other } = samplerOf();
    other.setState(state);
    expect(other.getState()).toEqual(state);
    expect(counts(other, 10)).toEqual(counts(sampler, 10));
    const fewer = { ...state, priorities: state.priorities.slice(1) };
    expect(() => other.setState(fewer)).toThrow(
      '8 saved priorities do not fit 6 rows of data and 3 of experience',
    );
  });

  it('begins anew from a state of before the first batch', () => {
    const [{ sampler }, { sampler: other }] = [samplerOf(), samplerOf()];
    other.setState(sampler.getState());
    expect(counts(other, 10)).toEqual(counts(sampler, 10));
  });

  it('refuses to draw without experience', () => {
    const data = bufferOf(2, 0);
    const online = new ReplayBuffer({ capacity: 2, numEnvs: 1, observationDim: 1, actionDim: 1 });
    const rule = { temperature: 5, firstOnlineShare: 0.5 };
    const options = { data, online, rule, discount: 0.9, nSteps: 1, augmentation: null, seed: 0 };
    expect(() => new BalancedSampler(options).fill(allocateBatches(1, 2, 0, 1, 1))).toThrow(
      "can't fill a batch: there are 2 rows of data and 0 of experience",
    );
  });
});

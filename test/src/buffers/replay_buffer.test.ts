import { expect, test } from 'vitest';
import { ReplayBuffer, type Transitions } from '../../../src/buffers/replay_buffer.js';
import { bytesPerTransition } from '../../../src/buffers/replay_chunk.js';
import { allocateBatches } from '../../../src/buffers/transitions.js';

const DIMS = { observationDim: 2, actionDim: 1 };

/**
 * One step of `numEnvs` environments, told apart by its numbers: environment i at time t observes [i, t], acts i and is
 * rewarded with 10^i · t.
 */
function stepAt(
  t: number,
  numEnvs: number,
  endings: { terminated?: number; truncated?: number } = {},
): Transitions {
  const envs = Array.from({ length: numEnvs }, (_, i) => i);
  return {
    observations: Float32Array.from(envs.flatMap((i) => [i, t])),
    actions: Float32Array.from(envs),
    rewards: Float32Array.from(envs, (i) => 10 ** i * t),
    nextObservations: Float32Array.from(envs.flatMap((i) => [i, t + 1])),
    terminated: Uint8Array.from(envs, (i) => (i === endings.terminated ? 1 : 0)),
    truncated: Uint8Array.from(envs, (i) => (i === endings.truncated ? 1 : 0)),
  };
}

function filled(steps: number, numEnvs: number, capacity = 1000): ReplayBuffer {
  const buffer = new ReplayBuffer({ capacity, numEnvs, ...DIMS });
  for (let t = 0; t < steps; t++) buffer.add(stepAt(t, numEnvs));
  return buffer;
}

function lookUp(buffer: ReplayBuffer, row: number, nSteps: number, discount = 0.5) {
  const out = allocateBatches(1, 2, 0, 2, 1);
  buffer.copyInto(out, 1, Int32Array.of(row), nSteps, discount);
  return {
    observation: Array.from(out.observations.subarray(2)),
    action: out.actions[1],
    reward: out.rewards[1],
    discount: out.discounts[1],
    nextObservation: Array.from(out.nextObservations.subarray(2)),
  };
}

test('one step is what was added', () => {
  expect(lookUp(filled(5, 2), 2 * 3 + 1, 1, 0.9)).toEqual({
    observation: [1, 3],
    action: 1,
    reward: 30,
    discount: Math.fround(0.9),
    nextObservation: [1, 4],
  });
});

test('n steps add up discounted rewards of the same environment', () => {
  const { reward, discount, nextObservation } = lookUp(filled(9, 3), 3 * 4 + 1, 3);
  expect(reward).toBe(10 * (4 + 0.5 * 5 + 0.25 * 6));
  expect(discount).toBe(0.125);
  expect(nextObservation).toEqual([1, 7]);
});

test('a window stops at the time limit, with the discount of the steps made', () => {
  const buffer = filled(3, 2);
  buffer.add(stepAt(3, 2, { truncated: 1 }));
  buffer.add(stepAt(4, 2));
  expect(lookUp(buffer, 2 * 2 + 1, 3)).toMatchObject({
    reward: 10 * (2 + 1.5),
    discount: 0.25,
    nextObservation: [1, 4],
  });
  expect(lookUp(buffer, 2 * 2, 3)).toMatchObject({
    reward: 2 + 1.5 + 1,
    discount: 0.125,
    nextObservation: [0, 5],
  });
});

test('nothing counts after termination', () => {
  const buffer = filled(3, 2);
  buffer.add(stepAt(3, 2, { terminated: 0 }));
  buffer.add(stepAt(4, 2));
  expect(lookUp(buffer, 2 * 2, 3)).toMatchObject({ reward: 2 + 1.5, discount: 0, nextObservation: [0, 4] });
  expect(lookUp(buffer, 2 * 2, 1)).toMatchObject({ reward: 2, discount: 0.5, nextObservation: [0, 3] });
});

test('a window stops at the newest step, also when the ring has gone round', () => {
  const numEnvs = 2;
  const buffer = filled(13, numEnvs, 11);
  expect(buffer.capacity).toBe(10);
  expect(buffer.size).toBe(10);
  // Steps 8 to 12 are left; step t lies in rows 2·(t mod 5) and the next.
  expect(lookUp(buffer, 2 * (8 % 5), 4)).toMatchObject({
    observation: [0, 8],
    nextObservation: [0, 12],
    discount: 0.0625,
  });
  expect(lookUp(buffer, 2 * (11 % 5), 4)).toMatchObject({
    observation: [0, 11],
    nextObservation: [0, 13],
    discount: 0.25,
  });
  expect(lookUp(buffer, 2 * (12 % 5), 4)).toMatchObject({
    observation: [0, 12],
    nextObservation: [0, 13],
    discount: 0.5,
  });
});

test('rows beyond the first chunk of memory are found', () => {
  const steps = 20_000;
  const buffer = filled(steps, 1, 1_000_000);
  const t = 16_382;
  expect(lookUp(buffer, t, 4, 1)).toMatchObject({
    observation: [0, t],
    reward: 4 * t + 6,
    nextObservation: [0, t + 4],
  });
  expect(buffer.size).toBe(steps);
});

test('saved contents continue as the original', () => {
  const original = filled(13, 2, 10);
  const copy = new ReplayBuffer({ capacity: 10, numEnvs: 2, ...DIMS });
  copy.setState(structuredClone(original.getState()));
  for (const buffer of [original, copy]) buffer.add(stepAt(13, 2, { truncated: 0 }));
  expect(copy.getState()).toEqual(original.getState());
  for (let row = 0; row < 10; row++) expect(lookUp(copy, row, 3)).toEqual(lookUp(original, row, 3));
});

test('a saved state of a large buffer spans chunks', () => {
  const original = filled(40_000, 1, 50_000);
  const copy = new ReplayBuffer({ capacity: 50_000, numEnvs: 1, ...DIMS });
  const saved = original.getState();
  expect(saved.chunks.map(({ rewards }) => rewards.length)).toEqual([16_384, 16_384, 7_232]);
  copy.setState(structuredClone(saved));
  expect(lookUp(copy, 39_000, 2)).toEqual(lookUp(original, 39_000, 2));
  expect(lookUp(copy, 39_999, 2)).toEqual(lookUp(original, 39_999, 2));
  for (const buffer of [original, copy]) for (let t = 0; t < 12_000; t++) buffer.add(stepAt(t, 1));
  expect(copy.getState()).toEqual(original.getState());
});

test('misfits are refused', () => {
  const buffer = filled(2, 2, 10);
  expect(() => buffer.add(stepAt(0, 3))).toThrow(/3 transitions are not whole steps of 2/);
  expect(() => buffer.add({ ...stepAt(0, 2), actions: new Float32Array(3) })).toThrow(
    /actions has 3.*expected 2/,
  );
  expect(() => buffer.setState(filled(8, 2, 100).getState())).toThrow(/16 saved transitions do not fit.*10/);
  const [chunk] = buffer.getState().chunks;
  const misfit = { ...buffer.getState(), chunks: [{ ...chunk, rewards: new Float32Array(1) }] };
  expect(() => buffer.setState(misfit)).toThrow(/saved rewards has 1 values; expected 4/);
  expect(() => buffer.setState({ ...buffer.getState(), chunks: [] })).toThrow(/saved observations has 0/);
  expect(() => new ReplayBuffer({ capacity: 3, numEnvs: 4, ...DIMS })).toThrow(/holds no step of 4/);
});

test('a million PickCube transitions take at most 420 MB, and none before they come', () => {
  const [observationDim, actionDim] = [42, 8];
  expect(bytesPerTransition({ observationDim, actionDim })).toBe(373);
  const before = process.memoryUsage().arrayBuffers;
  const buffer = new ReplayBuffer({ capacity: 1_000_000, numEnvs: 1, observationDim, actionDim });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  const rows = 50_000;
  const one: Transitions = {
    observations: new Float32Array(observationDim),
    actions: new Float32Array(actionDim),
    rewards: new Float32Array(1),
    nextObservations: new Float32Array(observationDim),
    terminated: new Uint8Array(1),
    truncated: new Uint8Array(1),
  };
  for (let i = 0; i < rows; i++) buffer.add(one);
  const bytesPerRow = (process.memoryUsage().arrayBuffers - before) / 65_536;
  expect(bytesPerRow * 1e6).toBeLessThan(420e6);
});

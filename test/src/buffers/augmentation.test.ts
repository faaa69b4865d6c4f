import { describe, expect, it } from 'vitest';
import type { EnvironmentSpec } from '../../../envs/env.js';
import { Augmentation } from '../../../src/buffers/augmentation.js';
import { allocateBatches } from '../../../src/buffers/transitions.js';
import { namedStream } from '../../../src/rng.js';

const SPEC: EnvironmentSpec = {
  envId: 'Toy-v1',
  robot: 'panda',
  controlMode: 'pd_joint_delta_pos',
  rewardMode: 'sparse',
  secondsPerStep: 0.05,
  judgedBy: 'success_at_end',
  maxEpisodeSteps: 10,
  observationDim: 4,
  actionDim: 8,
  actionLow: [],
  actionHigh: [],
  observationLayout: [
    { name: 'a', kind: 'scalar', offset: 0, size: 1 },
    { name: 'b', kind: 'direction', offset: 1, size: 3 },
  ],
  symmetries: ['mirror', 'turn'],
  symmetryCentre: [0, 0],
};
const ROWS = 4000;

/** Batches of the direction (1, 1, 1) and then (2, 2, 2), under an action of ones, after augmentation from row 1000 on. */
function augmented(mirror: boolean, turnRadians: number) {
  const batches = allocateBatches(2, ROWS / 2, 0, SPEC.observationDim, SPEC.actionDim);
  batches.observations.fill(1);
  batches.nextObservations.fill(2);
  batches.actions.fill(1);
  const options = { mirror, turnRadians, stretchedActions: false };
  new Augmentation(SPEC, options).apply(batches, 1000, ROWS, namedStream(0, 'demo-batches'));
  return batches;
}

describe('Augmentation', () => {
  it('mirrors every other transition, its action with its observations', () => {
    const { observations, nextObservations, actions } = augmented(true, 0);
    let mirrored = 0;
    for (let i = 0; i < ROWS; i++) {
      const sign = observations[4 * i + 2];
      if (sign < 0) mirrored++;
      expect([...observations.subarray(4 * i, 4 * i + 4)]).toEqual([1, 1, sign, 1]);
      expect([...nextObservations.subarray(4 * i, 4 * i + 4)]).toEqual([2, 2, 2 * sign, 2]);
      expect([...actions.subarray(8 * i, 8 * i + 8)]).toEqual([sign, 1, sign, 1, sign, 1, sign, 1]);
      if (i < 1000) expect(sign).toBe(1);
    }
    expect(Math.abs(mirrored - 1500)).toBeLessThan(150);
  });

  it('turns each transition by an angle of its own, to both sides', () => {
    const { observations, nextObservations, actions } = augmented(false, 0.2);
    const angleAt = (values: Float32Array, i: number) =>
      Math.atan2(values[4 * i + 2], values[4 * i + 1]) - Math.PI / 4;
    const angles = Array.from({ length: ROWS }, (_, i) => angleAt(observations, i));
    for (let i = 0; i < ROWS; i++) expect(angleAt(nextObservations, i)).toBeCloseTo(angles[i], 5);
    expect(Math.max(...angles.slice(0, 1000).map(Math.abs))).toBeLessThan(1e-6);
    expect(Math.max(...angles)).toBeGreaterThan(0.19);
    expect(Math.max(...angles)).toBeLessThan(0.2001);
    expect(Math.min(...angles)).toBeLessThan(-0.19);
    expect(actions.every((value) => value === 1)).toBe(true);
  });

  it('mirrors and turns next actions with their transition', () => {
    const spec: EnvironmentSpec = { ...SPEC, controlMode: 'pd_ee_delta_pos', actionDim: 4 };
    const batches = allocateBatches(1, 100, 0, spec.observationDim, spec.actionDim, ['nextActions']);
    batches.actions.fill(0.5);
    batches.nextActions!.fill(0.25);
    const options = { mirror: true, turnRadians: 0.5, stretchedActions: false };
    new Augmentation(spec, options).apply(batches, 0, 100, namedStream(0, 'demo-batches'));
    expect(new Set(batches.actions.map(Math.abs)).size).toBeGreaterThan(100);
    expect(batches.nextActions).toEqual(batches.actions.map((value, i) => (i % 4 < 2 ? value / 2 : 0.25)));
  });

  it('does not turn a transition whose next action could not be done there', () => {
    const spec: EnvironmentSpec = { ...SPEC, controlMode: 'pd_ee_delta_pos', actionDim: 4 };
    const batches = allocateBatches(1, 100, 0, spec.observationDim, spec.actionDim, ['nextActions']);
    batches.observations.fill(1);
    batches.nextActions!.fill(1);
    const before = structuredClone(batches);
    const options = { mirror: false, turnRadians: 0.5, stretchedActions: false };
    new Augmentation(spec, options).apply(batches, 0, 100, namedStream(0, 'demo-batches'));
    expect(batches).toEqual(before);
  });
});

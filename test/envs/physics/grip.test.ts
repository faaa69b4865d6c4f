import { describe, expect, it } from 'vitest';
import { largestDifference, readGrips, stateOf } from '../parity_fixture.js';
import { useDeltaPosEnvironment } from './delta_pos_environment.js';

const QPOS = 0;
const QVEL = 9;
const LEFT = 7;
const IS_GRASPED = 18;
const TCP_ROTATION = 22;
const CUBE_ROTATION = 32;

const grips = readGrips();
const observation = new Float32Array(42);

describe('a cube gripped askew, as in ManiSkill,', () => {
  const environment = useDeltaPosEnvironment();

  it('stays askew: the pads keep it from turning', () => {
    const turns = grips.map((grip) => {
      environment().resetTo(stateOf(grip), null, observation);
      for (const action of grip.actions) environment().step(Float32Array.from(action), observation);
      const recorded = grip.steps[grip.steps.length - 1].observation;
      expect(observation[IS_GRASPED]).toBe(1);
      expect(Math.abs(observation[LEFT] - recorded[LEFT]), `finger, ${grip.seed}°`).toBeLessThan(1.5e-3);
      return Math.abs(yawInHand(observation) - yawInHand(recorded));
    });
    turns.sort((a, b) => a - b);
    expect(turns[turns.length / 2]).toBeLessThan(1);
    expect(turns[turns.length - 1]).toBeLessThan(5);
  });

  it.each(grips)('moves, and reports the velocities of its joints, as in PhysX, $seed°', (grip) => {
    environment().resetTo(stateOf(grip), null, observation);
    grip.actions.forEach((action, step) => {
      environment().step(Float32Array.from(action), observation);
      const recorded = grip.steps[step].observation;
      expect(largestDifference(observation.subarray(QPOS), recorded, 9), `step ${step}`).toBeLessThan(1e-3);
    });
    const recorded = grip.steps[grip.steps.length - 1].observation;
    expect(largestDifference(observation.subarray(QVEL), recorded.slice(QVEL), 9)).toBeLessThan(0.003);
  });

  it('is held on from a state whose fingers seem to open at 0.4 m/s', () => {
    const grip = grips.reduce((most, other) => (speedOf(other) > speedOf(most) ? other : most));
    expect(speedOf(grip)).toBeGreaterThan(0.3);
    environment().resetTo(stateOf(grip, grip.steps.length - 1), null, observation);
    expect(observation[IS_GRASPED]).toBe(1);
    const opening = observation[LEFT];
    const [hold] = grip.actions;
    for (let step = 0; step < 20; step++) environment().step(Float32Array.from(hold), observation);
    expect(observation[IS_GRASPED]).toBe(1);
    expect(Math.abs(observation[LEFT] - opening)).toBeLessThan(1e-3);
  });

  it('leaves the arm as static as it is', () => {
    for (const grip of grips) {
      environment().resetTo(stateOf(grip), null, observation);
      grip.actions.forEach((action, i) => {
        const { flags } = environment().step(Float32Array.from(action), observation);
        expect(flags.is_robot_static, `${grip.seed}°, step ${i}`).toBe(grip.steps[i].is_robot_static);
      });
    }
  });
});

/** Reported speed of the left finger, m/s, at the end of the recording. */
function speedOf({ steps }: (typeof grips)[number]): number {
  return steps[steps.length - 1].observation[QVEL + LEFT];
}

/** Degrees by which the cube is turned in the hand about the hand's z axis, from −45 to 45. */
function yawInHand(values: ArrayLike<number>): number {
  const [w, x, y, z] = [0, 1, 2, 3].map((i) => values[TCP_ROTATION + i]);
  const [cw, cx, cy, cz] = [0, 1, 2, 3].map((i) => values[CUBE_ROTATION + i]);
  const w12 = w * cw + x * cx + y * cy + z * cz;
  const x12 = w * cx - x * cw - y * cz + z * cy;
  const y12 = w * cy + x * cz - y * cw - z * cx;
  const z12 = w * cz - x * cy + y * cx - z * cw;
  const angle = Math.atan2(2 * (x12 * y12 + w12 * z12), 1 - 2 * (y12 * y12 + z12 * z12));
  const turns = (angle * 2) / Math.PI;
  return 90 * (turns - Math.round(turns));
}

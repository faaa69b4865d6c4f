import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../../envs/env.js';
import { makeEnvironment } from '../../../envs/registry.js';
import { readGrips, stateOf } from '../parity_fixture.js';

const LEFT = 7;
const IS_GRASPED = 18;
const TCP_ROTATION = 22;
const CUBE_ROTATION = 32;

const grips = readGrips();
const observation = new Float32Array(42);

describe('a cube gripped askew, as in ManiSkill,', () => {
  let environment: Environment;

  beforeAll(async () => {
    environment = await makeEnvironment('PickCube-v1', {
      controlMode: 'pd_joint_delta_pos',
      rewardMode: 'none',
    });
  });
  afterAll(() => environment.close());

  it('stays askew: the pads keep it from turning', () => {
    const turns = grips.map((grip) => {
      environment.setState(stateOf(grip));
      for (const action of grip.actions) environment.step(Float32Array.from(action), observation);
      const recorded = grip.steps[grip.steps.length - 1].observation;
      expect(observation[IS_GRASPED]).toBe(1);
      expect(Math.abs(observation[LEFT] - recorded[LEFT]), `finger, ${grip.seed}°`).toBeLessThan(1.5e-3);
      return Math.abs(yawInHand(observation) - yawInHand(recorded));
    });
    turns.sort((a, b) => a - b);
    expect(turns[turns.length / 2]).toBeLessThan(1);
    expect(turns[turns.length - 1]).toBeLessThan(5);
  });
});

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

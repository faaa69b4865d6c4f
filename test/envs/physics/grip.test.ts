import { beforeAll, describe, expect, it } from 'vitest';
import { Actor } from '../../../envs/bodies/actor.js';
import { box, dynamic } from '../../../envs/bodies/description.js';
import { DEFAULT_BASE_POSE } from '../../../envs/panda/model.js';
import { PandaWorld } from '../../../envs/physics/panda_world.js';
import { loadRapier } from '../../../envs/physics/rapier.js';
import { PANDA } from '../../../envs/robots/panda.js';
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

  it.each(grips)('reports the joint velocities of PhysX, $seed°', (grip) => {
    const last = grip.steps.length - 1;
    environment().resetTo(stateOf(grip, last - 1), null, observation);
    environment().step(Float32Array.from(grip.actions[last]), observation);
    const recorded = grip.steps[last].observation;
    expect(largestDifference(observation.subarray(QVEL), recorded.slice(QVEL), 9)).toBeLessThan(0.012);
    expect(largestDifference(observation.subarray(QPOS), recorded, 7)).toBeLessThan(1e-3);
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
    expect(Math.abs(observation[LEFT] - opening)).toBeLessThan(2e-4);
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

describe('the pad that comes first', () => {
  beforeAll(loadRapier);

  it('matters as if the cube were turned the other way', () => {
    const [rightFirst] = fingerVelocities(14, false);
    const [leftFirst] = fingerVelocities(14, true);
    const [, mirrored] = fingerVelocities(-14, true);
    expect(rightFirst - leftFirst).toBeGreaterThan(0.07);
    expect(Math.abs(rightFirst - mirrored)).toBeLessThan(0.04);
  });
});

/**
 * Reported speeds of both fingers, m/s, after gripping a cube on the table, turned by `yaw` degrees and off centre.
 */
function fingerVelocities(yaw: number, leftPadFirst: boolean): Float64Array {
  const cube = new Actor('cube', dynamic(box([0.02, 0.02, 0.02], { color: 0, roughness: 1 })));
  const qpos = grips[0].state.articulations.panda.slice(13, 22);
  const world = new PandaWorld(PANDA, DEFAULT_BASE_POSE, [cube]);
  cube.place(0.004, 0, 0.02, (yaw * Math.PI) / 180);
  world.leftPadFirst = leftPadFirst;
  world.resetAtRest(qpos, new Float64Array(9));
  for (let step = 0; step < 10; step++) {
    world.targets.arm.set(world.qpos.subarray(0, 7));
    world.targets.fingers = -0.01;
    world.controlStep();
  }
  const velocities = world.qvel.slice(7, 9);
  world.close();
  return velocities;
}

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

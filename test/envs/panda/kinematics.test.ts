import { describe, expect, it } from 'vitest';
import { DampedLeastSquares } from '../../../envs/panda/damped_least_squares.js';
import { InverseKinematics } from '../../../envs/panda/inverse_kinematics.js';
import { PandaKinematics } from '../../../envs/panda/kinematics.js';
import { DEFAULT_BASE_POSE } from '../../../envs/panda/model.js';
import { RandomStream } from '../../../envs/random.js';
import { PANDA } from '../../../envs/robots/panda.js';
import { distanceAt, largestDifference, readEpisodes } from '../parity_fixture.js';

const episodes = readEpisodes();

describe('forward kinematics', () => {
  const kinematics = new PandaKinematics(DEFAULT_BASE_POSE);
  const quaternion = new Float64Array(4);

  it('puts links, hand, tool centre point and fingers where ManiSkill has them, to 1 µm', () => {
    for (const { firstObservation, linkPoses } of episodes) {
      kinematics.update(Float64Array.from(firstObservation));
      for (let joint = 0; joint < 7; joint++) {
        const position = kinematics.positions.subarray(3 * joint, 3 * joint + 3);
        expect(distanceAt(position, linkPoses[`panda_link${joint + 1}`], 0)).toBeLessThan(1e-6);
      }
      expect(distanceAt(kinematics.handPosition, linkPoses.panda_hand, 0)).toBeLessThan(1e-6);
      expect(distanceAt(kinematics.tcpPosition, linkPoses.panda_hand_tcp, 0)).toBeLessThan(1e-6);
      const finger = { x: 0, y: 0, z: 0 };
      for (const [side, name] of [[1, 'panda_leftfinger'] as const, [-1, 'panda_rightfinger'] as const]) {
        kinematics.fingerPosition(side, 0.04, finger);
        expect(distanceAt([finger.x, finger.y, finger.z], linkPoses[name], 0)).toBeLessThan(1e-6);
      }
    }
  });

  it("gives the tool's quaternion with ManiSkill's sign in every recorded state", () => {
    for (const { steps } of episodes) {
      for (const { observation } of steps) {
        const qpos = Float64Array.from(observation.slice(0, 9));
        kinematics.update(qpos);
        kinematics.handQuaternion(qpos, quaternion);
        expect(distanceAt(kinematics.tcpPosition, observation.slice(19, 22), 0)).toBeLessThan(2e-6);
        expect(largestDifference(quaternion, observation.slice(22, 26), 4)).toBeLessThan(2e-6);
      }
    }
  });

  it('turns and moves everything with the base', () => {
    const qpos = Float64Array.from(PANDA.restQpos);
    kinematics.update(qpos);
    const quarter = new PandaKinematics([0, 1, 0, Math.SQRT1_2, 0, 0, Math.SQRT1_2]);
    quarter.update(qpos);
    const [x, y, z] = kinematics.tcpPosition;
    expect(distanceAt(quarter.tcpPosition, [-y, 1 + x + 0.615, z], 0)).toBeLessThan(1e-12);
  });

  it('gives the velocity of the hand', () => {
    const random = new RandomStream(3);
    const qpos = Float64Array.from(PANDA.restQpos, (q) => q + 0.3 * random.normal());
    const qvel = Float64Array.from(PANDA.restQpos, () => random.normal());
    const velocity = new Float64Array(6);
    kinematics.update(qpos);
    kinematics.handVelocity(qvel, velocity);
    const step = 1e-6;
    const before = kinematics.handPosition.slice();
    kinematics.update(qpos.map((q, i) => q + step * qvel[i]));
    for (let axis = 0; axis < 3; axis++) {
      expect((kinematics.handPosition[axis] - before[axis]) / step).toBeCloseTo(velocity[axis], 5);
    }
  });
});

describe('inverse kinematics', () => {
  const solver = new InverseKinematics(DEFAULT_BASE_POSE);

  it('has the Jacobian of finite differences', () => {
    const qpos = Float64Array.from(PANDA.restQpos);
    const { kinematics } = solver;
    const leastSquares = new DampedLeastSquares(1e-4);
    kinematics.update(qpos);
    leastSquares.updateJacobian(kinematics, kinematics.tcpPosition);
    const { jacobian } = leastSquares;
    const tcp = kinematics.tcpPosition.slice();
    const step = 1e-7;
    for (let joint = 0; joint < 7; joint++) {
      kinematics.update(qpos.map((q, i) => q + (i === joint ? step : 0)));
      for (let axis = 0; axis < 3; axis++) {
        const slope = (kinematics.tcpPosition[axis] - tcp[axis]) / step;
        expect(slope).toBeCloseTo(jacobian[6 * joint + axis], 5);
      }
    }
  });

  it('reaches poses over the table from the rest configuration', () => {
    const random = new RandomStream(1);
    for (let trial = 0; trial < 50; trial++) {
      const target = Float64Array.of(
        random.uniform(-0.1, 0.1),
        random.uniform(-0.2, 0.2),
        random.uniform(0.02, 0.3),
        0,
        1,
        0,
        0,
      );
      const qpos = Float64Array.from(PANDA.restQpos);
      expect(solver.solve(qpos, target, 20, 1e-6)).toBeLessThan(1e-6);
      solver.kinematics.update(qpos);
      expect(distanceAt(solver.kinematics.tcpPosition, target, 0)).toBeLessThan(1e-6);
    }
  });

  it('moves the joints less if the tool may turn freely', () => {
    const target = Float64Array.of(0.1, 0.2, 0.1, 0, 1, 0, 0);
    const lengthOfWay = (turnsFreely: boolean): number => {
      const qpos = Float64Array.from(PANDA.restQpos);
      expect(solver.solve(qpos, target, 20, 1e-6, turnsFreely)).toBeLessThan(1e-6);
      solver.kinematics.update(qpos);
      expect(distanceAt(solver.kinematics.tcpPosition, target, 0)).toBeLessThan(1e-6);
      return Math.hypot(...qpos.map((q, joint) => q - PANDA.restQpos[joint]));
    };
    expect(lengthOfWay(true)).toBeLessThan(0.9 * lengthOfWay(false));
  });
});

import { describe, expect, it } from 'vitest';
import { choleskyFactor, choleskyInverse, choleskySolve } from '../../../envs/panda/cholesky.js';
import { ArmDynamics } from '../../../envs/panda/dynamics.js';
import { PandaKinematics } from '../../../envs/panda/kinematics.js';
import { DEFAULT_BASE_POSE } from '../../../envs/panda/model.js';
import { RandomStream } from '../../../envs/random.js';
import { PANDA } from '../../../envs/robots/panda.js';

const N = 7;
const random = new RandomStream(11);
const states = Array.from({ length: 5 }, () => ({
  qpos: Float64Array.from(PANDA.restQpos, (q) => q + 0.5 * random.normal()),
  qvel: Float64Array.from(PANDA.restQpos, () => random.normal()),
}));

function dynamicsAt(qpos: Float64Array, qvel: Float64Array): ArmDynamics {
  const kinematics = new PandaKinematics(DEFAULT_BASE_POSE);
  const dynamics = new ArmDynamics(PANDA.armBodies);
  kinematics.update(qpos);
  dynamics.update(kinematics, qvel);
  return dynamics;
}

function massMatrix(qpos: Float64Array): Float64Array {
  return dynamicsAt(qpos, new Float64Array(9)).massMatrix.slice();
}

function quadratic(matrix: Float64Array, v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < N; i++) for (let j = 0; j < N; j++) sum += v[i] * matrix[N * i + j] * v[j];
  return sum;
}

/** Kinetic energy from the bodies' motion between two nearby configurations, sharing no formula with the dynamics. */
function kineticEnergy(qpos: Float64Array, qvel: Float64Array): number {
  const step = 1e-6;
  const [before, after] = [-step, step].map((dt) => {
    const kinematics = new PandaKinematics(DEFAULT_BASE_POSE);
    kinematics.update(qpos.map((q, i) => q + dt * qvel[i]));
    return kinematics;
  });
  let energy = 0;
  PANDA.armBodies.forEach(({ mass, centreOfMass, inertia }, body) => {
    const centre = ({ positions, rotations }: PandaKinematics, row: number) =>
      positions[3 * body + row] +
      [0, 1, 2].reduce((sum, k) => sum + rotations[9 * body + 3 * row + k] * centreOfMass[k], 0);
    const velocity = [0, 1, 2].map((row) => (centre(after, row) - centre(before, row)) / (2 * step));
    // Rᵀ·Ṙ is the cross-product matrix of the angular velocity in body axes.
    const spin = (r: number, c: number) =>
      [0, 1, 2].reduce((sum, k) => {
        const mid = (after.rotations[9 * body + 3 * k + r] + before.rotations[9 * body + 3 * k + r]) / 2;
        const rate =
          (after.rotations[9 * body + 3 * k + c] - before.rotations[9 * body + 3 * k + c]) / (2 * step);
        return sum + mid * rate;
      }, 0);
    const [wx, wy, wz] = [spin(2, 1), spin(0, 2), spin(1, 0)];
    const [xx, xy, xz, yy, yz, zz] = inertia;
    energy += 0.5 * mass * velocity.reduce((sum, v) => sum + v * v, 0);
    energy += 0.5 * (xx * wx * wx + yy * wy * wy + zz * wz * wz) + xy * wx * wy + xz * wx * wz + yz * wy * wz;
  });
  return energy;
}

describe('arm dynamics', () => {
  it('has a symmetric, positive definite mass matrix', () => {
    for (const { qpos } of states) {
      const matrix = massMatrix(qpos);
      for (let i = 0; i < N; i++) {
        for (let j = 0; j < N; j++) expect(matrix[N * i + j]).toBe(matrix[N * j + i]);
      }
      const factor = new Float64Array(N * N);
      choleskyFactor(matrix, N, factor);
      for (let i = 0; i < N; i++) expect(factor[(N + 1) * i]).toBeGreaterThan(0.01);
    }
  });

  it('has the kinetic energy of its bodies', () => {
    for (const { qpos, qvel } of states) {
      const energy = 0.5 * quadratic(massMatrix(qpos), qvel);
      expect(energy / kineticEnergy(qpos, qvel)).toBeCloseTo(1, 7);
    }
  });

  it("has the Coriolis torques of Lagrange's equations: Ṁ·v − ½·∂(vᵀMv)/∂q", () => {
    const step = 1e-5;
    for (const { qpos, qvel } of states) {
      const { bias } = dynamicsAt(qpos, qvel);
      const ahead = massMatrix(qpos.map((q, i) => q + step * qvel[i]));
      const behind = massMatrix(qpos.map((q, i) => q - step * qvel[i]));
      for (let i = 0; i < N; i++) {
        let torque = 0;
        for (let j = 0; j < N; j++) torque += ((ahead[N * i + j] - behind[N * i + j]) / (2 * step)) * qvel[j];
        const up = massMatrix(qpos.map((q, k) => q + (k === i ? step : 0)));
        const down = massMatrix(qpos.map((q, k) => q - (k === i ? step : 0)));
        torque -= (0.5 * (quadratic(up, qvel) - quadratic(down, qvel))) / (2 * step);
        expect(bias[i]).toBeCloseTo(torque, 6);
      }
    }
  });

  it('carries hand and fingers on its last body', () => {
    expect(PANDA.armBodies[6].mass).toBeCloseTo(0.735522 + 0.73 + 2 * 0.015, 9);
  });
});

describe('Cholesky', () => {
  it('solves and inverts', () => {
    const matrix = massMatrix(states[0].qpos);
    const factor = new Float64Array(N * N);
    const inverse = new Float64Array(N * N);
    choleskyFactor(matrix, N, factor);
    const solution = Float64Array.from({ length: N }, (_, i) => i + 1);
    choleskySolve(factor, N, solution);
    choleskyInverse(factor, N, inverse);
    for (let i = 0; i < N; i++) {
      let rightSide = 0;
      let fromInverse = 0;
      for (let j = 0; j < N; j++) {
        rightSide += matrix[N * i + j] * solution[j];
        fromInverse += inverse[N * i + j] * (j + 1);
      }
      expect(rightSide).toBeCloseTo(i + 1, 9);
      expect(fromInverse).toBeCloseTo(solution[i], 9);
    }
  });
});

import { expect } from 'vitest';
import type { EnvironmentSpec, EnvironmentState, SceneSymmetry } from '../../envs/env.js';
import { Symmetry } from '../../envs/symmetry.js';
import { TABLE_NAME } from '../../envs/tasks/task.js';

/** Another view of an environment's observations, actions and states, each a copy: in a mirror, or turned by `radians`. */
export class SceneView {
  private readonly symmetry: Symmetry;

  constructor(
    private readonly spec: EnvironmentSpec,
    private readonly kind: SceneSymmetry,
    private readonly radians = 0,
  ) {
    this.symmetry = new Symmetry(spec);
  }

  observation(observation: Float32Array): Float32Array {
    const seen = observation.slice();
    if (this.kind === 'mirror') this.symmetry.mirrorObservation(seen);
    else this.symmetry.turnObservation(seen, this.radians);
    return seen;
  }

  action(action: Float32Array): Float32Array {
    const seen = action.slice();
    if (this.kind === 'mirror') this.symmetry.mirrorAction(seen);
    else expect(this.symmetry.turnAction(seen, this.radians)).toBe(true);
    return seen;
  }

  state(state: EnvironmentState): EnvironmentState {
    const { [TABLE_NAME]: table, ...bodies } = state.actors;
    const changed = (rows: EnvironmentState['actors'], change: (row: Float64Array) => Float64Array) =>
      Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, change(row)]));
    return {
      ...state,
      actors: { [TABLE_NAME]: table, ...changed(bodies, (row) => this.body(row)) },
      articulations: changed(state.articulations, (row) => this.robot(row)),
    };
  }

  /** Position 3, quaternion wxyz 4, linear and angular velocity 3 each. */
  private body(row: Float64Array): Float64Array {
    const [centreX, centreY] = this.spec.symmetryCentre;
    const [px, py, pz, w, x, y, z, vx, vy, vz, ox, oy, oz] = row;
    if (this.kind === 'mirror') {
      return Float64Array.of(px, 2 * centreY - py, pz, w, -x, y, -z, vx, -vy, vz, -ox, oy, -oz);
    }
    const { radians } = this;
    const turned = (a: number, b: number) => [
      Math.cos(radians) * a - Math.sin(radians) * b,
      Math.sin(radians) * a + Math.cos(radians) * b,
    ];
    const [dx, dy] = turned(px - centreX, py - centreY);
    const [c, s] = [Math.cos(radians / 2), Math.sin(radians / 2)];
    const quaternion = [c * w - s * z, c * x - s * y, c * y + s * x, c * z + s * w];
    return Float64Array.of(
      centreX + dx,
      centreY + dy,
      pz,
      ...quaternion,
      ...turned(vx, vy),
      vz,
      ...turned(ox, oy),
      oz,
    );
  }

  /** Root 13, joint positions 9 and velocities 9. */
  private robot(row: Float64Array): Float64Array {
    const seen = row.slice();
    const [qpos, qvel] = [seen.subarray(13, 22), seen.subarray(22, 31)];
    if (this.kind === 'turn') {
      qpos[0] += this.radians;
      return seen;
    }
    for (const joint of [0, 2, 4]) qpos[joint] *= -1;
    qpos[6] = Math.PI / 2 - qpos[6];
    for (const joint of [0, 2, 4, 6]) qvel[joint] *= -1;
    for (const fingers of [qpos, qvel]) fingers.subarray(7, 9).reverse();
    return seen;
  }
}

/** The largest difference of two observations, but of velocities. Quaternions of opposite sign are the same rotation. */
export function differenceSeen(
  one: Float32Array,
  other: Float32Array,
  { observationLayout }: Pick<EnvironmentSpec, 'observationLayout'>,
): number {
  let largest = 0;
  for (const { kind, offset, size } of observationLayout) {
    if (kind === 'joint_velocities') continue;
    const quaternion = kind === 'pose' ? offset + 3 : Number.POSITIVE_INFINITY;
    const dot = [0, 1, 2, 3].reduce((sum, i) => sum + one[quaternion + i] * other[quaternion + i], 0);
    for (let i = offset; i < offset + size; i++) {
      const sign = i >= quaternion && dot < 0 ? -1 : 1;
      largest = Math.max(largest, Math.abs(one[i] - sign * other[i]));
    }
  }
  return largest;
}

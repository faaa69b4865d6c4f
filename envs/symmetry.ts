import type { EnvironmentSpec, ObservationPart } from './env.js';
import { ACTION_SYMMETRIES, type ActionSymmetry } from './panda/action_symmetry.js';
import { ARM_JOINTS, MIRRORED_JOINTS } from './panda/model.js';

/**
 * Mirrors and turns transitions of tasks around a robot that stands on a table: in an upright mirror along the
 * robot's x axis, and about the vertical through its base. Physics is the same there, so one transition stands for
 * all of these (Lin et al. 2020, arXiv 1909.10707). Only the joint limits and the table's edge differ.
 */
export class Symmetry {
  private readonly centre: readonly [number, number];
  private readonly layout: readonly ObservationPart[];
  private readonly action: ActionSymmetry;

  /** Throws if the task is not symmetric, or if the symmetry of its actions is not known. */
  constructor({ envId, controlMode, symmetries, symmetryCentre, observationLayout }: EnvironmentSpec) {
    if (symmetries.length === 0) throw new Error(`${envId} is not the same in a mirror or turned`);
    const action = ACTION_SYMMETRIES[controlMode];
    if (!action) {
      const known = Object.keys(ACTION_SYMMETRIES).join(', ');
      throw new Error(
        `it is not known how actions in ${controlMode} look in a mirror or turned, only in ${known}`,
      );
    }
    this.action = action;
    this.centre = symmetryCentre;
    this.layout = observationLayout;
  }

  /** True if turning mixes parts of an action, so that these must have the same unit. */
  get mixesActionParts(): boolean {
    return this.action.mixesParts;
  }

  /** Mirrors the observation [observationDim] that begins at `start` in place. */
  mirrorObservation(observations: Float32Array, start = 0): void {
    for (const { kind, offset } of this.layout) {
      const at = start + offset;
      switch (kind) {
        case 'scalar':
          break;
        case 'joint_positions':
          mirrorJoints(observations, at, 1);
          break;
        case 'joint_velocities':
          mirrorJoints(observations, at, 0);
          break;
        case 'direction':
          observations[at + 1] *= -1;
          break;
        case 'position':
          this.mirrorPosition(observations, at);
          break;
        case 'pose':
          this.mirrorPosition(observations, at);
          mirrorQuaternion(observations, at + 3);
          break;
      }
    }
  }

  /** Mirrors the action that begins at `start` in place. */
  mirrorAction(actions: Float32Array, start = 0): void {
    this.action.mirror(actions, start);
  }

  /** Turns the observation that begins at `start` in place, counter-clockwise seen from above. */
  turnObservation(observations: Float32Array, radians: number, start = 0): void {
    const cosine = Math.cos(radians);
    const sine = Math.sin(radians);
    const [centreX, centreY] = this.centre;
    for (const { kind, offset } of this.layout) {
      const at = start + offset;
      switch (kind) {
        case 'scalar':
        case 'joint_velocities':
          break;
        case 'joint_positions':
          observations[at] += radians;
          break;
        case 'direction':
          turnVector(observations, at, cosine, sine, 0, 0);
          break;
        case 'position':
          turnVector(observations, at, cosine, sine, centreX, centreY);
          break;
        case 'pose':
          turnVector(observations, at, cosine, sine, centreX, centreY);
          turnQuaternion(observations, at + 3, radians);
          break;
      }
    }
  }

  /**
   * Turns the action that begins at `start` in place. Returns false and changes nothing if the turned action would
   * leave its bounds: then the transition has no turned counterpart.
   */
  turnAction(actions: Float32Array, radians: number, start = 0): boolean {
    return this.action.turn(actions, start, radians);
  }

  private mirrorPosition(values: Float32Array, at: number): void {
    values[at + 1] = 2 * this.centre[1] - values[at + 1];
  }
}

/** @param share of the positions' offsets: 1 for positions, 0 for velocities, which have no offsets */
function mirrorJoints(values: Float32Array, at: number, share: 0 | 1): void {
  for (let joint = 0; joint < ARM_JOINTS; joint++) {
    const { sign, offset } = MIRRORED_JOINTS[joint];
    values[at + joint] = sign * values[at + joint] + share * offset;
  }
  const left = values[at + ARM_JOINTS];
  values[at + ARM_JOINTS] = values[at + ARM_JOINTS + 1];
  values[at + ARM_JOINTS + 1] = left;
}

/** Mirrors the quaternion wxyz at `at`. Of the result's two quaternions, takes the one nearer to the original. */
function mirrorQuaternion(values: Float32Array, at: number): void {
  const w = values[at];
  const x = values[at + 1];
  const y = values[at + 2];
  const z = values[at + 3];
  const sign = w * w - x * x + y * y - z * z < 0 ? -1 : 1;
  values[at] = sign * w;
  values[at + 1] = -sign * x;
  values[at + 2] = sign * y;
  values[at + 3] = -sign * z;
}

function turnQuaternion(values: Float32Array, at: number, radians: number): void {
  const w = values[at];
  const x = values[at + 1];
  const y = values[at + 2];
  const z = values[at + 3];
  const cosine = Math.cos(radians / 2);
  const sine = Math.sin(radians / 2);
  values[at] = cosine * w - sine * z;
  values[at + 1] = cosine * x - sine * y;
  values[at + 2] = cosine * y + sine * x;
  values[at + 3] = cosine * z + sine * w;
}

function turnVector(
  values: Float32Array,
  at: number,
  cosine: number,
  sine: number,
  centreX: number,
  centreY: number,
): void {
  const x = values[at] - centreX;
  const y = values[at + 1] - centreY;
  values[at] = centreX + cosine * x - sine * y;
  values[at + 1] = centreY + sine * x + cosine * y;
}

import type { EnvironmentSpec, ObservationPart } from './env.js';
import { ACTION_SYMMETRIES, type ActionSymmetry } from './panda/action_symmetry.js';
import { ARM_JOINTS, MIRRORED_JOINTS } from './panda/model.js';

/**
 * What a transition looks like elsewhere, for tasks around a robot that stands on a table: in a mirror that stands
 * upright along the robot's x axis, or turned about the vertical through its base. The physics are the same there, so
 * what was seen once is seen in all of these places (Lin et al. 2020, arXiv 1909.10707). Only the joint limits and the
 * table's edge differ.
 */
export class Symmetry {
  private readonly centre: readonly [number, number];
  private readonly layout: readonly ObservationPart[];
  private readonly action: ActionSymmetry;

  /** Throws if the task doesn't look the same there, or it isn't known how its actions do. */
  constructor({ envId, controlMode, symmetryCentre, observationLayout }: EnvironmentSpec) {
    if (symmetryCentre === null) throw new Error(`${envId} is not the same in a mirror or turned`);
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

  /** Whether turning makes one part of an action out of others, so that they have to be in the same unit. */
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
   * Turns the action that begins at `start` in place. False, and nothing is changed, if the robot could not do what it
   * would ask for: such a transition looks like nothing from there.
   */
  turnAction(actions: Float32Array, radians: number, start = 0): boolean {
    return this.action.turn(actions, start, radians);
  }

  private mirrorPosition(values: Float32Array, at: number): void {
    values[at + 1] = 2 * this.centre[1] - values[at + 1];
  }
}

/** @param share of the positions' offsets: velocities have none */
function mirrorJoints(values: Float32Array, at: number, share: 0 | 1): void {
  for (let joint = 0; joint < ARM_JOINTS; joint++) {
    const { sign, offset } = MIRRORED_JOINTS[joint];
    values[at + joint] = sign * values[at + joint] + share * offset;
  }
  const left = values[at + ARM_JOINTS];
  values[at + ARM_JOINTS] = values[at + ARM_JOINTS + 1];
  values[at + ARM_JOINTS + 1] = left;
}

/** wxyz. Of the two quaternions of the mirrored rotation, the one that is nearer to what was there. */
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

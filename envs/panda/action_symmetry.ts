import { ARM_JOINTS, MIRRORED_JOINTS } from './model.js';

/** Mirror images of a control mode's actions along the robot's x axis, and their turns about its base. */
export interface ActionSymmetry {
  /** Mirrors the action that begins at `at` in place. */
  mirror(actions: Float32Array, at: number): void;
  /**
   * Turns the action that begins at `at` in place, counter-clockwise seen from above. Returns false and changes
   * nothing if the turned action would leave its bounds, since the controller would clip it.
   */
  turn(actions: Float32Array, at: number, radians: number): boolean;
  /** True if turning mixes parts of an action, so that these must have the same unit. */
  readonly mixesParts: boolean;
}

/** Turning does not change joint movements: joints move against each other. */
const JOINT_MOVEMENTS: ActionSymmetry = {
  mirror(actions, at) {
    for (let joint = 0; joint < ARM_JOINTS; joint++) actions[at + joint] *= MIRRORED_JOINTS[joint].sign;
  },
  turn: () => true,
  mixesParts: false,
};

const TRANSLATION: ActionSymmetry = {
  mirror(actions, at) {
    actions[at + 1] *= -1;
  },
  turn(actions, at, radians) {
    const [x, y] = turned(actions, at, radians);
    if (Math.abs(x) > 1 || Math.abs(y) > 1) return false;
    actions[at] = x;
    actions[at + 1] = y;
    return true;
  },
  mixesParts: true,
};

/**
 * The rotation part is one about three axes at once, of at most 0.1 rad. Turning it as a vector is off by less than
 * 0.0025 rad, since its angles are applied one after the other.
 */
const TRANSLATION_AND_ROTATION: ActionSymmetry = {
  mirror(actions, at) {
    TRANSLATION.mirror(actions, at);
    actions[at + 3] *= -1;
    actions[at + 5] *= -1;
  },
  turn(actions, at, radians) {
    if (!TRANSLATION.turn(actions, at, radians)) return false;
    actions.set(turned(actions, at + 3, radians), at + 3);
    return true;
  },
  mixesParts: true,
};

/** The symmetry by control mode. Modes that nobody trains with are left out. */
export const ACTION_SYMMETRIES: Readonly<Record<string, ActionSymmetry>> = {
  pd_joint_delta_pos: JOINT_MOVEMENTS,
  pd_ee_delta_pos: TRANSLATION,
  pd_ee_delta_pose: TRANSLATION_AND_ROTATION,
};

function turned(values: Float32Array, at: number, radians: number): [number, number] {
  const cosine = Math.cos(radians);
  const sine = Math.sin(radians);
  return [cosine * values[at] - sine * values[at + 1], sine * values[at] + cosine * values[at + 1]];
}

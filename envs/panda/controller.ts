/** State of the robot that a controller may look at. */
export interface RobotView {
  /** [9]: arm joints (radians), left and right finger (metres). */
  readonly qpos: Float64Array;
}

/** Targets of the joint drives: the arm's joint positions [7], radians, and both fingers', metres. */
export interface DriveTargets {
  readonly arm: Float64Array;
  fingers: number;
}

/** Turns actions into drive targets, once per control step. One controller serves one environment. */
export interface Controller {
  readonly actionDim: number;
  /** The bounds [actionDim] of ManiSkill's action space: −1 and 1 wherever actions are normalised. */
  readonly actionLow: readonly number[];
  readonly actionHigh: readonly number[];
  /**
   * Sets `targets` from `action` [actionDim], which is finite but not yet clipped: each controller does that itself.
   */
  setTargets(action: Float32Array, robot: RobotView, targets: DriveTargets): void;
  /**
   * The inverse of `setTargets`: writes to `action` [actionDim], within its bounds, what drives the robot to
   * `targets`, as far as the control mode can express them. Returns true if this one action asks for all of it; if
   * not, repeating it from where it leads comes closer.
   */
  findAction(targets: DriveTargets, robot: RobotView, action: Float32Array): boolean;
}

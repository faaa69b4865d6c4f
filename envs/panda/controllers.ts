import type { PandaKinematics } from './kinematics.js';
import { ARM_JOINTS } from './model.js';

/** What a controller may look at. */
export interface RobotView {
  /** [9] each: arm joints (radians), left and right finger (metres). */
  readonly qpos: Float64Array;
  readonly qvel: Float64Array;
  /** Frames at `qpos`. */
  readonly kinematics: PandaKinematics;
}

/** What the joint drives pull towards: the arm's joint positions [7], radians, and both fingers', metres. */
export interface DriveTargets {
  readonly arm: Float64Array;
  fingers: number;
}

/** Turns actions into drive targets, once per control step. One controller serves one environment. */
export interface Controller {
  readonly actionDim: number;
  /** Sets `targets` from `action` [actionDim], already clipped to [−1, 1]. */
  setTargets(action: Float32Array, robot: RobotView, targets: DriveTargets): void;
}

const ARM_STEP = 0.1;

/** ManiSkill's `PDJointPosController` with `use_delta`: arm target = current position + 0.1 rad·action. */
class JointDeltaPositionController implements Controller {
  readonly actionDim = ARM_JOINTS + 1;

  setTargets(action: Float32Array, robot: RobotView, targets: DriveTargets): void {
    for (let joint = 0; joint < ARM_JOINTS; joint++) {
      targets.arm[joint] = robot.qpos[joint] + ARM_STEP * action[joint];
    }
    targets.fingers = gripperTarget(action[ARM_JOINTS]);
  }
}

/** ManiSkill's mimic gripper: −1 presses the fingers 1 cm past closed, +1 opens them to 4 cm. */
function gripperTarget(action: number): number {
  return 0.015 + 0.025 * action;
}

const CONTROLLERS: Record<string, () => Controller> = {
  pd_joint_delta_pos: () => new JointDeltaPositionController(),
};

/** The names of the control modes, as in ManiSkill. */
export const CONTROL_MODES: readonly string[] = Object.keys(CONTROLLERS);

/** A fresh controller of this name. Throws, listing the known ones, if there is none. */
export function makeController(controlMode: string): Controller {
  const make = CONTROLLERS[controlMode];
  if (!make) throw new Error(`unknown control mode "${controlMode}"; known: ${CONTROL_MODES.join(', ')}`);
  return make();
}

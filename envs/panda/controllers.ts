import type { Controller } from './controller.js';
import { EndEffectorDeltaController } from './end_effector_controller.js';
import { JointDeltaPositionController, JointPositionController } from './joint_controllers.js';

const CONTROLLERS: Record<string, () => Controller> = {
  pd_joint_delta_pos: () => new JointDeltaPositionController(),
  pd_joint_pos: () => new JointPositionController(),
  pd_ee_delta_pos: () => new EndEffectorDeltaController('position'),
  pd_ee_delta_pose: () => new EndEffectorDeltaController('pose'),
};

/** The names of the control modes, as in ManiSkill. */
export const CONTROL_MODES: readonly string[] = Object.keys(CONTROLLERS);

/** A fresh controller of this name. Throws, listing the known ones, if there is none. */
export function makeController(controlMode: string): Controller {
  const make = CONTROLLERS[controlMode];
  if (!make) throw new Error(`unknown control mode "${controlMode}"; known: ${CONTROL_MODES.join(', ')}`);
  return make();
}

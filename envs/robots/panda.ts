import { PANDA_BODIES } from '../panda/appearance.js';
import { armBodies, FINGER_UPPER_LIMIT } from '../panda/model.js';
import type { Robot } from './robot.js';

/** ManiSkill's `panda`: the arm with its gripper. */
export const PANDA: Robot = {
  name: 'panda',
  restQpos: [
    0,
    Math.PI / 8,
    0,
    (-5 * Math.PI) / 8,
    0,
    (3 * Math.PI) / 4,
    Math.PI / 4,
    FINGER_UPPER_LIMIT,
    FINGER_UPPER_LIMIT,
  ],
  armBodies: armBodies([]),
  handBoxes: [],
  bodies: PANDA_BODIES,
};

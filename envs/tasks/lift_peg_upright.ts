import { peg } from '../bodies/peg.js';
import { LIFT_PEG_UPRIGHT_SCRIPT } from '../experts/scripts/lift_peg_upright.js';
import { DEFAULT_BASE_POSE } from '../panda/model.js';
import { PANDA } from '../robots/panda.js';
import { defineTask } from './define_task.js';
import { closeness, distance, lastEulerAngle } from './measures.js';

const HALF_LENGTH = 0.12;
const HALF_WIDTH = 0.025;
const SPAWN_HALF_RANGE = 0.1;
const MAX_ANGLE = 0.08;
const MAX_HEIGHT_ERROR = 0.005;
/** The grip, and being near instead, count this share of the other terms. */
const REACHING_SHARE = 1 / 5;

/** ManiSkill's LiftPegUpright-v1: stand the lying peg on one of its ends. */
export const LIFT_PEG_UPRIGHT = defineTask({
  id: 'LiftPegUpright-v1',
  robot: PANDA,
  basePose: DEFAULT_BASE_POSE,
  horizon: 50,
  camera: { eye: [0.6, 0.7, 0.6], target: [-0.05, 0, 0.22], verticalFovRadians: 1 },
  // But for turns of about a quarter, after which ManiSkill's test of the angle would fail a standing peg.
  symmetries: ['mirror', 'turn'],
  bodies: () => ({ peg: peg(HALF_LENGTH, HALF_WIDTH) }),
  spawn({ bodies: { peg } }, random) {
    const x = random.uniform(-SPAWN_HALF_RANGE, SPAWN_HALF_RANGE);
    const y = random.uniform(-SPAWN_HALF_RANGE, SPAWN_HALF_RANGE);
    peg.place(x, y, HALF_WIDTH);
    peg.turn(Math.SQRT1_2, Math.SQRT1_2, 0, 0);
  },
  observation: {
    tcp_pose: { kind: 'pose', of: ({ robot }) => robot.tcpPose },
    obj_pose: { kind: 'pose', of: ({ bodies }) => bodies.peg.pose },
  },
  // ManiSkill's test of the angle depends on the upright peg's turn about the vertical, and fails at a quarter of a turn.
  evaluate({ bodies: { peg } }) {
    const angle = Math.abs(Math.abs(lastEulerAngle(peg.quaternion)) - Math.PI / 2);
    return angle < MAX_ANGLE && heightError(peg.position) < MAX_HEIGHT_ERROR;
  },
  reward: {
    success: 3,
    terms: ['turning', 'lifting', 'reaching'],
    rate({ bodies: { peg }, robot }, terms) {
      const [w, x, y, z] = peg.quaternion;
      // The upward part of the peg's axis.
      terms.turning = Math.abs(2 * (x * z - w * y));
      terms.lifting = closeness(heightError(peg.position));
      const reaching = robot.isGrasping(peg) ? 1 : closeness(distance(peg.position, robot.tcpPosition));
      terms.reaching = REACHING_SHARE * reaching;
    },
  },
  expert: LIFT_PEG_UPRIGHT_SCRIPT,
});

/** The height that the peg's centre lacks to that of a standing peg, or has too much. */
function heightError(position: Float32Array): number {
  return Math.abs(position[2] - HALF_LENGTH);
}

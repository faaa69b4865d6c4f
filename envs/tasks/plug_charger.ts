import { box, dynamic, kinematic } from '../bodies/description.js';
import { CHARGER_PLUGGER } from '../experts/scripts/plug_charger.js';
import { DEFAULT_BASE_POSE } from '../panda/model.js';
import { PANDA } from '../robots/panda.js';
import { PANDA_WRISTCAM } from '../robots/panda_wristcam.js';
import type { Material } from '../scene.js';
import { defineTask } from './define_task.js';
import { angleBetween } from './frames.js';
import { distance } from './measures.js';

/** Half sizes of the charger's body and of one of its prongs, and how far each prong is off the middle. */
const BODY = [0.02, 0.015, 0.012];
const PRONG = [0.008, 0.00075, 0.0032];
const PRONG_OFFSET = 0.007;
/** The slots are wider and higher than the prongs by so much on every side. */
const CLEARANCE = 0.0005;
/** Half the receptacle's depth, and half its width and height. */
const DEPTH = 0.01;
const WIDTH = 0.05;
const RECEPTACLE_HEIGHT = 0.1;
const MAX_DISTANCE = 0.005;
const MAX_ANGLE = 0.2;

const PLASTIC: Material = { color: 0xf4f4f2, roughness: 0.4 };
const METAL: Material = { color: 0xb8bcc2, roughness: 0.25 };
const SOCKET: Material = { color: 0x6fa3e0, roughness: 0.5 };

/** ManiSkill's PlugCharger-v1: plug a charger into a receptacle on the wall, whose slots leave it half a millimetre. */
export const PLUG_CHARGER = defineTask({
  id: 'PlugCharger-v1',
  robot: { ...PANDA_WRISTCAM, restQpos: PANDA.restQpos },
  basePose: DEFAULT_BASE_POSE,
  horizon: 200,
  camera: { eye: [-0.26, 0.42, 0.27], target: [0, 0, 0.12], verticalFovRadians: 0.75 },
  // The camera on the hand isn't the same in a mirror.
  symmetries: ['turn'],
  bodies: () => ({
    charger: dynamic([
      ...[1, -1].map((side) => box(PRONG, METAL, { position: [PRONG[0], side * PRONG_OFFSET, 0] })),
      box(BODY, PLASTIC, { position: [-BODY[0], 0, 0] }),
    ]),
    receptacle: kinematic(receptacleParts()),
  }),
  spawn({ bodies: { charger, receptacle } }, random) {
    const x = random.uniform(-0.1, -0.026);
    charger.place(x, random.uniform(-0.2, 0.2), BODY[2], random.uniform(-Math.PI / 3, Math.PI / 3));
    const y = () => random.uniform(-0.1, 0.1);
    receptacle.place(
      random.uniform(0.01, 0.1),
      y(),
      RECEPTACLE_HEIGHT,
      opposite(random.uniform(-Math.PI / 8, Math.PI / 8)),
    );
  },
  observation: {
    tcp_pose: { kind: 'pose', of: ({ robot }) => robot.tcpPose },
    charger_pose: { kind: 'pose', of: ({ bodies }) => bodies.charger.pose },
    receptacle_pose: { kind: 'pose', of: ({ bodies }) => bodies.receptacle.pose },
    goal_pose: { kind: 'pose', of: ({ bodies }) => goalPose(bodies.receptacle.pose) },
  },
  numbers: ['obj_to_goal_dist', 'obj_to_goal_angle'],
  evaluate({ bodies: { charger, receptacle }, numbers }) {
    const goal = goalPose(receptacle.pose);
    numbers.obj_to_goal_dist = distance(charger.position, goal);
    numbers.obj_to_goal_angle = angleBetween(goal, charger.pose);
    return numbers.obj_to_goal_dist <= MAX_DISTANCE && numbers.obj_to_goal_angle <= MAX_ANGLE;
  },
  expert: CHARGER_PLUGGER,
});

/** A wall with two slots, made of what is above, below, on either side of and between them. */
function receptacleParts() {
  const slotTop = PRONG[2] + CLEARANCE;
  const slotOuter = PRONG_OFFSET + PRONG[1] + CLEARANCE;
  const slotInner = PRONG_OFFSET - PRONG[1] - CLEARANCE;
  const rim = (from: number) => ({ half: (WIDTH - from) / 2, middle: (WIDTH + from) / 2 });
  const [level, side] = [rim(slotTop), rim(slotOuter)];
  return [
    ...[1, -1].map((sign) =>
      box([DEPTH, WIDTH, level.half], SOCKET, { position: [-DEPTH, 0, sign * level.middle] }),
    ),
    ...[1, -1].map((sign) =>
      box([DEPTH, side.half, WIDTH], SOCKET, { position: [-DEPTH, sign * side.middle, 0] }),
    ),
    box([DEPTH, slotInner, slotTop], SOCKET, { position: [-DEPTH, 0, 0] }),
  ];
}

/** The yaw, within (−π, π), that looks the other way. */
function opposite(yaw: number): number {
  return yaw > 0 ? yaw - Math.PI : yaw + Math.PI;
}

/** [7]: the pose of the charger when it is plugged in: that of the receptacle, turned round. */
function goalPose([x, y, z, qw, qx, qy, qz]: Float32Array): number[] {
  // q ⊗ (0, 0, 0, 1), of its two signs the one with a positive w.
  const sign = qz > 0 ? 1 : -1;
  return [x, y, z, sign * qz, -sign * qy, sign * qx, -sign * qw];
}

import { box, dynamic, kinematic, marker, sphere } from '../../../envs/bodies/description.js';
import { DEFAULT_BASE_POSE } from '../../../envs/panda/model.js';
import { PANDA_WRISTCAM } from '../../../envs/robots/panda_wristcam.js';
import { defineTask, type Task } from '../../../envs/tasks/define_task.js';
import { distance } from '../../../envs/tasks/measures.js';

const LOOK = { color: 0xffffff, roughness: 1 };

/** A peg of another size in every episode, beside a wall; it remembers how often the arm was fast. */
export const PEG_TASK: Task = defineTask({
  id: 'Peg-v0',
  robot: PANDA_WRISTCAM,
  basePose: DEFAULT_BASE_POSE,
  horizon: 20,
  camera: { eye: [0.6, 0.7, 0.6], target: [0, 0, 0.35], verticalFovRadians: 1 },
  symmetries: [],
  geometry: {
    draw: (random) => ({ length: random.uniform(0.08, 0.12), radius: random.uniform(0.015, 0.025) }),
    recover: ({ peg_half_size: [length, radius] }) => ({ length, radius }),
    fits: ({ radius }, { peg }) => Math.abs(peg[2] - radius) < 1e-6,
  },
  bodies: ({ length, radius }) => ({
    peg: dynamic(box([length, radius, radius], LOOK)),
    wall: kinematic(box([0.01, 0.1, 0.1], LOOK)),
    goal: marker(sphere(0.02, LOOK)),
  }),
  spawn({ bodies: { peg, wall, goal }, geometry: { radius } }, random) {
    peg.place(random.uniform(0.1, 0.2), 0.3, radius);
    wall.place(0.3, -0.3, 0.1);
    goal.place(0, 0, 0.2);
  },
  observation: {
    tcp_pose: { kind: 'pose', of: ({ robot }) => robot.tcpPose },
    peg_pose: { kind: 'pose', of: ({ bodies }) => bodies.peg.pose },
    peg_half_size: { kind: 'scalars', size: 2, of: ({ geometry }) => [geometry.length, geometry.radius] },
  },
  flags: ['is_fast'],
  numbers: ['distance'],
  evaluate({ bodies: { peg, goal }, robot, flags, numbers }) {
    flags.is_fast = robot.largestSpeed > 0.3;
    numbers.distance = distance(peg.position, goal.position);
    return numbers.distance < 0.05;
  },
  memory: { fast_steps: 0 },
  remember({ robot, memory }) {
    if (robot.largestSpeed > 0.3) memory.fast_steps++;
  },
  reward: {
    success: 10,
    terms: ['nearness', 'haste'],
    rate({ numbers, memory }, terms) {
      terms.nearness = 1 - numbers.distance;
      terms.haste = memory.fast_steps;
    },
  },
});

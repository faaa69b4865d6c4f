/**
 * A task of one's own: touch a ball that floats somewhere in front of the robot, shown by a script, then learnt from its
 * demonstrations by RLPD. What `rlpd` knows of every task works: recipes, evaluation, checkpoints, worker threads.
 *
 * Run it in a folder in which rlpd is installed: npx tsc && node own_task.js
 */
import { isMainThread } from 'node:worker_threads';
import { evaluate, loadPolicy, train } from 'rlpd';
import {
  DEFAULT_BASE_POSE,
  defineTask,
  distance,
  makeEnvironment,
  marker,
  PANDA,
  registerTask,
  sphere,
} from 'rlpd/envs';

const RADIUS = 0.03;
const touchBall = defineTask({
  id: 'TouchBall-v0',
  robot: PANDA,
  basePose: DEFAULT_BASE_POSE,
  horizon: 25,
  camera: { eye: [0.6, 0.7, 0.6], target: [0, 0, 0.35], verticalFovRadians: 1 },
  symmetries: ['mirror', 'turn'],
  bodies: () => ({ ball: marker(sphere(RADIUS, { color: 0x2a9d3a, roughness: 0.5 })) }),
  spawn({ bodies: { ball } }, random) {
    ball.place(random.uniform(-0.1, 0.1), random.uniform(-0.15, 0.15), random.uniform(0.1, 0.3));
  },
  observation: {
    tcp_pose: { kind: 'pose', of: ({ robot }) => robot.tcpPose },
    ball: { kind: 'position', of: ({ bodies }) => bodies.ball.position },
  },
  evaluate: ({ robot, bodies: { ball } }) => distance(robot.tcpPosition, ball.position) < RADIUS,
  judgedBy: 'success_once', // once touched is touched, whatever the arm does then
  expert: { orientation: [0, 1, 0, 0], flaws: [], aim: ({ parts }, aim) => aim.target.set(parts['ball']) },
});
registerTask(touchBall, import.meta.url);
// Worker threads import this module for the task alone.
if (isMainThread) {
  const { path } = await train({
    overrides: {
      'env.env_id': 'TouchBall-v0',
      'network.observations': null,
      'train.num_demos': 30,
      'train.bc_warm_start_steps': 300,
      'train.steps': 600,
      'train.num_seed_steps': 200,
      'train.eval_episodes': 10,
    },
  });
  const policy = await loadPolicy(path);
  const environment = await makeEnvironment('TouchBall-v0', policy.spec!);
  const { summary } = await evaluate(policy, environment, { episodes: 20, seed: 1 });
  console.log(`touches the ball in ${summary.success_once * 100} % of 20 episodes`);
  environment.close();
  await policy.dispose();
}

import type { EnvironmentState } from '../env.js';
import { PandaPoses } from '../panda/body_poses.js';
import { IDENTITY_POSE, type SceneBody, type SceneDescription } from '../scene.js';
import { SURROUNDINGS } from './surroundings.js';
import type { Task } from './task.js';

/** Where the robot's joint positions begin in its row of the state: after the root's pose and velocities. */
const QPOS_OFFSET = 13;

/** The scene of a task: its surroundings, the Panda, and the task's actors. */
export function describeScene(task: Task): SceneDescription {
  const actors = task.actors.map(
    ({ name, description: { parts } }): SceneBody => ({ name, fixed: false, shapes: parts }),
  );
  const panda = new PandaPoses(task.basePose);
  return {
    bodies: [...SURROUNDINGS, ...task.robot.bodies, ...actors],
    camera: task.camera,
    writePoses(state, poses) {
      let body = 0;
      for (; body < SURROUNDINGS.length; body++) poses.set(IDENTITY_POSE, 7 * body);
      const robot = row(state, 'articulations', task.robot.name, task);
      panda.write(robot.subarray(QPOS_OFFSET), poses, 7 * body);
      body += task.robot.bodies.length;
      for (const { name } of task.actors) {
        const actor = row(state, 'actors', name, task);
        for (let i = 0; i < 7; i++) poses[7 * body + i] = actor[i];
        body++;
      }
    },
  };
}

function row(
  state: EnvironmentState,
  kind: keyof EnvironmentState,
  name: string,
  { envId }: Task,
): Float64Array {
  const values = state[kind][name];
  if (!values) throw new Error(`${envId}: the state has no "${name}" among its ${kind}`);
  return values;
}

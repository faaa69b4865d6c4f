import type { EnvironmentState } from '../env.js';
import { PandaPoses } from '../panda/body_poses.js';
import { RandomStream } from '../random.js';
import { IDENTITY_POSE, type SceneBody, type SceneDescription } from '../scene.js';
import type { Task } from './define_task.js';
import { SURROUNDINGS } from './surroundings.js';
import type { Numbers } from './task.js';

/** Offset of the robot's joint positions in its row of the state: after the root's pose and velocities. */
const QPOS_OFFSET = 13;

/**
 * The scene of a task: its surroundings, the robot, and the task's bodies.
 *
 * @param geometry that of the episode; one of many if left out.
 */
export function describeScene(task: Task, geometry?: Numbers): SceneDescription {
  const described = task.bodies(geometry ?? task.geometry?.draw(new RandomStream(0)) ?? {});
  const bodies = Object.entries(described).map(([name, { motion, parts }]) => ({
    name,
    fixed: motion === 'static',
    shapes: parts,
  }));
  const still: SceneBody[] = [...SURROUNDINGS, ...bodies.filter(({ fixed }) => fixed)];
  const moving: SceneBody[] = bodies.filter(({ fixed }) => !fixed);
  const panda = new PandaPoses(task.basePose);
  return {
    bodies: [...still, ...task.robot.bodies, ...moving],
    camera: task.camera,
    writePoses(state, poses) {
      let body = 0;
      for (; body < still.length; body++) poses.set(IDENTITY_POSE, 7 * body);
      const robot = row(state, 'articulations', task.robot.name, task);
      panda.write(robot.subarray(QPOS_OFFSET), poses, 7 * body);
      body += task.robot.bodies.length;
      for (const { name } of moving) {
        const actor = row(state, 'actors', name, task);
        for (let i = 0; i < 7; i++) poses[7 * body + i] = actor[i];
        body++;
      }
    },
  };
}

function row(
  state: EnvironmentState,
  kind: 'actors' | 'articulations',
  name: string,
  { id }: Task,
): Float64Array {
  const values = state[kind][name];
  if (!values) throw new Error(`${id}: the state has no "${name}" among its ${kind}`);
  return values;
}

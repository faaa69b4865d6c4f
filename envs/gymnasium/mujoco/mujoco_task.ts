import type { GymnasiumTask, ObservedPart } from '../task.js';
import { describeRobot } from './robot_scene.js';
import { simulate } from './simulation.js';
import { sizesOf } from './sizes.js';
import type { MujocoTask } from './task.js';

/** Forces beyond this are observed, and cost, as this. */
export const FORCE_LIMIT = 1;

/** A task with a robot in MuJoCo as a task of Gymnasium. */
export function mujocoTask(task: MujocoTask): GymnasiumTask & MujocoTask {
  const { model, frameSkip, velocityLimit } = task;
  const { actionDim, observedPositions, nv, observedForces } = sizesOf(task);
  const observation: ObservedPart[] = [
    { name: 'qpos', size: observedPositions },
    { name: 'qvel', size: nv, ...(velocityLimit && { limit: velocityLimit }) },
  ];
  if (observedForces > 0) observation.push({ name: 'cfrc_ext', size: observedForces, limit: FORCE_LIMIT });
  return {
    ...task,
    robot: model.name,
    secondsPerStep: model.option.timestep * frameSkip,
    actionHigh: Array(actionDim).fill(model.ctrlrange[1]),
    observation,
    simulate: () => simulate(task),
    scene: describeRobot(task),
  };
}

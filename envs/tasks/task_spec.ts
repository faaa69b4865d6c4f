import type { EnvironmentOptions, EnvironmentSpec } from '../env.js';
import { makeController } from '../panda/controllers.js';
import { PHYSICS_TIMESTEP, SUBSTEPS_PER_CONTROL_STEP } from '../panda/model.js';
import { USUAL_MEASURE } from '../success.js';
import type { Task } from './define_task.js';
import { ObservationWriter } from './observation.js';

/** Spec of the environments of a task. It follows from the task and the options alone, without any physics. */
export function taskSpec(
  task: Task,
  { controlMode, rewardMode, maxEpisodeSteps = task.horizon }: EnvironmentOptions,
): EnvironmentSpec {
  const { actionDim, actionLow, actionHigh } = makeController(controlMode);
  const { dim, layout } = new ObservationWriter(task);
  const [x, y] = task.basePose;
  return {
    envId: task.id,
    robot: task.robot.name,
    controlMode,
    rewardMode,
    maxEpisodeSteps,
    secondsPerStep: PHYSICS_TIMESTEP * SUBSTEPS_PER_CONTROL_STEP,
    judgedBy: task.judgedBy ?? USUAL_MEASURE,
    observationDim: dim,
    actionDim,
    actionLow,
    actionHigh,
    observationLayout: layout,
    symmetries: task.symmetries,
    symmetryCentre: [x, y],
  };
}

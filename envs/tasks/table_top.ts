import type { EnvironmentDefinition } from '../definition.js';
import { CONTROL_MODES } from '../panda/controllers.js';
import { USUAL_MEASURE } from '../success.js';
import type { Task } from './define_task.js';
import { rewardModesOf } from './reward.js';
import { fromRows } from './state_dict.js';
import { createTaskEnvironment } from './task_environment.js';
import { describeScene } from './task_scene.js';
import { taskSpec } from './task_spec.js';

/** A task at the table, as an environment of the registry. */
export function tableTop(task: Task): EnvironmentDefinition {
  return {
    envId: task.id,
    maxEpisodeSteps: task.horizon,
    controlModes: CONTROL_MODES,
    rewardModes: rewardModesOf(task),
    defaultRewardMode: 'sparse',
    judgedBy: task.judgedBy ?? USUAL_MEASURE,
    referenceScores: null,
    terminated: null,
    task,
    spec: (options) => taskSpec(task, options),
    make: (options) => createTaskEnvironment(task, options),
    scene: (state) => describeScene(task, state?.geometry && fromRows(state.geometry)),
  };
}

import type { EnvironmentOptions, EnvironmentSpec, ObservationPart } from '../env.js';
import type { GymnasiumTask } from './task.js';

/** The only control mode: numbers as Gymnasium's actions are, which the motors turn into forces. */
export const MOTOR = 'motor';

/** Spec of the environments of a task. Throws if episodes are to be randomised, which is known of none. */
export function gymnasiumSpec(
  task: GymnasiumTask,
  { controlMode, rewardMode, maxEpisodeSteps = task.horizon, randomization }: EnvironmentOptions,
): EnvironmentSpec {
  if (randomization && Object.values(randomization).some((amount) => amount > 0))
    throw new Error(`${task.id} can't be randomised: all of randomization has to be 0`);
  return {
    envId: task.id,
    robot: task.robot,
    controlMode,
    rewardMode,
    maxEpisodeSteps,
    secondsPerStep: task.secondsPerStep,
    judgedBy: 'return',
    observationDim: observationDimOf(task),
    actionDim: task.actionHigh.length,
    actionLow: task.actionHigh.map((high) => -high),
    actionHigh: task.actionHigh,
    observationLayout: layoutOf(task),
    symmetries: [],
    symmetryCentre: [0, 0],
  };
}

/** The number of numbers that are observed in a task. */
export function observationDimOf({ observation }: GymnasiumTask): number {
  return observation.reduce((sum, { size }) => sum + size, 0);
}

function layoutOf({ observation }: GymnasiumTask): ObservationPart[] {
  let offset = 0;
  return observation.map(({ name, size }) => {
    const part: ObservationPart = { name, kind: 'scalar', offset, size };
    offset += size;
    return part;
  });
}

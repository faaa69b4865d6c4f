import type { EnvironmentDefinition } from '../definition.js';
import { createGymnasiumEnvironment } from './gymnasium_environment.js';
import { gymnasiumSpec, MOTOR, observationDimOf } from './spec.js';
import type { GymnasiumTask } from './task.js';

/** A task of Gymnasium, as an environment of the registry. */
export function gymnasium(task: GymnasiumTask): EnvironmentDefinition {
  return {
    envId: task.id,
    maxEpisodeSteps: task.horizon,
    controlModes: [MOTOR],
    rewardModes: ['dense', 'none'],
    defaultRewardMode: 'dense',
    judgedBy: 'return',
    referenceScores: task.referenceScores,
    terminated: (_observations, _actions, nextObservations) => {
      const width = observationDimOf(task);
      const count = nextObservations.length / width;
      return Uint8Array.from({ length: count }, (_, row) =>
        task.isTerminal(nextObservations, row * width) ? 1 : 0,
      );
    },
    spec: (options) => gymnasiumSpec(task, options),
    make: (options) => createGymnasiumEnvironment(task, options),
    scene: () => task.scene,
  };
}

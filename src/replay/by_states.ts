import type { Environment } from '../../envs/env.js';
import type { NumericArray } from '../datasets/storage/hdf5.js';
import type { Begin } from './by_actions.js';
import type { RecordedStates } from './recorded_states.js';
import { ReplayAttempt } from './replay_attempt.js';

/**
 * Sets each recorded state and recomputes what follows from it: observation, reward, success. The actions [T, size]
 * stay as recorded.
 */
export function replayStates(
  environment: Environment,
  begin: Begin,
  states: RecordedStates,
  { data, shape: [length, size] }: NumericArray<Float32Array>,
  withFrames: boolean,
): ReplayAttempt {
  const { observationDim, maxEpisodeSteps } = environment.spec;
  const observation = new Float32Array(observationDim);
  begin(environment, observation);
  const replayed = new ReplayAttempt(environment, observation, withFrames);
  for (let step = 0; step < length; step++) {
    states.apply(environment, step + 1);
    environment.observe(observation);
    // The environment doesn't count states that are set as steps.
    const outcome = { ...environment.evaluate(), truncated: step + 1 >= maxEpisodeSteps };
    replayed.add(data.subarray(step * size, (step + 1) * size), observation, outcome);
    replayed.markCounterpart();
  }
  return replayed;
}

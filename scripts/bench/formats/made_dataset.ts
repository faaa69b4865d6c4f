import { type ArrayEpisode, arrayDataset } from '../../../src/datasets/array_dataset.js';
import type { Dataset } from '../../../src/datasets/dataset.js';
import { RandomStream } from '../../../src/rng.js';

/** Hopper's sizes. */
const OBSERVATION_DIM = 11;
const ACTION_DIM = 3;
export const EPISODE_STEPS = 500;

/** A dataset in memory of so many episodes of {@link EPISODE_STEPS} steps, half of which terminate, in single precision. */
export function madeDataset(episodes: number): Dataset {
  const stream = new RandomStream(0);
  return arrayDataset(
    Array.from({ length: episodes }, (_, index) => episode(stream, index)),
    { name: 'made' },
  );
}

function episode(stream: RandomStream, index: number): ArrayEpisode {
  const observations = new Float32Array((EPISODE_STEPS + 1) * OBSERVATION_DIM);
  const actions = new Float32Array(EPISODE_STEPS * ACTION_DIM);
  stream.fillUniform(observations, -3, 3);
  stream.fillUniform(actions, -1, 1);
  const ends = Array.from({ length: EPISODE_STEPS }, (_, step) => step === EPISODE_STEPS - 1);
  const never = ends.map(() => false);
  const isTerminated = index % 2 === 0;
  return {
    observations: { state: observations },
    actions,
    rewards: actions.subarray(0, EPISODE_STEPS),
    terminated: isTerminated ? ends : never,
    truncated: isTerminated ? never : ends,
    seed: index,
  };
}

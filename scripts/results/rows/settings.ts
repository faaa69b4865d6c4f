import type { DatasetRecipe } from './row.js';

export const WITHOUT_CLONING = 'configs/without_cloning.yml';

/** 200 demonstrations of which half fail on purpose; the rest are noisy and slow. */
export const BAD_DEMOS: DatasetRecipe = {
  path: 'exps/results/demos/bad.h5',
  args: '--num-episodes 200 --seed 1 --failed-share 0.5 --speed 0.45 --action-noise 0.4'.split(' '),
};

export const ON_BAD_DEMOS = [`train.dataset_path=${BAD_DEMOS.path}`, 'train.num_demos=200'];

/** Moderate randomization of all that can be randomized. */
export const RANDOMIZATION =
  'env.randomization={friction: 0.3, mass: 0.3, latency_steps: 1, observation_noise: 0.002}';

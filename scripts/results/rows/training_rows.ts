import { DEFAULT_CONFIG } from '../../../src/config/load.js';
import { realDemosOf, type TrainingRow } from './row.js';
import { BAD_DEMOS, ON_BAD_DEMOS, RANDOMIZATION, WITHOUT_CLONING } from './settings.js';

const FIVE_SEEDS = [0, 1, 2, 3, 4];

export const wallClock: TrainingRow = {
  kind: 'training',
  id: 'wall_clock',
  title: 'From nothing to a policy: wall-clock time',
  text:
    'What `npm run train` does in a fresh clone, one run after the other, each with the whole machine. The clock starts ' +
    'with the process: making 1,000 demonstrations, compiling, evaluating and saving are all in it.',
  minutes: 4,
  variants: [{ name: 'default', config: DEFAULT_CONFIG, overrides: [] }],
  seeds: FIVE_SEEDS,
  datasets: [],
  x: 'seconds',
  picture: 'together',
  overview: 'default recipe',
  isTimed: true,
  limitMinutes: null,
};

export const fewDemos: TrainingRow = {
  kind: 'training',
  id: 'few_demos',
  title: 'How many demonstrations it takes',
  text: 'The default recipe on 20 demonstrations instead of the 1,000 above.',
  minutes: 4,
  variants: [{ name: '20-demos', config: DEFAULT_CONFIG, overrides: ['train.num_demos=20'] }],
  seeds: FIVE_SEEDS,
  datasets: [],
  x: 'env_steps',
  picture: 'together',
  overview: 'default recipe, 20 demonstrations',
  isTimed: false,
  limitMinutes: null,
};

export const pastDemos: TrainingRow = {
  kind: 'training',
  id: 'past_demos',
  title: 'Getting past the demonstrations',
  text:
    'The default recipe holds its policy near the demonstrations to the end, and is hardly quicker than they are. With a ' +
    'cloning term that falls further, less noise and twice the env steps, reinforcement learning makes episodes shorter.',
  minutes: 8,
  variants: [
    {
      name: 'faster',
      config: DEFAULT_CONFIG,
      overrides: [
        'sac.bc_weight_end=0.2',
        'sac.exploration_noise=0.2',
        'train.steps=60_000',
        'sac.eval_freq=5_000',
      ],
    },
  ],
  seeds: FIVE_SEEDS,
  datasets: [],
  x: 'env_steps',
  picture: 'together',
  overview: null,
  isTimed: false,
  limitMinutes: null,
};

export const badDemos: TrainingRow = {
  kind: 'training',
  id: 'bad_demos',
  title: 'Demonstrations that are half failures',
  text:
    'Of 200 demonstrations half fail on purpose, and the rest are noisy and take most of an episode. Cloning copies what ' +
    'they have in common; reinforcement learning finds out which of it is any good.',
  minutes: 5,
  variants: [
    { name: 'without-cloning', config: WITHOUT_CLONING, overrides: ON_BAD_DEMOS },
    {
      name: 'cloning-alone',
      config: DEFAULT_CONFIG,
      // One step in each environment, and no update: the policy stays as the warm start left it.
      overrides: [...ON_BAD_DEMOS, 'train.steps=8', 'sac.steps_per_env=1'],
    },
  ],
  seeds: FIVE_SEEDS,
  datasets: [BAD_DEMOS],
  x: 'env_steps',
  picture: 'together',
  overview: 'without cloning, half of the demonstrations failed',
  isTimed: false,
  limitMinutes: null,
};

export const randomization: TrainingRow = {
  kind: 'training',
  id: 'randomization',
  title: 'The same in worlds that differ',
  text:
    'The trainings of `bad_demos` where friction and mass differ by a factor of up to 1.3, actions may come a step late and ' +
    'observations have noise of 2 mm: for policies that are to work in a world that is not quite this one. Evaluations are as ever.',
  minutes: 5,
  variants: [{ name: 'randomization', config: WITHOUT_CLONING, overrides: [...ON_BAD_DEMOS, RANDOMIZATION] }],
  seeds: FIVE_SEEDS,
  datasets: [BAD_DEMOS],
  x: 'env_steps',
  picture: 'together',
  overview: null,
  isTimed: false,
  limitMinutes: null,
};

export const realDemos: TrainingRow = {
  kind: 'training',
  id: 'real_demos',
  title: "ManiSkill's motion-planned demonstrations",
  text:
    "120 demonstrations of ManiSkill's motion planner, in `pd_joint_delta_pos` with state observations. They take 74 steps " +
    'to succeed; an episode has 50. Whoever copies them is too slow.',
  minutes: 9,
  variants: [
    {
      name: 'without-cloning',
      config: WITHOUT_CLONING,
      overrides: [`train.dataset_path=${realDemosOf('PickCube-v1')}`, 'train.num_demos=120'],
    },
  ],
  seeds: FIVE_SEEDS,
  datasets: [],
  x: 'env_steps',
  picture: 'together',
  overview: "without cloning, ManiSkill's demonstrations",
  isTimed: false,
  limitMinutes: null,
};

export const referenceFast: TrainingRow = {
  kind: 'training',
  id: 'reference_fast',
  title: "The reference's wall-clock recipe",
  text:
    "ManiSkill's `base_rlpd_ms3.yml`, value for value, for 200,000 env steps: no cloning, so that reinforcement learning " +
    'does all the work.',
  minutes: 35,
  variants: [
    {
      name: 'reference',
      config: 'configs/base_rlpd_ms3.yml',
      overrides: ['train.steps=200_000', 'sac.eval_freq=10_000', 'sac.eval_episodes=50'],
    },
  ],
  seeds: [0],
  datasets: [],
  x: 'env_steps',
  picture: 'together',
  overview: 'reference',
  isTimed: true,
  limitMinutes: null,
};

export const referenceSampleEfficient: TrainingRow = {
  kind: 'training',
  id: 'reference_sample_efficient',
  title: "The reference's sample-efficient recipe",
  text:
    "ManiSkill's `base_rlpd_ms3_sample_efficient.yml`, value for value, as far as it comes in two hours: one environment, " +
    'ten critics, sixteen updates for every env step.',
  minutes: 120,
  variants: [
    {
      name: 'reference',
      config: 'configs/base_rlpd_ms3_sample_efficient.yml',
      overrides: ['train.steps=100_000', 'sac.eval_freq=1_000', 'sac.eval_episodes=50'],
    },
  ],
  seeds: [0],
  datasets: [],
  x: 'env_steps',
  picture: 'together',
  overview: null,
  isTimed: true,
  limitMinutes: 120,
};

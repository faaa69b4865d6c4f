import { DEFAULT_CONFIG } from '../../../src/config/load.js';
import type { TrainingRow } from './row.js';
import { BAD_DEMOS, ON_BAD_DEMOS, RANDOMIZATION, WITHOUT_CLONING } from './settings.js';

const NO_AUGMENTATION = ['sac.augment_mirror=False', 'sac.augment_turn=0'];

/** Observes seven joints and the fingers instead of the hand's position and direction. */
const JOINTS = [
  'network.observations=[agent.qpos, extra.is_grasped, extra.tcp_to_obj_pos, extra.obj_to_goal_pos]',
];

const MORE_UPDATES_EARLY = ['sac.early_grad_updates_per_step=16', 'sac.early_env_steps=10_000'];

/**
 * Changes to the default recipe on few demonstrations, one in each variant: with many, cloning makes up for all of
 * them.
 */
const OF_DEFAULT: Record<string, readonly string[]> = {
  default: [],
  'no-augmentation': NO_AUGMENTATION,
  'all-observations': ['network.observations=null'],
  joints: JOINTS,
  'no-fingers': [
    'network.observations=[extra.is_grasped, extra.tcp_pose, extra.tcp_to_obj_pos, extra.obj_to_goal_pos]',
  ],
  'no-normalisation': ['sac.normalize_observations=False'],
  'no-warm-start': ['sac.bc_warm_start_steps=0'],
  'no-cloning-term': ['sac.bc_weight=0'],
  'cloning-stays': ['sac.bc_weight_end=null'],
  'cloning-falls-further': ['sac.bc_weight_end=0.2'],
  'no-exploration-noise': ['sac.exploration_noise=0'],
  'less-noise': ['sac.exploration_noise=0.2'],
  'uncorrelated-noise': ['sac.exploration_correlation=0'],
  'six-step-targets': ['sac.n_step=6'],
  'no-average': ['sac.actor_tau=1'],
  'actor-layer-norm': ['network.actor.arch_cfg.use_layer_norm=True'],
  'three-critics': ['sac.num_qs=3'],
  'actor-step-every-update': ['sac.actor_update_freq=1'],
  'more-updates-early': MORE_UPDATES_EARLY,
  'learning-rates-1e-3': ['train.actor_lr=1e-3', 'train.critic_lr=1e-3'],
  randomization: [RANDOMIZATION],
};

/** Changes to RLPD without cloning, one in each variant. */
const OF_LEARNING: Record<string, readonly string[]> = {
  'without-cloning': [],
  'no-augmentation': NO_AUGMENTATION,
  'all-observations': ['network.observations=null'],
  joints: JOINTS,
  'no-normalisation': ['sac.normalize_observations=False'],
  'one-step-targets': ['sac.n_step=1'],
  'six-step-targets': ['sac.n_step=6'],
  'discount-0.9': ['sac.discount=0.9'],
  'more-updates-early': MORE_UPDATES_EARLY,
  'two-critics': ['sac.num_qs=2'],
  'no-average': ['sac.actor_tau=1'],
  'no-critic-layer-norm': ['network.critic.arch_cfg.use_layer_norm=False'],
  'reference-critics': ['network.critic.arch_cfg.features=[256,256,256]'],
};

export const defaultAblations = ablationRow(DEFAULT_CONFIG, ['train.num_demos=20'], OF_DEFAULT, {
  id: 'ablations',
  title: 'What each part of the default recipe does',
  text: 'The default recipe on 20 demonstrations, with one thing changed in each variant.',
  minutes: 2.5,
  datasets: [],
});

export const badDemosAblations = ablationRow(
  WITHOUT_CLONING,
  [...ON_BAD_DEMOS, 'train.steps=30_000'],
  OF_LEARNING,
  {
    id: 'bad_demos_ablations',
    title: 'What lets reinforcement learning succeed where cloning fails',
    text:
      '`without_cloning.yml` on the 200 half-failed demonstrations of `bad_demos` for 30,000 env steps, half of its length, ' +
      'with one thing changed in each variant.',
    minutes: 2.5,
    datasets: [BAD_DEMOS],
  },
);

export const learningAblations = ablationRow(WITHOUT_CLONING, ['train.steps=25_000'], OF_LEARNING, {
  id: 'learning_ablations',
  title: 'The same with 1,000 good demonstrations',
  text:
    '`without_cloning.yml` on 1,000 scripted demonstrations for 25,000 env steps, from a policy that knows nothing, with ' +
    'one thing changed in each variant.',
  minutes: 2,
  datasets: [],
});

function ablationRow(
  config: string,
  setting: readonly string[],
  changes: Record<string, readonly string[]>,
  heading: Pick<TrainingRow, 'id' | 'title' | 'text' | 'minutes' | 'datasets'>,
): TrainingRow {
  return {
    kind: 'training',
    ...heading,
    variants: Object.entries(changes).map(([name, overrides]) => ({
      name,
      config,
      overrides: [...setting, ...overrides],
    })),
    seeds: [0, 1],
    x: 'env_steps',
    picture: 'beside the first',
    overview: null,
    isTimed: false,
    limitMinutes: null,
  };
}

import { DEFAULT_CONFIG } from '../../src/config/load.js';
import { REAL_DEMOS, type Row, type TrainingRow, type TransferRow } from './row.js';

const TARGET = 0.95;
const FIVE_SEEDS = [0, 1, 2, 3, 4];
const THREE_SEEDS = [0, 1, 2];

const wallClock: TrainingRow = {
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
  target: TARGET,
  x: 'seconds',
  limitMinutes: null,
};

const fewDemos: TrainingRow = {
  kind: 'training',
  id: 'few_demos',
  title: 'How many demonstrations it takes',
  text: 'The default recipe on 20 demonstrations, and on 1,000 of the same kind.',
  minutes: 4,
  variants: [
    { name: '20-demos', config: DEFAULT_CONFIG, overrides: ['train.num_demos=20'] },
    { name: '1000-demos', config: DEFAULT_CONFIG, overrides: ['train.num_demos=1000'] },
  ],
  seeds: FIVE_SEEDS,
  datasets: [],
  target: TARGET,
  x: 'env_steps',
  limitMinutes: null,
};

const BAD_DEMOS = 'exps/results/demos/bad.h5';
const ON_BAD_DEMOS = [`train.dataset_path=${BAD_DEMOS}`, 'train.num_demos=200'];

const badDemos: TrainingRow = {
  kind: 'training',
  id: 'bad_demos',
  title: 'Demonstrations that are half failures',
  text:
    'Of 200 demonstrations half fail on purpose, and the rest are noisy and slow. Cloning alone copies what they have in ' +
    'common; what reinforcement learning adds is the difference between the two variants.',
  minutes: 4,
  variants: [
    { name: 'default', config: DEFAULT_CONFIG, overrides: ON_BAD_DEMOS },
    {
      name: 'cloning-alone',
      config: DEFAULT_CONFIG,
      // One step in each environment, and no update: the policy stays as the warm start left it.
      overrides: [...ON_BAD_DEMOS, 'sac.critic_pretrain_steps=0', 'train.steps=8', 'sac.steps_per_env=1'],
    },
  ],
  seeds: FIVE_SEEDS,
  datasets: [
    {
      path: BAD_DEMOS,
      args: [
        '--num-episodes',
        '200',
        '--seed',
        '1',
        '--failed-share',
        '0.5',
        '--speed',
        '0.6',
        '--action-noise',
        '0.3',
      ],
    },
  ],
  target: TARGET,
  x: 'env_steps',
  limitMinutes: null,
};

const realDemos: TrainingRow = {
  kind: 'training',
  id: 'real_demos',
  title: "ManiSkill's motion-planned demonstrations",
  text:
    "120 demonstrations of ManiSkill's motion planner, in `pd_joint_delta_pos` with state observations. They take 72 steps " +
    'to succeed; an episode has 50. Whoever only stays close to them is too slow.',
  minutes: 4,
  variants: [
    {
      name: 'default',
      config: DEFAULT_CONFIG,
      overrides: [`train.dataset_path=${REAL_DEMOS}`, 'train.num_demos=120'],
    },
  ],
  seeds: FIVE_SEEDS,
  datasets: [],
  target: TARGET,
  x: 'env_steps',
  limitMinutes: null,
};

const referenceFast: TrainingRow = {
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
  target: TARGET,
  x: 'env_steps',
  limitMinutes: null,
};

const referenceSampleEfficient: TrainingRow = {
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
  target: TARGET,
  x: 'env_steps',
  limitMinutes: 120,
};

const transfer: TransferRow = {
  kind: 'transfer',
  id: 'transfer',
  title: 'The same policies in ManiSkill itself',
  text:
    "The best policy of each seed of `wall_clock`, as the `policy.onnx` that lies beside its checkpoint, in ManiSkill's own " +
    'environment on its own physics engine. None has ever seen it.',
  minutes: 1,
  source: wallClock,
  episodes: 200,
};

/** The default recipe for 10,000 env steps with one thing changed. */
const ABLATIONS: Record<string, readonly string[]> = {
  default: [],
  'all-observations': ['network.observations=null'],
  'no-normalisation': ['sac.normalize_observations=False'],
  'little-exploration': ['sac.log_std_min=-5', 'sac.target_entropy=-16'],
  'one-step-targets': ['sac.n_step=1'],
  'discount-0.9': ['sac.discount=0.9'],
  'cloning-stays': ['sac.bc_weight_end=null'],
  'no-cloning-term': ['sac.bc_weight=0'],
  'no-warm-start': ['sac.bc_warm_start_steps=0'],
  'no-critic-pretraining': ['sac.critic_pretrain_steps=0'],
  'no-layer-norm': ['network.critic.arch_cfg.use_layer_norm=False'],
  'reference-networks': ['network.critic.arch_cfg.features=[256,256,256]'],
  'quarter-of-the-updates': ['sac.grad_updates_per_step=8'],
};

const ablations: TrainingRow = {
  kind: 'training',
  id: 'ablations',
  title: 'What each part of the default recipe does',
  text: 'The default recipe for 10,000 env steps, with one thing changed in each variant.',
  minutes: 2.5,
  variants: Object.entries(ABLATIONS).map(([name, changes]) => ({
    name,
    config: DEFAULT_CONFIG,
    overrides: ['train.steps=10_000', ...changes],
  })),
  seeds: THREE_SEEDS,
  datasets: [],
  target: TARGET,
  x: 'env_steps',
  limitMinutes: null,
};

/** What RESULTS.md consists of, in its order. */
export const ROWS: readonly Row[] = [
  wallClock,
  fewDemos,
  badDemos,
  realDemos,
  referenceFast,
  referenceSampleEfficient,
  transfer,
  ablations,
];

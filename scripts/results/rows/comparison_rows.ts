import type { AlgorithmName } from '../../../src/config/algorithm_sections.js';
import { TIERS, type Tier, tierPath } from '../tiers/tiers.js';
import { type ComparedData, type ComparisonBlock, type ComparisonRow, OFFLINE_DATA } from './row.js';

/** Updates of each training on a tier. */
const TIER_UPDATES = 3000;

/** Observations and targets, the same for all algorithms: as in the tasks' recipes, without augmentation. */
const ON_TIERS = [
  `train.offline_steps=${TIER_UPDATES}`,
  'train.batch_size=256',
  'train.discount=0.95',
  'train.n_step=3',
  'train.normalize_observations=True',
  'network.observations=[agent.qpos.fingers, extra.*]',
  `train.eval_freq=${TIER_UPDATES}`,
  'train.eval_episodes=100',
  'eval_env.num_envs=20',
];

/** CQL with its recipe's 3 × 256 and 10 candidates takes ten times as long as the others. */
const LESS_WORK_FOR_CQL = [
  'cql.num_candidates=4',
  'network.actor.arch_cfg.features=[256,256]',
  'network.critic.arch_cfg.features=[256,256]',
];

/** RLPD's recipe shows transitions elsewhere on the table, too; that of no other algorithm does. */
const NOT_TURNED = ['train.augment_mirror=False', 'train.augment_turn=0'];

const OTHER_TASKS = ['PushCube-v1', 'StackCube-v1', 'LiftPegUpright-v1', 'PokeCube-v1'];
const OTHER_TIERS: readonly Tier[] = ['expert', 'human-like', 'half-failed'];

export const tiers: ComparisonRow = {
  kind: 'comparison',
  id: 'tiers',
  title: 'What algorithms make of good and bad data',
  text:
    'Data of six qualities, from sparse rewards: `expert`, the scripted expert; `medium`, a policy halfway through its training; ' +
    '`replay`, all that this training has tried until then; `human-like`, slow, noisy and now and then wrong; `half-failed`, half of ' +
    `it failures; \`random\`. ${TIER_UPDATES.toLocaleString('en-US')} updates of 256 rows from the data alone, then 100 episodes. ` +
    "Other options are each recipe's; targets go over three steps; CQL has smaller networks and " +
    'fewer candidates than its recipe, for time. [How the data are made](docs/demonstrations.md#data-of-several-qualities).',
  minutes: 1,
  layout: 'tiers',
  blocks: [
    onPickCube(['bc', 'iql', 'rlpd'], NOT_TURNED),
    onOtherTasks(['bc', 'iql']),
    onPickCube(['td3_bc', 'awac', 'crr'], NOT_TURNED),
    onOtherTasks(['td3_bc']),
    onPickCube(['cql'], LESS_WORK_FOR_CQL),
  ],
};

const UPDATES = 10_000;
/** Updates on the small data of Pendulum, and of algorithms that take ten times as long as others. */
const FEW_UPDATES = 5000;

const HOPPER = ['hopper-medium', 'hopper-medium-replay'].map((label) => given(label, 'Hopper-v5'));
const HOPPER_REPLAY = HOPPER.slice(1);
const PENDULUM = [given('pendulum-random', 'Pendulum-v1')];

/** Options by which algorithms are d3rlpy's, where its own differ from the recipes. */
const AS_D3RLPY = {
  iql: ['iql.actor_decay=None'],
  rebrac: ['rebrac.actor_bc_weight=0.001'],
  crr: ['crr.weights=exp', 'crr.num_qs=1'],
  cql: ['cql.conservative_weight=5', 'cql.lagrange_threshold=10', 'cql.lagrange_lr=0.0001'],
};

export const offline: ComparisonRow = {
  kind: 'comparison',
  id: 'offline',
  title: 'Algorithms on data alone, beside d3rlpy',
  text:
    'The same files, updates, batches (256), networks (2 × 256) and evaluations (10 episodes) as d3rlpy was given, with its options: ' +
    'short runs, which compare programs, not algorithms at their best. BEAR is in its warm-up in all of them. d3rlpy gets Pendulum\'s actions from -2 to 2 as they are, for a policy from -1 to 1; ours are scaled. "At the end" is the last ' +
    "evaluation alone, as d3rlpy's figures are; a normalised score is 0 for random actions and 100 for an expert, as in D4RL.",
  minutes: 2,
  layout: 'list',
  blocks: [
    beside(['bc', 'td3_bc'], HOPPER, UPDATES),
    beside(['iql'], HOPPER, UPDATES, AS_D3RLPY.iql),
    beside(['td3_bc'], PENDULUM, FEW_UPDATES),
    beside(['iql'], PENDULUM, FEW_UPDATES, AS_D3RLPY.iql),
    beside(['awac'], HOPPER, UPDATES),
    beside(['crr'], HOPPER, UPDATES, AS_D3RLPY.crr),
    beside(['rebrac'], HOPPER, UPDATES, AS_D3RLPY.rebrac),
    beside(['bcq', 'bear', 'sac_n'], HOPPER_REPLAY, FEW_UPDATES),
    beside(['cql'], HOPPER_REPLAY, FEW_UPDATES, AS_D3RLPY.cql),
  ],
};

function beside(
  algorithms: readonly AlgorithmName[],
  datasets: readonly ComparedData[],
  updates: number,
  options: readonly string[] = [],
): ComparisonBlock {
  return { algorithms, datasets, seeds: [0, 1, 2], overrides: [...lengthOf(updates), ...options] };
}

/** Settings of a training of so many updates, with an evaluation after each fifth of them. */
function lengthOf(updates: number): string[] {
  return [
    `train.offline_steps=${updates}`,
    'train.batch_size=256',
    `train.eval_freq=${updates / 5}`,
    'train.eval_episodes=10',
  ];
}

function onPickCube(algorithms: readonly AlgorithmName[], changes: readonly string[]): ComparisonBlock {
  const datasets = TIERS.map((tier) => tierOf('PickCube-v1', tier));
  return { algorithms, datasets, seeds: [0], overrides: [...ON_TIERS, ...changes] };
}

function onOtherTasks(algorithms: readonly AlgorithmName[]): ComparisonBlock {
  const datasets = OTHER_TASKS.flatMap((envId) => OTHER_TIERS.map((tier) => tierOf(envId, tier)));
  return { algorithms, datasets, seeds: [0], overrides: ON_TIERS };
}

function tierOf(envId: string, tier: Tier): ComparedData {
  return { label: `${envId}-${tier}`, envId, tier, path: tierPath(envId, tier) };
}

function given(label: string, envId: string): ComparedData {
  return { label, envId, tier: null, path: `${OFFLINE_DATA}/${label}.hdf5` };
}

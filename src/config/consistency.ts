import { checkEnvironment } from '../../envs/registry.js';
import { UserError } from '../errors.js';
import type { Phases } from '../learner/algorithm.js';
import { type AlgorithmName, algorithmOf } from './algorithm_sections.js';
import { algorithmOptions, onlineAlgorithm, sectionOf } from './chosen_algorithm.js';
import type { Config } from './schema.js';
import { neededTermination, taskOf } from './task.js';

/**
 * Rules between keys, which a schema of single keys can't state. Throws a UserError that names the keys and `source`,
 * where they come from.
 */
export function checkConsistency(config: Config, source: string): void {
  const { env, train } = config;
  const refuse = (problem: string, cause?: unknown): never => {
    throw new UserError(`${source}: ${problem}`, { cause });
  };
  const task = taskOf(config);
  try {
    if (task) checkEnvironment(task.envId, task.controlMode);
  } catch (error) {
    refuse(`env.env_id: ${(error as Error).message}`, error);
  }
  const online = onlineAlgorithm(config);
  const phases = declaredBy(config, config.algo);
  const lacking =
    phaseProblem(config, phases, declaredBy(config, online)) ??
    modelProblem(config, phases) ??
    (train.num_demos === 0 ? withoutDataProblem(config, online) : null);
  if (lacking !== null) refuse(lacking);
  const wrongWeights = weightsProblem(config, declaredBy(config, online));
  if (wrongWeights !== null) refuse(wrongWeights);
  if (train.batch_size % 2 !== 0) {
    refuse(`train.batch_size (${train.batch_size}) must be even: half of a batch is demonstrations`);
  }
  const every = sectionOf(config, online)['actor_update_freq'] ?? 1;
  for (const key of ['grad_updates_per_step', 'early_grad_updates_per_step'] as const) {
    const updates = train[key] ?? 0;
    if (updates % Number(every) !== 0) {
      refuse(`train.${key} (${updates}) must be a multiple of ${online}.actor_update_freq (${every})`);
    }
    if (updates * train.batch_size > MAX_BATCH_ROWS) {
      refuse(
        `train.${key} (${updates}) × train.batch_size (${train.batch_size}) rows are in memory at a time: at most ` +
          MAX_BATCH_ROWS.toLocaleString('en-US'),
      );
    }
  }
  const stepRows = env.num_envs * train.steps_per_env;
  if (train.replay_buffer_capacity < stepRows) {
    refuse(
      `train.replay_buffer_capacity (${train.replay_buffer_capacity}) must hold a training step, which is ` +
        `env.num_envs (${env.num_envs}) × train.steps_per_env (${train.steps_per_env}) = ${stepRows} transitions`,
    );
  }
  if (train.replay_buffer_capacity < env.num_envs * train.n_step) {
    refuse(
      `train.replay_buffer_capacity (${train.replay_buffer_capacity}) must hold train.n_step (${train.n_step}) steps of ` +
        `env.num_envs (${env.num_envs})`,
    );
  }
  if (train.device === 'gpu' && train.backend !== 'compiled') {
    const gpuByItself = train.backend === 'tfjs-node-gpu' ? ', which uses the graphics card by itself' : '';
    refuse(
      `train.device=gpu goes with train.backend=compiled, not with ${train.backend}${gpuByItself}: ` +
        'set train.device=cpu or train.backend=compiled',
    );
  }
}

/** Rows of all updates of a training step together; about 4 GB in PickCube. */
const MAX_BATCH_ROWS = 10_000_000;

/** Sizes for a declaration whose phases are asked for: these don't depend on the sizes. */
const ANY_SIZES = { observationDim: 1, actionDim: 1, batchSize: 2 };

/** The phases that one of a configuration's algorithms declares. */
function declaredBy(config: Config, algo: AlgorithmName): Phases {
  return algorithmOf(algo).declare(algorithmOptions(config, algo), ANY_SIZES).phases;
}

/**
 * The reason why a phase can't be trained, in words; null if all can. The algorithm declares the phases `declared`, that of the phase
 * online `online`.
 */
function phaseProblem(config: Config, declared: Phases, online: Phases): string | null {
  const { algo, train, env } = config;
  const phases = `train.phases=[${train.phases.join(', ')}]`;
  if (env.env_id === null && train.phases.includes('online')) {
    return `${phases}: the phase online needs a task, and env.env_id is null: leave it out, or give a task`;
  }
  if (env.env_id === null && train.dataset_path === null) {
    return 'env.env_id is null, and so is train.dataset_path: there is nothing to learn from';
  }
  const clones = train.phases.includes('clone') && train.bc_warm_start_steps > 0;
  if (clones && declared.clone === undefined) {
    return `${algo} has no phase clone: set train.bc_warm_start_steps=0, or choose an algorithm that has one`;
  }
  if (train.online_algo === null) {
    if (!train.phases.includes('online') || declared.online !== undefined) return null;
    const own = declared.model ? 'model, offline' : 'offline';
    return (
      `${phases}: ${algo} learns from data alone: set train.phases=[${own}], or choose another algorithm for the phase ` +
      'online, such as train.online_algo=rlpd'
    );
  }
  if (!train.phases.includes('online')) {
    return `train.online_algo=${train.online_algo} is the algorithm of the phase online, which ${phases} lacks: add it there`;
  }
  if (online.online === undefined) {
    return `train.online_algo=${train.online_algo}: ${train.online_algo} learns from data alone: choose another, such as rlpd`;
  }
  if (onlineAlgorithm(config) !== algo && train.phases.length === 1) {
    return `${phases}: ${algo} learns nothing before the phase online: add offline, or choose algo=${train.online_algo}`;
  }
  return null;
}

/** The reason why an algorithm can't learn by a model of the environment, or has none, in words; null if all is well. */
function modelProblem(config: Config, declared: Phases): string | null {
  const { algo, train, network } = config;
  const phases = `train.phases=[${train.phases.join(', ')}]`;
  if (declared.model === undefined) {
    return train.phases.includes('model') ? `${phases}: ${algo} learns no model: leave it out` : null;
  }
  const needed = train.online_algo === null ? ['model', 'offline'] : ['model', 'offline', 'online'];
  if (train.phases.join() !== needed.join()) {
    return `${phases}: ${algo} learns a model, and then in it: set train.phases=[${needed.join(', ')}]`;
  }
  if (network.observations !== null || network.relations !== null) {
    return `${algo} models all of the observation, as it is: set network.observations=None network.relations=None`;
  }
  try {
    neededTermination(config, algo);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The reason why the weights of datasets can't be used, in words; null if they can, or if there are none. */
function weightsProblem(config: Config, online: Phases): string | null {
  const { dataset_path: path, dataset_weights: weights } = config.train;
  if (weights === null) return null;
  const paths = Array.isArray(path) ? path : [];
  if (weights.length !== paths.length) {
    return (
      `train.dataset_weights has ${weights.length} numbers, and train.dataset_path is ` +
      `${Array.isArray(path) ? `a list of ${paths.length}` : 'no list'}: expected a number for each dataset`
    );
  }
  if (online.balance === undefined) return null;
  return `train.dataset_weights: ${onlineAlgorithm(config)} draws transitions by priorities of its own: leave it out`;
}

/** The setting that asks for data though there are to be none, in words; null if none does. */
function withoutDataProblem(config: Config, online: AlgorithmName): string | null {
  const { train } = config;
  const { phases, bc_warm_start_steps: cloneSteps } = train;
  const isBalanced = declaredBy(config, online).balance !== undefined;
  const asking = [
    [phases.includes('clone') && cloneSteps > 0, `train.bc_warm_start_steps=${cloneSteps} clones them`],
    [phases.includes('model'), 'the phase model learns from them'],
    [phases.includes('offline'), 'the phase offline learns from them alone'],
    [phases.includes('online') && isBalanced, `${online} weighs experience against them`],
    [train.dataset_path !== null, 'train.dataset_path names some'],
    [train.normalize_observations, 'train.normalize_observations=True goes by them'],
    [train.normalize_rewards, 'train.normalize_rewards=True goes by them'],
    [train.reward_source !== 'recorded', `train.reward_source=${train.reward_source} gives them rewards`],
    [train.data_action_scale !== null, 'train.data_action_scale goes by them'],
  ] as const;
  const found = asking.find(([asks]) => asks);
  return found ? `train.num_demos=0 leaves no demonstrations, and ${found[1]}` : null;
}

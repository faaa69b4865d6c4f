import { z } from 'zod';
import { REWARD_SOURCES } from '../buffers/reward_source.js';
import { ALGORITHM_NAMES } from './algorithm_sections.js';
import { PHASES } from './phases.js';
import { count, fraction, learningRate, paths, positive, share } from './value_schemas.js';

/** Updates of a training step, limited because it can't be stopped in its middle. */
const updates = () => positive().max(1000);

/** A learning rate that is the algorithm's own unless it is given. */
const algorithmsRate = () => learningRate().nullable().default(null).describe("null: the algorithm's own");

/** Settings of the data and their presentation. */
const data = {
  dataset_path: paths()
    .nullable()
    .default(null)
    .describe('demonstrations: a dataset of any format, or a list of several; null: make them first'),
  dataset_weights: z
    .array(z.number().positive().max(1e9))
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'one number for each dataset of the list dataset_path, in proportion to its share of the data in every batch; ' +
        'null: all transitions are drawn alike',
    ),
  shuffle_demos: z.boolean().default(true).describe('choose num_demos at random, not the first ones'),
  skip_failed: z
    .boolean()
    .default(false)
    .describe(
      'leave out demonstrations that fail: without success at their end, or at any step where a task counts that',
    ),
  top_share: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe('use this share of the episodes alone, those with the highest sums of rewards; 1: all'),
  num_demos: count()
    .max(10_000_000)
    .default(1_000)
    .describe(
      'episodes of the data that are used, of each dataset, or made; 0: none, to learn from experience alone',
    ),
  data_action_scale: z
    .number()
    .min(0.1)
    .max(100)
    .nullable()
    .default(null)
    .describe('stretch the demonstrated actions to this share of the action range; null: as recorded'),
  normalize_observations: z
    .boolean()
    .default(false)
    .describe(
      'shift and scale observations by the mean and deviation of the demonstrations (TD3+BC, arXiv 2106.06860)',
    ),
  normalize_rewards: z
    .boolean()
    .default(false)
    .describe(
      'multiply rewards by 1000 / (largest − smallest return of the episodes of the data), as IQL does for locomotion ' +
        '(arXiv 2110.06169)',
    ),
  reward_scale: z
    .number()
    .min(1e-6)
    .max(1e6)
    .default(1)
    .describe(
      'learn from reward · reward_scale + reward_shift, of data and experience; returns are reported without',
    ),
  reward_source: z
    .enum(REWARD_SOURCES)
    .default('recorded')
    .describe(
      'the rewards of the data: as recorded; or 1 in the last step of an episode, which ends the task, and else 0: for episodes that ' +
        'succeed then (success_at_end), or for all, as of demonstrations that all succeed (every_end)',
    ),
  reward_shift: z.number().min(-1e6).max(1e6).default(0).describe('see reward_scale; IQL in AntMaze: -1'),
  augment_mirror: z
    .boolean()
    .default(false)
    .describe(
      'show every other transition in a mirror along the robot, where the task is the same (arXiv 1909.10707)',
    ),
  augment_turn: z
    .number()
    .nonnegative()
    .max(Math.PI)
    .default(0)
    .describe('show transitions turned about the robot by up to so many radians, where the task is the same'),
};

/** Settings of the updates and their batches. */
const learning = {
  batch_size: positive().max(100_000).default(256).describe('rows of a batch, half of them demonstrations'),
  discount: fraction()
    .lt(1, 'must be below 1: episodes are cut off, never over, and values would grow without end')
    .default(0.9)
    .describe('γ, by which rewards count less with every step that they lie ahead'),
  n_step: positive()
    .max(1000)
    .default(1)
    .describe('rewards summed before the bootstrap (Rainbow, arXiv 1710.02298)'),
  actor_lr: algorithmsRate(),
  critic_lr: algorithmsRate(),
  temp_lr: algorithmsRate(),
  backend: z
    .enum(['compiled', 'cpu', 'wasm', 'tensorflow', 'tfjs-node-gpu'])
    .default('compiled')
    .describe('compiled graph, or eager TensorFlow.js on this backend'),
  device: z
    .enum(['cpu', 'gpu'])
    .default('cpu')
    .describe(
      'where the compiled graph trains; gpu: by ONNX Runtime with CUDA or WebGPU, meant for large networks, since ' +
        'arrays travel there and back in every stage',
    ),
};

const phases = {
  phases: z
    .array(z.enum(PHASES))
    .min(1)
    .refine(isInOrder, `must be some of ${PHASES.join(', ')}, in this order, each once`)
    .default(['clone', 'online'])
    .describe(
      'what a training does, one after another: model learns what actions lead to, clone imitates the demonstrations, ' +
        'offline learns from the data alone, online from data and experience',
    ),
  model_steps: positive().max(1e9).default(100_000).describe('updates of the phase model'),
  bc_warm_start_steps: count().default(0).describe('updates of the phase clone'),
  bc_learning_rate: learningRate()
    .default(1e-3)
    .describe('learning rate of the phase clone, decayed to a tenth'),
  offline_steps: positive().max(1e9).default(100_000).describe('updates of the phase offline'),
  steps: positive().max(1e12).default(100_000_000).describe('env steps of the phase online'),
};

/** The same for the algorithm of the phase online. */
const onlineRate = () =>
  learningRate().nullable().default(null).describe("of train.online_algo; null: that algorithm's own");

/** Settings of the phase online: experience, and updates on it. */
const online = {
  online_algo: z
    .enum(ALGORITHM_NAMES)
    .nullable()
    .default(null)
    .describe(
      'the algorithm of the phase online, which goes on with the networks that it has in common with algo; null: algo itself',
    ),
  online_actor_lr: onlineRate(),
  online_critic_lr: onlineRate(),
  online_temp_lr: onlineRate(),
  num_seed_steps: count().default(5_000).describe('env steps before the first update'),
  seed_with_policy: z.boolean().default(false).describe('seed steps act by the policy, not at random'),
  steps_per_env: positive().max(10_000).default(4).describe('steps of each environment per training step'),
  grad_updates_per_step: updates().default(16).describe('updates per training step, each of all critics'),
  early_grad_updates_per_step: updates()
    .nullable()
    .default(null)
    .describe(
      'critic updates per training step in the first early_env_steps; null: as later (arXiv 2101.05982)',
    ),
  early_env_steps: count().default(10_000).describe('env steps for which early_grad_updates_per_step holds'),
  online_mixing: z
    .enum(['half', 'uniform'])
    .default('half')
    .describe(
      'batches of the phase online; half: half of their rows are demonstrations (symmetric sampling, arXiv 2302.02948); ' +
        'uniform: all transitions are drawn alike, as if demonstrations and experience were in one buffer',
    ),
  replay_buffer_capacity: positive()
    .max(1_000_000_000)
    .default(1_000_000)
    .describe('transitions of experience that are kept'),
  exploration_noise: share()
    .default(0)
    .describe(
      'deviation of noise on the actions in the last environment, in equal steps less in those before it (arXiv 1803.00933)',
    ),
  exploration_correlation: z
    .number()
    .nonnegative()
    .lt(1)
    .default(0)
    .describe('correlation of that noise from step to step, in place of fresh noise (arXiv 1509.02971)'),
};

/**
 * Settings of evaluations, logs and checkpoints. A step is an env step of the phase online, and an update of the phase
 * offline.
 */
const watching = {
  eval_freq: positive().default(50_000).describe('steps between evaluations'),
  eval_steps: positive()
    .max(10_000_000)
    .default(250)
    .describe('steps per evaluation environment, if eval_episodes is null'),
  eval_episodes: positive()
    .max(100_000)
    .nullable()
    .default(null)
    .describe('evaluation episodes, full horizon each'),
  log_freq: positive().default(1_000).describe('steps between log lines'),
  save_freq: positive().default(50_000).describe('steps between checkpoints'),
  save_buffer_in_checkpoints: z.boolean().default(false).describe('makes a resumed run exact'),
  keep_checkpoints: positive()
    .nullable()
    .default(null)
    .describe(
      'how many of the newest ckpt_* a run keeps beside latest and best; null: all, as the reference',
    ),
};

/** Settings of a training, whatever its algorithm. */
export const train = z.strictObject({ ...phases, ...data, ...learning, ...online, ...watching });

function isInOrder(phases: readonly string[]): boolean {
  const places = phases.map((phase) => (PHASES as readonly string[]).indexOf(phase));
  return places.every((place, i) => i === 0 || place > places[i - 1]);
}

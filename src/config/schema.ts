import { z } from 'zod';
import { isRunName, RUN_NAME_RULE } from './run_name.js';
import {
  averagingShare,
  count,
  fraction,
  learningRate,
  path,
  positive,
  seed,
  text,
} from './value_schemas.js';

const envKwargs = z.strictObject({
  control_mode: text().default('pd_joint_delta_pos').describe('how actions drive the robot'),
  obs_mode: z.literal('state').default('state').describe('observations are state vectors'),
  reward_mode: z.enum(['sparse', 'dense', 'normalized_dense']).default('sparse'),
  render_mode: z.enum(['rgb_array']).default('rgb_array').describe('accepted as in ManiSkill'),
});

const share = () => z.number().nonnegative().max(10);

const randomization = z.strictObject({
  friction: share()
    .default(0)
    .describe('each episode multiplies all friction by a factor of 1 / (1 + friction) to 1 + friction'),
  mass: share().default(0).describe("the same for the masses of the task's objects"),
  latency_steps: count()
    .max(50)
    .default(0)
    .describe('in each episode actions arrive 0 to so many steps late'),
  observation_noise: share()
    .default(0)
    .describe('deviation of normal noise on what is observed: metres, radians, and the same per second'),
});

const horizon = () => positive().max(100_000).nullable().default(null);
/** Each environment is a physics world of its own. */
const numEnvs = () => positive().max(4096);

const env = z.strictObject({
  env_id: text().default('PickCube-v1'),
  max_episode_steps: horizon().describe(
    "episodes run this long; success does not end them; null: the task's own horizon",
  ),
  num_envs: numEnvs().default(8),
  num_workers: count()
    .max(256)
    .default(0)
    .describe('worker threads stepping the environments; 0: the main thread'),
  env_type: z.literal('gym:cpu').default('gym:cpu').describe('accepted as in the reference'),
  env_kwargs: envKwargs.prefault({}),
  randomization: randomization
    .prefault({})
    .describe('how training episodes differ from the simulator; evaluations never do (arXiv 1703.06907)'),
});

const evalEnv = z.strictObject({
  num_envs: numEnvs().default(2),
  max_episode_steps: horizon(),
  seed: seed().default(1_000_000).describe('the evaluation episodes; the same for every run'),
});

const evaluationVideos = z.strictObject({
  num_videos: count()
    .max(64)
    .default(4)
    .describe('episodes of each evaluation shown in its video, side by side; 0: no videos'),
  video_fps: positive()
    .max(100)
    .default(20)
    .describe('frames a second of the videos; the robot is controlled at 20'),
});

const cloningWeight = () => z.number().nonnegative().max(1e6);

/** A training step can't be stopped in its middle. */
const updates = () => positive().max(1000);

const sac = z.strictObject({
  num_seed_steps: count().default(5_000).describe('env steps before the first update'),
  seed_with_policy: z.boolean().default(false).describe('seed steps act by the policy, not at random'),
  replay_buffer_capacity: positive().max(1_000_000_000).default(1_000_000),
  batch_size: positive().max(100_000).default(256).describe('rows of a batch, half of them demonstrations'),
  steps_per_env: positive().max(10_000).default(4).describe('steps of each environment per training step'),
  grad_updates_per_step: updates().default(16).describe('critic updates per training step'),
  early_grad_updates_per_step: updates()
    .nullable()
    .default(null)
    .describe(
      'critic updates per training step in the first early_env_steps; null: as later (arXiv 2101.05982)',
    ),
  early_env_steps: count().default(10_000).describe('env steps for which early_grad_updates_per_step holds'),
  actor_update_freq: positive().default(1).describe('critic updates per actor update'),
  num_qs: positive().max(100).default(2).describe('critics in the ensemble'),
  num_min_qs: positive().default(2).describe('target critics drawn for the minimum (REDQ, arXiv 2101.05982)'),
  discount: fraction()
    .lt(1, 'must be below 1: episodes are cut off, never over, and values would grow without end')
    .default(0.9),
  tau: averagingShare().default(0.005).describe('step of the target critics towards the critics'),
  backup_entropy: z.boolean().default(false).describe('entropy term in the target'),
  learnable_temp: z.boolean().default(true),
  initial_temperature: z.number().min(1e-8).max(1e4).default(1),
  target_entropy: z.number().min(-1000).max(1000).nullable().default(null).describe('null: −actionDim / 2'),
  eval_freq: positive().default(50_000).describe('env steps between evaluations'),
  eval_steps: positive()
    .max(10_000_000)
    .default(250)
    .describe('steps per evaluation environment, if eval_episodes is null'),
  eval_episodes: positive()
    .max(100_000)
    .nullable()
    .default(null)
    .describe('evaluation episodes, full horizon each'),
  log_freq: positive().default(1_000).describe('env steps between log lines'),
  save_freq: positive().default(50_000).describe('env steps between checkpoints'),
  n_step: positive()
    .max(1000)
    .default(1)
    .describe('rewards summed before the bootstrap (Rainbow, arXiv 1710.02298)'),
  normalize_observations: z
    .boolean()
    .default(false)
    .describe(
      'shift and scale observations by the mean and deviation of the demonstrations (TD3+BC, arXiv 2106.06860)',
    ),
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
  actor_tau: averagingShare()
    .default(1)
    .describe(
      'share of the new policy in its moving average, which is what is evaluated and exported; 1: no average',
    ),
  log_std_min: z
    .number()
    .min(-20)
    .lt(2)
    .default(-5)
    .describe('least logarithm of the policy deviation before tanh, so that it always explores that much'),
  bc_warm_start_steps: count().default(0).describe('behaviour-cloning steps before anything else'),
  bc_learning_rate: learningRate()
    .default(1e-3)
    .describe('learning rate of the warm start, decayed to a tenth'),
  bc_weight: cloningWeight()
    .default(0)
    .describe(
      'weight of a cloning term on demonstration rows in the actor loss (DDPGfD-style, arXiv 1709.10089)',
    ),
  bc_weight_end: cloningWeight()
    .nullable()
    .default(null)
    .describe('what bc_weight falls to, in a straight line over bc_decay_steps; null: it stays'),
  bc_decay_steps: positive()
    .default(10_000)
    .describe('env steps over which bc_weight falls to bc_weight_end'),
});

const architecture = (useLayerNorm: boolean) =>
  z.strictObject({
    type: z.literal('mlp').default('mlp'),
    arch_cfg: z
      .strictObject({
        features: z.array(positive().max(16_384)).min(1).max(32).default([256, 256, 256]),
        output_activation: z.literal('relu').default('relu'),
        use_layer_norm: z.boolean().default(useLayerNorm),
      })
      .prefault({}),
  });

const network = z.strictObject({
  observations: z
    .array(text())
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'parts of the observation that the networks see, by name (agent.qpos, or its .arm or .fingers, …); null: all. ' +
        'From few demonstrations ' +
        'they learn less that is not so if they see less (causal confusion, arXiv 1905.11979)',
    ),
  actor: architecture(false).prefault({}),
  critic: architecture(true).prefault({}),
});

const train = z.strictObject({
  actor_lr: learningRate().default(3e-4),
  critic_lr: learningRate().default(3e-4),
  temp_lr: learningRate().default(3e-4),
  steps: positive().max(1e12).default(100_000_000).describe('env steps of the whole run'),
  dataset_path: path().nullable().default(null).describe('demonstrations (.h5); null: make them first'),
  shuffle_demos: z.boolean().default(true).describe('choose num_demos at random, not the first ones'),
  skip_failed: z.boolean().default(false).describe('leave out demonstrations without success at their end'),
  num_demos: positive().max(10_000_000).default(1_000),
  data_action_scale: z
    .number()
    .min(0.1)
    .max(100)
    .nullable()
    .default(null)
    .describe('stretch the demonstrated actions to this share of the action range; null: as recorded'),
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
  save_buffer_in_checkpoints: z.boolean().default(false).describe('makes a resumed run exact'),
  keep_checkpoints: positive()
    .nullable()
    .default(null)
    .describe(
      'how many of the newest ckpt_* a run keeps beside latest and best; null: all, as the reference',
    ),
});

const demos = z.strictObject({
  action_noise: share().default(0.1).describe('deviation of the noise on the arm actions'),
  imperfect_share: fraction().default(0).describe('share of deliberately failed or clumsy episodes'),
});

const wandbConfig = z.strictObject({
  entity: text().nullable().default(null).describe('user or team; null: $WANDB_ENTITY, else your default'),
  group: text().nullable().default(null).describe('null: $WANDB_RUN_GROUP, else RLPD'),
  tags: z
    .array(text())
    .nullable()
    .default(null)
    .describe('null: $WANDB_TAGS (a,b,c), else rlpd and config_type'),
  notes: text().nullable().default(null).describe('null: $WANDB_NOTES'),
});

const logger = z.strictObject({
  tensorboard: z.boolean().default(true).describe('event files in <workspace>/<exp_name>/logs'),
  wandb: z.boolean().default(false).describe('log to Weights & Biases'),
  wandb_mode: z
    .enum(['online', 'offline', 'disabled'])
    .nullable()
    .default(null)
    .describe('null: $WANDB_MODE, else online'),
  workspace: path().default('exps').describe('folder of all runs'),
  exp_name: z
    .string()
    .refine(isRunName, RUN_NAME_RULE)
    .nullable()
    .default(null)
    .describe('the folder of the run, also in folders: mine/first'),
  project_name: text().nullable().default(null).describe('null: $WANDB_PROJECT, else ManiSkill'),
  wandb_cfg: wandbConfig.prefault({}),
});

/** The whole configuration. Keys and default values are the reference's (`base_rlpd_ms3.yml`) where it has them. */
export const configSchema = z.strictObject({
  jax_env: z.literal(false).default(false).describe('accepted as in the reference'),
  seed: seed().default(0),
  algo: z.literal('sac').default('sac'),
  verbose: z.literal([0, 1]).default(1).describe('0: no progress and no tables'),
  demo_seed: seed().nullable().default(null).describe('which demonstrations are drawn; null: seed'),
  demo_type: text().nullable().default(null).describe('a tag for the logs'),
  config_type: text().nullable().default(null).describe('a tag for the logs'),
  env: env.prefault({}),
  eval_env: evalEnv.prefault({}),
  eval: evaluationVideos.prefault({}),
  sac: sac.prefault({}),
  network: network.prefault({}),
  train: train.prefault({}),
  demos: demos.prefault({}),
  logger: logger.prefault({}),
});

/** All settings of a run. */
export type Settings = z.output<typeof configSchema>;

/** A configuration that says how long the episodes are (see `withHorizons`). */
export type Config = Settings & {
  env: { max_episode_steps: number };
  eval_env: { max_episode_steps: number };
};

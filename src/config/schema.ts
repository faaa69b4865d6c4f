import { z } from 'zod';
import type { RewardMode } from '../../envs/env.js';
import { ALGORITHM_NAMES, ALGORITHM_SECTIONS, DEFAULT_ALGORITHM } from './algorithm_sections.js';
import { isRunName, RUN_NAME_RULE } from './run_name.js';
import { train } from './train_schema.js';
import { count, fraction, path, positive, seed, share, text } from './value_schemas.js';

const envKwargs = z.strictObject({
  control_mode: text()
    .nullable()
    .default(null)
    .describe("how actions drive the robot; null: the first of the task's control modes"),
  obs_mode: z.literal('state').default('state').describe('observations are state vectors'),
  reward_mode: z
    .enum(['sparse', 'dense', 'normalized_dense'])
    .nullable()
    .default(null)
    .describe(
      'what the task pays; sparse: 1 where it is solved; null: sparse, or dense in tasks that are never solved',
    ),
  render_mode: z.enum(['rgb_array']).default('rgb_array').describe('accepted as in ManiSkill'),
});

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
/** A number of environments; each is a physics world of its own. */
const numEnvs = () => positive().max(4096);

const env = z.strictObject({
  env_id: text().nullable().default('PickCube-v1').describe('the task; null: none, to learn from data alone'),
  max_episode_steps: horizon().describe(
    "episodes run this long; success does not end them; null: the task's own horizon",
  ),
  num_envs: numEnvs().default(8).describe('environments that make experience'),
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
  num_envs: numEnvs().default(2).describe('environments of an evaluation'),
  max_episode_steps: horizon().describe("evaluation episodes run this long; null: the task's own horizon"),
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

const ALGORITHMS_OWN = "null: the algorithm's own";

const architecture = () =>
  z.strictObject({
    type: z.literal('mlp').default('mlp'),
    arch_cfg: z
      .strictObject({
        features: z
          .array(positive().max(16_384))
          .min(1)
          .max(32)
          .nullable()
          .default(null)
          .describe(`widths of the hidden layers; ${ALGORITHMS_OWN}`),
        output_activation: z.literal('relu').default('relu'),
        use_layer_norm: z.boolean().nullable().default(null).describe(ALGORITHMS_OWN),
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
      'parts of the observation that the networks see, by name (agent.qpos, or its .arm or .fingers, … or all of extra.*); ' +
        'null: all. ' +
        'From few demonstrations ' +
        'they learn less that is not so if they see less (causal confusion, arXiv 1905.11979)',
    ),
  relations: z
    .array(text())
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'parts of the observation, by name, of which networks also see each pose and place in the frame of every other pose, ' +
        'coarse and fine: what they need where things are to fit into each other; null: none',
    ),
  actor: architecture().prefault({}),
  critic: architecture().prefault({}),
});

const demos = z.strictObject({
  action_noise: share().default(0.1).describe('deviation of the noise on the arm actions'),
  imperfect_share: fraction().default(0).describe('share of deliberately failed or clumsy episodes'),
  hold_steps: positive()
    .nullable()
    .default(null)
    .describe("episodes end once success has held so many steps; null: at the task's horizon"),
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
  seed: seed().default(0).describe('of everything random: the same seed gives the same run'),
  algo: z
    .enum(ALGORITHM_NAMES)
    .default(DEFAULT_ALGORITHM)
    .describe('the algorithm, whose options are in the section of its name'),
  verbose: z.literal([0, 1]).default(1).describe('0: no progress and no tables'),
  demo_seed: seed().nullable().default(null).describe('which demonstrations are drawn; null: seed'),
  demo_type: text().nullable().default(null).describe('a tag for the logs'),
  config_type: text().nullable().default(null).describe('a tag for the logs'),
  env: env.prefault({}),
  eval_env: evalEnv.prefault({}),
  eval: evaluationVideos.prefault({}),
  ...ALGORITHM_SECTIONS,
  network: network.prefault({}),
  train: train.prefault({}),
  demos: demos.prefault({}),
  logger: logger.prefault({}),
});

/** All settings of a run. */
export type Settings = z.output<typeof configSchema>;

/** A configuration with the modes of its task and the length of the episodes (see `withTaskDefaults`). */
export type Config = Settings & {
  env: {
    max_episode_steps: number;
    env_kwargs: { control_mode: string; reward_mode: RewardMode };
  };
  eval_env: { max_episode_steps: number };
};

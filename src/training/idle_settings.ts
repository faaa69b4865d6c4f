import type { AlgorithmName } from '../config/algorithm_sections.js';
import { algorithmsOf, onlineAlgorithm, sectionOf } from '../config/chosen_algorithm.js';
import { flattenConfig, isKeyIn } from '../config/flatten.js';
import { defaultConfig } from '../config/load.js';
import { writeText } from '../config/read_value.js';
import type { Config } from '../config/schema.js';
import { cloneUpdates, onlineSteps } from './phases/schedules.js';
import type { RunProgress } from './run_progress.js';

/**
 * Notes for the user before a run goes on from `progress`: a warning if it ends before its first update, and notes on
 * settings that have no effect, or less than expected, because of others.
 */
export function startNotes(config: Config, progress: RunProgress): string[] {
  const notes = [...idleSettings(config), ...partlyIdle(config)].map((note) => `note: ${note}`);
  return [...updateWarning(config, progress), ...notes];
}

function updateWarning(config: Config, { envSteps, firstUpdateAt }: RunProgress): string[] {
  const { train } = config;
  const left = onlineSteps(train) - envSteps;
  if (left <= 0 || envSteps + wholeTrainingSteps(config, left) >= firstUpdateAt) return [];
  // Without its replay buffer, a run collects again before it goes on learning.
  const begin = firstUpdateAt > train.num_seed_steps ? ` from ${envSteps} on` : '';
  const isCloned = envSteps === 0 && cloneUpdates(train) > 0;
  return [
    `warning: no update will be made: the first one comes after train.num_seed_steps=${train.num_seed_steps} env steps` +
      `${begin}, and the run ends after train.steps=${train.steps}` +
      (isCloned ? '; only the cloning before trains the policy' : ''),
  ];
}

/** A line for each cause, with the keys that have other values than their defaults. */
function idleSettings(config: Config): string[] {
  const values = flattenConfig(config);
  // Where two algorithms have the same key, it is the first one's.
  const defaults = new Map(
    algorithmsOf(config)
      .toReversed()
      .flatMap((algo) => [...flattenConfig(defaultConfig(algo))]),
  );
  return idleKeys(config).flatMap(([isIdle, reason, keys]) => {
    const chosen = [...values.keys()].filter(
      (key) => isKeyIn(key, keys) && values.get(key) !== defaults.get(key),
    );
    if (!isIdle || chosen.length === 0) return [];
    const settings = chosen.map((key) => `${key}=${writeText(JSON.parse(values.get(key)!))}`);
    return [`${settings.join(', ')} changes nothing: ${reason}`];
  });
}

/** Keys of the phase online. */
const ONLINE_KEYS = [
  'train.steps',
  'train.num_seed_steps',
  'train.seed_with_policy',
  'train.steps_per_env',
  'train.grad_updates_per_step',
  'train.early_grad_updates_per_step',
  'train.early_env_steps',
  'train.online_mixing',
  'train.replay_buffer_capacity',
  'train.exploration_noise',
  'train.exploration_correlation',
  'env.num_envs',
  'env.num_workers',
  'env.randomization',
];

/** Keys of episodes, in training or in an evaluation. A task's horizon is no choice of the user's. */
const EPISODE_KEYS = [
  'env.env_kwargs.control_mode',
  'env.num_envs',
  'env.num_workers',
  'env.randomization',
  'eval_env.num_envs',
  'eval_env.seed',
  'eval',
  'train.eval_freq',
  'train.eval_episodes',
];

/** Idle keys among the options of one of the algorithms, where it has such options. */
function idleOptions(config: Config, algo: AlgorithmName): Idle[] {
  const section = sectionOf(config, algo);
  const key = (name: string) => `${algo}.${name}`;
  return [
    [section['bc_weight'] === 0, `${key('bc_weight')} is 0`, [key('bc_weight_end'), key('bc_decay_steps')]],
    [
      section['bc_weight'] !== 0 && section['bc_weight_end'] === null,
      `${key('bc_weight_end')} is null`,
      [key('bc_decay_steps')],
    ],
    [
      section['learnable_temp'] === false,
      `${key('learnable_temp')} is False`,
      [key('target_entropy'), ...(algo === config.algo ? ['train.temp_lr'] : [])],
    ],
    [
      !config.train.phases.includes('online'),
      'train.phases lacks online',
      ['first_online_share', 'priority_temperature', 'ratio_features', 'ratio_lr'].map(key),
    ],
    [section['nll'] === false, `${key('nll')} is False`, [key('log_std_min')]],
    [section['weights'] === 'binary', `${key('weights')} is binary`, [key('temperature'), key('max_weight')]],
  ];
}

/** Keys that change nothing if the first entry is true, and the reason. */
type Idle = [isIdle: boolean, reason: string, keys: string[]];

function idleKeys(config: Config): Idle[] {
  const { train, eval: videos, logger } = config;
  const firstUpdate = wholeTrainingSteps(config, train.num_seed_steps);
  return [
    ...algorithmsOf(config).flatMap((algo) => idleOptions(config, algo)),
    [!train.phases.includes('online'), 'train.phases lacks online', ONLINE_KEYS],
    [
      !train.phases.includes('online') && !train.phases.includes('model'),
      'train.phases lacks online',
      ['train.save_buffer_in_checkpoints'],
    ],
    [!train.phases.includes('model'), 'train.phases lacks model', ['train.model_steps']],
    [!train.phases.includes('offline'), 'train.phases lacks offline', ['train.offline_steps']],
    [
      !train.phases.includes('clone'),
      'train.phases lacks clone',
      ['train.bc_warm_start_steps', 'train.bc_learning_rate'],
    ],
    [config.env.env_id === null, 'env.env_id is null', EPISODE_KEYS],
    [train.bc_warm_start_steps === 0, 'train.bc_warm_start_steps is 0', ['train.bc_learning_rate']],
    [train.exploration_noise === 0, 'train.exploration_noise is 0', ['train.exploration_correlation']],
    [
      train.early_grad_updates_per_step === null,
      'train.early_grad_updates_per_step is null',
      ['train.early_env_steps'],
    ],
    [
      firstUpdate >= train.early_env_steps,
      `train.early_env_steps=${train.early_env_steps} are over at the first update, after ${firstUpdate} env steps`,
      ['train.early_grad_updates_per_step'],
    ],
    [
      'first_online_share' in sectionOf(config, onlineAlgorithm(config)),
      `${onlineAlgorithm(config)} draws transitions by priorities`,
      ['train.online_mixing'],
    ],
    [train.num_seed_steps === 0, 'train.num_seed_steps is 0', ['train.seed_with_policy']],
    [train.eval_episodes !== null, 'train.eval_episodes is set', ['train.eval_steps']],
    [videos.num_videos === 0, 'eval.num_videos is 0', ['eval.video_fps']],
    [
      train.dataset_path !== null,
      'the demonstrations are those of train.dataset_path',
      // Not demos.hold_steps, which recipes set for whoever brings no demonstrations.
      ['demos.action_noise', 'demos.imperfect_share'],
    ],
    [
      train.num_demos === 0,
      'train.num_demos is 0',
      ['demos', 'demo_seed', 'train.shuffle_demos', 'train.skip_failed', 'train.online_mixing'],
    ],
    [
      train.dataset_path !== null && !train.shuffle_demos,
      'train.shuffle_demos=False takes the first demonstrations',
      ['demo_seed'],
    ],
    [!logger.wandb, 'logger.wandb is False', ['logger.wandb_mode']],
  ];
}

function partlyIdle(config: Config): string[] {
  const { train, env } = config;
  const notes: string[] = [];
  const algo = onlineAlgorithm(config);
  const { bc_weight: start, bc_weight_end: end, bc_decay_steps: decaySteps } = sectionOf(config, algo);
  const steps = onlineSteps(train);
  if (typeof start === 'number' && typeof end === 'number' && start > 0 && Number(decaySteps) > steps) {
    const last = Number((start + (end - start) * (steps / Number(decaySteps))).toPrecision(3));
    notes.push(
      `${algo}.bc_weight only gets from ${start} to ${last}: train.steps=${steps} end before ` +
        `${algo}.bc_decay_steps=${decaySteps}`,
    );
  }
  if (env.env_id !== null && train.n_step > env.max_episode_steps) {
    notes.push(
      `train.n_step=${train.n_step} sums no more than an episode's env.max_episode_steps=${env.max_episode_steps} rewards`,
    );
  }
  return notes;
}

/** The env steps that a run makes for at least `envSteps` of them: a training step is never cut short. */
function wholeTrainingSteps({ env, train }: Pick<Config, 'env' | 'train'>, envSteps: number): number {
  const each = env.num_envs * train.steps_per_env;
  return Math.max(0, Math.ceil(envSteps / each)) * each;
}

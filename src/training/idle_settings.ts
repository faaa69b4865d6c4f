import { flattenConfig } from '../config/flatten.js';
import { writeText } from '../config/read_value.js';
import { type Config, configSchema } from '../config/schema.js';
import type { RunProgress } from './run_progress.js';
import { imitationWeight } from './schedules.js';

/**
 * What the user should know before a run goes on from `progress`: a warning if it ends before its first update, and notes on
 * settings that change nothing, or less than they say, because of others.
 */
export function startNotes(config: Config, progress: RunProgress): string[] {
  const notes = [...idleSettings(config), ...partlyIdle(config)].map((note) => `note: ${note}`);
  return [...updateWarning(config, progress), ...notes];
}

function updateWarning(config: Config, { envSteps, firstUpdateAt }: RunProgress): string[] {
  const { sac, train } = config;
  const left = train.steps - envSteps;
  if (left <= 0 || envSteps + wholeTrainingSteps(config, left) >= firstUpdateAt) return [];
  // Without its replay buffer, a run collects again before it goes on learning.
  const begin = firstUpdateAt > sac.num_seed_steps ? ` from ${envSteps} on` : '';
  const isCloned = envSteps === 0 && sac.bc_warm_start_steps > 0;
  return [
    `warning: no update will be made: the first one comes after sac.num_seed_steps=${sac.num_seed_steps} env steps` +
      `${begin}, and the run ends after train.steps=${train.steps}` +
      (isCloned ? '; only the cloning before trains the policy' : ''),
  ];
}

/** A line for each cause, with the keys that have other values than their defaults. */
function idleSettings(config: Config): string[] {
  const values = flattenConfig(config);
  const defaults = flattenConfig(configSchema.parse({}));
  return idleKeys(config).flatMap(([isIdle, reason, keys]) => {
    const chosen = keys.filter((key) => values.get(key) !== defaults.get(key));
    if (!isIdle || chosen.length === 0) return [];
    const settings = chosen.map((key) => `${key}=${writeText(JSON.parse(values.get(key)!))}`);
    return [`${settings.join(', ')} changes nothing: ${reason}`];
  });
}

/** Whether keys change nothing, why, and which ones. */
function idleKeys(config: Config): [isIdle: boolean, reason: string, keys: string[]][] {
  const { sac, train, eval: videos, logger } = config;
  const firstUpdate = wholeTrainingSteps(config, sac.num_seed_steps);
  return [
    [sac.bc_weight === 0, 'sac.bc_weight is 0', ['sac.bc_weight_end', 'sac.bc_decay_steps']],
    [sac.bc_weight > 0 && sac.bc_weight_end === null, 'sac.bc_weight_end is null', ['sac.bc_decay_steps']],
    [sac.bc_warm_start_steps === 0, 'sac.bc_warm_start_steps is 0', ['sac.bc_learning_rate']],
    [sac.exploration_noise === 0, 'sac.exploration_noise is 0', ['sac.exploration_correlation']],
    [
      sac.early_grad_updates_per_step === null,
      'sac.early_grad_updates_per_step is null',
      ['sac.early_env_steps'],
    ],
    [
      firstUpdate >= sac.early_env_steps,
      `sac.early_env_steps=${sac.early_env_steps} are over at the first update, after ${firstUpdate} env steps`,
      ['sac.early_grad_updates_per_step'],
    ],
    [!sac.learnable_temp, 'sac.learnable_temp is False', ['sac.target_entropy', 'train.temp_lr']],
    [sac.num_seed_steps === 0, 'sac.num_seed_steps is 0', ['sac.seed_with_policy']],
    [sac.eval_episodes !== null, 'sac.eval_episodes is set', ['sac.eval_steps']],
    [videos.num_videos === 0, 'eval.num_videos is 0', ['eval.video_fps']],
    [
      train.dataset_path !== null,
      'the demonstrations are those of train.dataset_path',
      ['demos.action_noise', 'demos.imperfect_share'],
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
  const { sac, train, env } = config;
  const notes: string[] = [];
  if (sac.bc_weight > 0 && sac.bc_weight_end !== null && sac.bc_decay_steps > train.steps) {
    const last = Number(imitationWeight(sac, train.steps).toPrecision(3));
    notes.push(
      `sac.bc_weight only gets from ${sac.bc_weight} to ${last}: train.steps=${train.steps} end before ` +
        `sac.bc_decay_steps=${sac.bc_decay_steps}`,
    );
  }
  if (sac.n_step > env.max_episode_steps) {
    notes.push(
      `sac.n_step=${sac.n_step} sums no more than an episode's env.max_episode_steps=${env.max_episode_steps} rewards`,
    );
  }
  return notes;
}

/** The env steps that a run makes to get `envSteps` further: a training step is never cut short. */
function wholeTrainingSteps({ env, sac }: Config, envSteps: number): number {
  const each = env.num_envs * sac.steps_per_env;
  return Math.max(0, Math.ceil(envSteps / each)) * each;
}

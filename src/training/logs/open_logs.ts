import { flattenConfig } from '../../config/flatten.js';
import type { Config } from '../../config/schema.js';
import { combineDestinations, dispensable } from '../../logging/combined_logger.js';
import type { Logger } from '../../logging/logger.js';
import { createMetricsFile } from '../../logging/metrics_file.js';
import { createTensorBoardLogger } from '../../logging/tensorboard/tensorboard_logger.js';
import { wandbSettings } from '../../logging/wandb/settings.js';
import { openWandbRun } from '../../logging/wandb/wandb_run.js';
import { configText, type RunFolder } from '../folder/run_folder.js';
import type { RunDisplay } from '../run_display.js';

/** Throws a UserError if logs are asked for that can't be opened. */
export function checkLogs(config: Config): void {
  wandbSettings(config);
}

/**
 * Opens the logs of a run: `metrics.jsonl`, without which it stops, and those that the configuration asks for, whose
 * failure is told and harms nothing. If a run goes on from a checkpoint after `resumedAt` env steps, their records of
 * later steps are dropped, so that no step is there twice; `metrics.jsonl` is cut before.
 */
export function openLogs(
  config: Config,
  folder: RunFolder,
  resumedAt: number | null,
  seconds: () => number,
  display: RunDisplay,
): Logger {
  const destinations = [createMetricsFile(folder.metricsPath, seconds)];
  if (config.logger.tensorboard) {
    const open = () =>
      createTensorBoardLogger({
        folder: folder.logsPath,
        configText: configText(config),
        hyperparameters: hyperparameters(config),
        resumedAt,
      });
    destinations.push(dispensable('TensorBoard', open, display.note));
  }
  const settings = wandbSettings(config);
  if (settings) {
    const { name, path: runFolder } = folder;
    const open = () =>
      openWandbRun({
        settings,
        runFolder,
        name,
        config: { ...config, ...baselineConfig(config) },
        resumedAt,
        seconds,
        note: display.note,
      });
    destinations.push(dispensable('Weights & Biases', open, display.note));
  }
  const logger = combineDestinations(destinations);
  display.listen((text) => logger.console(text));
  return logger;
}

/** The configuration's values by dotted key; values other than numbers, text and booleans as JSON. */
function hyperparameters(config: Config): Record<string, string | number | boolean> {
  const entries = [...flattenConfig(config)].map(([key, json]) => {
    const value = JSON.parse(json);
    return [key, ['string', 'number', 'boolean'].includes(typeof value) ? value : json] as const;
  });
  return Object.fromEntries(entries);
}

/** Values that all of ManiSkill's baselines add to their configuration at Weights & Biases, for comparisons. */
function baselineConfig({
  env,
  eval_env,
  train,
  demo_type,
}: Pick<Config, 'env' | 'eval_env' | 'train' | 'demo_type'>): object {
  const { env_id, env_kwargs } = env;
  const { reward_mode, obs_mode, control_mode } = env_kwargs;
  const shared = { env_id, env_kwargs, sim_backend: 'rapier', reward_mode, obs_mode, control_mode };
  return {
    env_cfg: { ...shared, num_envs: env.num_envs, env_horizon: env.max_episode_steps },
    eval_env_cfg: { ...shared, num_envs: eval_env.num_envs, env_horizon: eval_env.max_episode_steps },
    num_demos: train.num_demos,
    demo_type,
  };
}

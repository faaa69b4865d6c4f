import { randomInt } from 'node:crypto';
import type { Config } from '../../config/schema.js';
import { type Environment, readVariable, type VariableName } from '../../environment_variables.js';

/** Settings of a run at Weights & Biases, from the configuration and, where that names none, the environment. */
export interface WandbSettings {
  mode: 'online' | 'offline';
  entity: string | null;
  project: string;
  group: string;
  tags: string[];
  notes: string | null;
  /** The folder that `wandb/` is in; null: the run's own. */
  folder: string | null;
  /** The run id that the user wants. */
  runId: string | null;
}

/**
 * The settings of a run, or null if it does not log to Weights & Biases. Configuration keys win over the variables
 * that `wandb` itself reads: WANDB_MODE, WANDB_ENTITY, WANDB_PROJECT, WANDB_RUN_GROUP, WANDB_TAGS, WANDB_NOTES, WANDB_DIR
 * and WANDB_RUN_ID. Throws a UserError if one of them makes no sense.
 */
export function wandbSettings(config: Config, environment: Environment = process.env): WandbSettings | null {
  const { logger, config_type } = config;
  if (!logger.wandb) return null;
  const mode = logger.wandb_mode ?? readVariable('WANDB_MODE', environment) ?? 'online';
  if (mode === 'disabled') return null;
  const { entity, group, tags, notes } = logger.wandb_cfg;
  const given = <Name extends VariableName>(name: Name) => readVariable(name, environment);
  return {
    mode,
    entity: entity ?? given('WANDB_ENTITY'),
    project: logger.project_name ?? given('WANDB_PROJECT') ?? 'ManiSkill',
    group: group ?? given('WANDB_RUN_GROUP') ?? 'RLPD',
    tags: tags ?? given('WANDB_TAGS') ?? ['rlpd', ...(config_type === null ? [] : [config_type])],
    notes: notes ?? given('WANDB_NOTES'),
    folder: given('WANDB_DIR'),
    runId: given('WANDB_RUN_ID'),
  };
}

/** A fresh run id as `wandb` makes them: 8 digits and lower-case letters. Never seeded: runs must not share one. */
export function newRunId(): string {
  return Array.from({ length: 8 }, () => randomInt(36).toString(36)).join('');
}

import type { Config } from '../config/schema.js';
import { UserError } from '../errors.js';
import type { LoadedCheckpoint } from './checkpoint.js';

/** What may differ between a checkpoint and the run that goes on from it: how long, how watched, on how many threads. */
const FREE_KEYS = [
  'train.steps',
  'train.dataset_path',
  'train.backend',
  'train.save_buffer_in_checkpoints',
  'sac.eval_freq',
  'sac.eval_steps',
  'sac.eval_episodes',
  'sac.log_freq',
  'sac.save_freq',
  'env.num_workers',
  'eval_env',
  'eval',
  'verbose',
  'logger',
  'demo_type',
  'config_type',
];

/**
 * Throws a UserError, listing the keys, if a run with `config` can't go on from the checkpoint because it would learn
 * something else or with other sizes.
 */
export function checkResumable(checkpoint: LoadedCheckpoint, config: Config): void {
  const before = flatten(checkpoint.config);
  const after = flatten(config);
  const changed = [...after]
    .filter(([key, value]) => before.get(key) !== value && !isFree(key))
    .map(([key, value]) => `${key}: ${before.get(key)} → ${value}`);
  if (changed.length > 0) {
    throw new UserError(
      `${checkpoint.path} is from another configuration (${changed.join(', ')}); ` +
        'give the same values, or start a new run',
    );
  }
}

function isFree(key: string): boolean {
  return FREE_KEYS.some((free) => key === free || key.startsWith(`${free}.`));
}

function flatten(value: unknown, path: string[] = []): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new Map([[path.join('.'), JSON.stringify(value)]]);
  }
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...flatten(inner, [...path, key])]));
}

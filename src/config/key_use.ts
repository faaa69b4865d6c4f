import { z } from 'zod';
import { UserError } from '../errors.js';
import { ALGORITHM_NAMES } from './algorithm_sections.js';
import { isKeyIn } from './flatten.js';
import { splitOverride, valueAt } from './overrides.js';
import { readText, writeText } from './read_value.js';
import { keyFromReference } from './reference_layout.js';
import { type Config, configSchema } from './schema.js';
import { type Schema, schemaAt } from './schema_tree.js';
import { configKeys } from './suggest.js';

/**
 * The configuration keys that a command takes and refuses when it works with a checkpoint. A key also stands for those
 * inside it. Keys that are in neither list are as in the checkpoint, and may be given with its value.
 */
export interface KeyUse {
  /** The user of the keys, in messages. */
  user: string;
  taken: readonly string[];
  /** Keys that are of no use, with the reason, or the right key instead. The first that fits counts. */
  refused: readonly (readonly [key: string, reason: string])[];
}

const TRAINING_ONLY = 'it is for training';
const NO_LOGS = 'it writes no logs';

/** Keys that `rlpd eval` takes. */
export const EVALUATION: KeyUse = {
  user: 'an evaluation',
  taken: [
    'eval_env',
    'eval',
    'train.eval_episodes',
    'train.eval_steps',
    'env.env_kwargs.reward_mode',
    'train.backend',
  ],
  refused: [
    ['seed', 'eval_env.seed says which episodes it has'],
    ['env.num_envs', 'eval_env.num_envs says how many environments it has'],
    ['env.max_episode_steps', 'eval_env.max_episode_steps says how long its episodes are'],
    ['env.num_workers', 'it steps its environments in one thread'],
    ['env.randomization', 'its episodes are never randomised'],
    ['train.device', 'it computes on the CPU'],
    ...ALGORITHM_NAMES.map((name) => [name, TRAINING_ONLY] as const),
    ['train', TRAINING_ONLY],
    ['demos', TRAINING_ONLY],
    ['demo_seed', TRAINING_ONLY],
    ['demo_type', NO_LOGS],
    ['config_type', NO_LOGS],
    ['logger', NO_LOGS],
    ['verbose', 'it shows one table'],
  ],
};

/** Keys of the configuration in `rlpd collect`, beside those of its own. */
export const COLLECTION: KeyUse = {
  user: 'collecting',
  taken: [],
  refused: [['env.randomization', 'collected episodes are never randomised']],
};

/**
 * Throws a UserError, with the right key or value, unless the override `word` is taken, or states a value that the
 * checkpoint's configuration has. `given` is the full key if the word has it in short; `hint` is added to the message
 * about another value. Unknown keys are left to others.
 */
export function checkKeyUse(
  word: string,
  config: Config,
  { user, taken, refused }: KeyUse,
  given = keyOf(word),
  hint = '',
): void {
  const key = keyFromReference(given, config.algo);
  if (!configKeys().some((known) => isKeyIn(known, [key])) || isKeyIn(key, taken)) return;
  const inner = taken.find((candidate) => isKeyIn(candidate, [key]));
  if (inner !== undefined) throw new UserError(`${word}: ${user} takes single keys, such as ${inner}=…`);
  const found = refused.find(([group]) => isKeyIn(key, [group]));
  if (found) throw new UserError(`${word}: ${user} doesn't use ${key}: ${found[1]}`);
  const path = key.split('.');
  const value = valueAt(config, path);
  if (isStated(schemaAt(configSchema, path), splitOverride(word).text, value)) return;
  throw new UserError(
    `${word}: the checkpoint has ${key}=${writeText(value)}, which ${user} can't change: leave it out${hint}`,
  );
}

/** True if `text` is a way to write the value of a key. */
function isStated(schema: Schema | undefined, text: string, value: unknown): boolean {
  const read = readText(schema, text, text);
  const stated = schema ? z.safeParse(schema, read).data : read;
  return JSON.stringify(stated) === JSON.stringify(value);
}

export function keyOf(word: string): string {
  return word.split('=', 1)[0];
}

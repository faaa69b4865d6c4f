import { z } from 'zod';
import { describeIssue } from '../config/issues.js';
import { COLLECTION, checkKeyUse } from '../config/key_use.js';
import { applyOverride, type ConfigTree, splitOverride } from '../config/overrides.js';
import { writeText } from '../config/read_value.js';
import type { Config } from '../config/schema.js';
import { configKeys, nearestKey } from '../config/suggest.js';
import { path, positive, seed } from '../config/value_schemas.js';
import { UserError } from '../errors.js';

/** Names as in rfcl's `collect_demos.py`, whose choices are the defaults: most likely actions, all episodes. */
const schema = z.strictObject({
  num_envs: positive().max(4096).default(8).describe('environments that are stepped together'),
  num_episodes: positive().max(10_000_000).default(1000).describe('episodes in the dataset'),
  seed: seed().default(0).describe('the same seed gives the same episodes'),
  deterministic: z.boolean().default(true).describe("the policy's most likely actions; False: sampled ones"),
  only_successes: z.boolean().default(false).describe('leave out episodes that fail'),
  output: path().nullable().default(null).describe('.h5 file (default: <run>/eval_videos/trajectory.h5)'),
  overwrite: z.boolean().default(false).describe('replace files that exist'),
  reward_mode: z
    .enum(['sparse', 'dense', 'normalized_dense', 'none'])
    .nullable()
    .default(null)
    .describe("the rewards to record (default: the checkpoint's)"),
  save_video: z.int().min(0).max(64).default(0).describe('a video of this many episodes, beside the dataset'),
});

export type CollectOptions = z.output<typeof schema>;

const OWN_KEYS = Object.keys(schema.shape);

/** One line for each key: its name, meaning and default. */
export function collectKeysHelp(): string {
  const defaults: CollectOptions = schema.parse({});
  return Object.entries(schema.shape)
    .map(([key, { description }]) => {
      const value = defaults[key as keyof CollectOptions];
      return `  ${(value === null ? key : `${key}=${writeText(value)}`).padEnd(24)}${description}`;
    })
    .join('\n');
}

/**
 * The options in `key=value` words. Keys of the checkpoint's configuration may be stated too, with its values: a policy
 * acts only where it was trained. Throws a UserError on other values, and on unknown keys with the nearest one.
 */
export function parseCollectOptions(words: readonly string[], config: Config): CollectOptions {
  const tree: ConfigTree = {};
  for (const word of words) {
    const { key } = splitOverride(word);
    if (OWN_KEYS.includes(key)) applyOverride(tree, word, schema);
    else checkStated(word, config);
  }
  const result = schema.safeParse(tree);
  if (result.success) return result.data;
  throw new UserError(result.error.issues.flatMap((issue) => describeIssue(issue, tree)).join('\n'));
}

/** Throws a UserError unless `word` states a value that the configuration has. */
function checkStated(word: string, config: Config): void {
  const { key } = splitOverride(word);
  const full = configKeys().find((known) => known === key || known.endsWith(`.${key}`));
  if (full === undefined) {
    const suggestion = nearestKey(key, [...OWN_KEYS, ...configKeys()]);
    const hint = suggestion ? `did you mean "${suggestion}"?` : `the keys are ${OWN_KEYS.join(', ')}`;
    throw new UserError(`unknown key "${key}"; ${hint}`);
  }
  const own = OWN_KEYS.find((name) => key.endsWith(`.${name}`));
  checkKeyUse(word, config, COLLECTION, full, own ? `, or did you mean ${own}=…?` : '');
}

import { UserError } from '../errors.js';
import { type AlgorithmName, DEFAULT_ALGORITHM } from './algorithm_sections.js';
import { type ConfigTree, isTree, splitOverride } from './overrides.js';
import { Words } from './yaml.js';

/**
 * Keys that the reference, where RLPD is called `sac`, has in that section, and that stand in `train` here, since they are the
 * same for all algorithms.
 */
const TRAINING_KEYS = [
  'num_seed_steps',
  'seed_with_policy',
  'replay_buffer_capacity',
  'batch_size',
  'steps_per_env',
  'grad_updates_per_step',
  'early_grad_updates_per_step',
  'early_env_steps',
  'discount',
  'n_step',
  'eval_freq',
  'eval_steps',
  'eval_episodes',
  'log_freq',
  'save_freq',
  'normalize_observations',
  'augment_mirror',
  'augment_turn',
  'exploration_noise',
  'exploration_correlation',
  'bc_warm_start_steps',
  'bc_learning_rate',
];

const REFERENCE_SECTION = 'sac';

/**
 * A tree of values in this program's layout. In the reference's, `algo: sac` is RLPD, and its section holds the training's
 * keys too: by these it is known. `source` names it in the UserError about a key that is given in both layouts.
 */
export function fromReferenceLayout(tree: ConfigTree, source: string): ConfigTree {
  const section = tree[REFERENCE_SECTION];
  if (!isTree(section)) return tree;
  const isTraining = (key: string) => TRAINING_KEYS.includes(key);
  const entries = Object.entries(section);
  const training = Object.fromEntries(entries.filter(([key]) => isTraining(key)));
  const own = Object.fromEntries(entries.filter(([key]) => !isTraining(key)));
  const isReference = Object.keys(training).length > 0;
  const algo = wordOf(tree['algo']);
  const isRlpd =
    namedOnlineAlgorithm(tree) !== REFERENCE_SECTION &&
    (algo === undefined || algo === DEFAULT_ALGORITHM || (algo === 'sac' && isReference));
  const { [REFERENCE_SECTION]: _, ...others } = tree;
  const moved = { ...others, ...(isReference && { train: merged(others, 'train', training, source) }) };
  if (!isRlpd) return Object.keys(own).length > 0 || !isReference ? { ...moved, sac: own } : moved;
  return {
    ...moved,
    algo: DEFAULT_ALGORITHM,
    [DEFAULT_ALGORITHM]: merged(others, DEFAULT_ALGORITHM, own, source),
  };
}

/** The word `key=value` in this program's layout, in a configuration of the algorithm `algo`. */
export function wordFromReference(word: string, algo: string): string {
  const { key } = splitOverride(word);
  return `${keyFromReference(key, algo)}${word.slice(key.length)}`;
}

/** A key in this program's layout: the batch size is in `train`, and the number of critics, with RLPD, in `rlpd`. */
export function keyFromReference(key: string, algo: string): string {
  const prefix = `${REFERENCE_SECTION}.`;
  if (!key.startsWith(prefix)) return key;
  const name = key.slice(prefix.length);
  if (TRAINING_KEYS.includes(name)) return `train.${name}`;
  return algo === DEFAULT_ALGORITHM ? `${DEFAULT_ALGORITHM}.${name}` : key;
}

/** The algorithm that a tree names, or the last of the words; the default one if none does. */
export function namedAlgorithm(tree: ConfigTree, words: readonly string[] = []): string {
  const word = words.findLast((candidate) => candidate.startsWith('algo='));
  return word?.slice('algo='.length) ?? wordOf(tree['algo']) ?? (DEFAULT_ALGORITHM satisfies AlgorithmName);
}

/** The algorithm of the phase online that a tree names, or the last of the words; undefined if none does. */
export function namedOnlineAlgorithm(tree: ConfigTree, words: readonly string[] = []): string | undefined {
  const start = 'train.online_algo=';
  const word = words.findLast((candidate) => candidate.startsWith(start));
  const { train } = tree;
  return word?.slice(start.length) ?? (isTree(train) ? wordOf(train['online_algo']) : undefined);
}

/** The algorithm by which words about the reference's section are understood: RLPD's, unless there is SAC in a phase. */
export function referenceAlgorithm(tree: ConfigTree, words: readonly string[]): string {
  const online = namedOnlineAlgorithm(tree, words);
  return online === REFERENCE_SECTION ? online : namedAlgorithm(tree, words);
}

function merged(tree: ConfigTree, section: string, added: ConfigTree, source: string): unknown {
  const existing = tree[section] ?? {};
  if (!isTree(existing)) return existing;
  const twice = Object.keys(added).find((key) => Object.hasOwn(existing, key));
  if (twice === undefined) return { ...existing, ...added };
  throw new UserError(
    `${source}: ${REFERENCE_SECTION}.${twice} is ${section}.${twice} in the reference's layout: give one of them`,
  );
}

function wordOf(value: unknown): string | undefined {
  if (value instanceof Words) return value.text;
  return typeof value === 'string' ? value : undefined;
}

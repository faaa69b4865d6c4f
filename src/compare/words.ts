import { nearestWord } from '../../envs/nearest_word.js';
import { ALGORITHM_NAMES, type AlgorithmName } from '../config/algorithm_sections.js';
import { splitOverride } from '../config/overrides.js';
import { splitAtCommas } from '../config/read_value.js';
import { UserError } from '../errors.js';
import { expandHome } from '../files/paths.js';
import { parseAxis } from '../sweep/grid.js';

/** A comparison, as its user asks for it. */
export interface ComparisonWords {
  algorithms: AlgorithmName[];
  /** Paths. */
  datasets: string[];
  seeds: string[];
  /** The environments to evaluate in, one for all datasets or one for each; null: those that the datasets name. */
  environments: string[] | null;
  /** All other `key=value` words. */
  overrides: string[];
}

const DEFAULT_SEEDS = '0..2';

/** Keys that a comparison sets itself, and what says their values. */
const OWN_KEYS: Readonly<Record<string, string>> = {
  algo: 'give algorithms=bc,iql',
  'train.dataset_path': 'give datasets=<path>,<path>',
  seed: 'give seeds=0,1,2',
  'logger.exp_name': 'a comparison names its runs itself; name the comparison with --name',
};

/** Reads the words of a comparison. Throws a UserError that says what is missing or wrong in them. */
export function readComparison(words: readonly string[]): ComparisonWords {
  const given = new Map<string, string>();
  const overrides: string[] = [];
  for (const word of words) {
    if (/^[^=]*\.ya?ml$/.test(word)) {
      throw new UserError(
        `${word}: a comparison takes no recipe, as each algorithm has its own; give key=value`,
      );
    }
    const { key, text } = splitOverride(word);
    if (key in OWN_KEYS) throw new UserError(`${word}: ${OWN_KEYS[key]}`);
    if (given.has(key)) throw new UserError(`${key} is given twice: write its values in one list`);
    given.set(key, text);
    if (!['algorithms', 'datasets', 'seeds', 'env.env_id'].includes(key)) overrides.push(word);
  }
  const datasets = listOf(given, 'datasets', 'datasets=a.hdf5,b.hdf5').map(expandHome);
  const environments = given.has('env.env_id') ? splitAtCommas(given.get('env.env_id')!) : null;
  if (environments && ![1, datasets.length].includes(environments.length)) {
    throw new UserError(
      `env.env_id names ${environments.length} environments for ${datasets.length} datasets: give one for all, or one for each`,
    );
  }
  return {
    algorithms: listOf(given, 'algorithms', 'algorithms=bc,td3_bc,iql').map(algorithmNamed),
    datasets,
    seeds: withoutTwins('seeds', parseAxis(`seed=${given.get('seeds') ?? DEFAULT_SEEDS}`).values),
    environments,
    overrides,
  };
}

function listOf(given: ReadonlyMap<string, string>, key: string, example: string): string[] {
  const text = given.get(key);
  if (text === undefined) throw new UserError(`${key} is missing: give ${example}`);
  const items = splitAtCommas(text);
  if (items.includes('')) throw new UserError(`${key}=${text}: a value is missing beside a comma`);
  return withoutTwins(key, items);
}

function withoutTwins(key: string, items: string[]): string[] {
  const twin = items.find((item, i) => items.indexOf(item) !== i);
  if (twin !== undefined) throw new UserError(`${key}: ${twin} is listed twice`);
  return items;
}

function algorithmNamed(word: string): AlgorithmName {
  const algo = ALGORITHM_NAMES.find((name) => name === word);
  if (algo) return algo;
  const small = word.toLowerCase();
  const longer = ALGORITHM_NAMES.find((name) => name.startsWith(small));
  const nearest = longer ?? nearestWord(small, ALGORITHM_NAMES);
  const offer = nearest === undefined ? '' : `did you mean "${nearest}"? `;
  throw new UserError(
    `algorithms: unknown algorithm "${word}"; ${offer}known: ${ALGORITHM_NAMES.join(', ')}`,
  );
}

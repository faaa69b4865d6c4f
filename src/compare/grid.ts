import {
  ALGORITHM_NAMES,
  type AlgorithmName,
  algorithmOf,
  DEFAULT_ALGORITHM,
  SHARED_OPTIONS,
} from '../config/algorithm_sections.js';
import { keyOf } from '../config/key_use.js';
import {
  DEFAULT_CONFIG,
  loadConfig,
  readConfigFile,
  recipePaths,
  resolveConfigPath,
} from '../config/load.js';
import { splitOverride, valueAt } from '../config/overrides.js';
import { readNumber } from '../config/read_number.js';
import { UserError } from '../errors.js';
import type { SweepPoint } from '../sweep/grid.js';
import { type ComparedDataset, comparedDatasets } from './datasets.js';
import type { ComparisonWords } from './words.js';

/** Algorithms, datasets and seeds, and a training for each three of them. */
export interface Comparison {
  algorithms: readonly AlgorithmName[];
  datasets: readonly ComparedDataset[];
  seeds: readonly string[];
  /** The points, by seed first: a comparison stopped early has as many seeds of everything. */
  points: SweepPoint[];
}

/** The recipe of algorithms that have none of their own: it has no options of any. */
const PLAIN_RECIPE = 'configs/sac.yml';
const DEFAULT_UPDATES = 100_000;
const EVALUATIONS = 20;

/** Plans a comparison. Throws a UserError if a dataset, a key or a value is wrong. */
export async function comparisonGrid(words: ComparisonWords): Promise<Comparison> {
  const { algorithms, seeds, overrides } = words;
  for (const word of overrides) checkUseful(word, algorithms);
  const datasets = await comparedDatasets(words.datasets, words.environments);
  const common = commonSettings(overrides);
  const points = seeds.flatMap((seed) =>
    datasets.flatMap((dataset) => algorithms.map((algo) => pointOf(algo, dataset, seed, common))),
  );
  return { algorithms, datasets, seeds, points };
}

/** The recipe from which an algorithm's trainings are made. */
export function recipeOf(algo: AlgorithmName): string {
  if (algo === DEFAULT_ALGORITHM) return DEFAULT_CONFIG;
  const own = `configs/${algo}.yml`;
  return recipePaths().includes(own) ? own : PLAIN_RECIPE;
}

/**
 * Settings that all trainings have alike, whatever their recipes say: the data, the length, what is seen, the worth of later rewards,
 * and the evaluations. What the user gives counts instead.
 */
function commonSettings(overrides: readonly string[]): string[] {
  const length = overrides.find((word) => keyOf(word) === 'train.offline_steps');
  const updates = (length === undefined ? null : readNumber(splitOverride(length).text)) ?? DEFAULT_UPDATES;
  const every = Math.max(1, Math.ceil(updates / EVALUATIONS));
  const settings = [
    `train.offline_steps=${DEFAULT_UPDATES}`,
    'train.num_demos=10_000_000',
    'train.discount=0.99',
    'network.observations=None',
    `train.eval_freq=${every}`,
    'train.eval_episodes=10',
    'eval_env.num_envs=5',
    'eval.num_videos=0',
    `train.save_freq=${every}`,
    'train.keep_checkpoints=1',
  ];
  const given = overrides.map(keyOf);
  return [...settings.filter((word) => !given.includes(keyOf(word))), ...overrides];
}

function pointOf(
  algo: AlgorithmName,
  { path, label, envId }: ComparedDataset,
  seed: string,
  common: readonly string[],
): SweepPoint {
  const recipe = recipeOf(algo);
  const overrides = [
    `algo=${algo}`,
    `env.env_id=${envId}`,
    ...(common.some((word) => keyOf(word) === 'train.phases') ? [] : [`train.phases=${phasesOf(recipe)}`]),
    ...common.filter((word) => concerns(keyOf(word), algo)),
    `train.dataset_path=${path}`,
    `seed=${seed}`,
  ];
  return {
    name: `${algo}_${label}_seed-${seed}`,
    values: { algorithm: algo, dataset: label, seed },
    recipe,
    overrides,
    config: loadConfig(recipe, overrides),
  };
}

/** The phases in which a recipe's algorithm learns from data alone: in a model of the task if it makes one. */
function phasesOf(recipe: string): string {
  const phases = valueAt(readConfigFile(resolveConfigPath(recipe)), ['train', 'phases']);
  return Array.isArray(phases) && phases.includes('model') ? '[model, offline]' : '[offline]';
}

/** Throws a UserError if a word concerns none of the algorithms. */
function checkUseful(word: string, algorithms: readonly AlgorithmName[]): void {
  if (algorithms.some((algo) => concerns(keyOf(word), algo))) return;
  throw new UserError(`${word}: none of the compared algorithms has it (${algorithms.join(', ')})`);
}

/** True unless a key is an option of other algorithms alone. */
function concerns(key: string, algo: AlgorithmName): boolean {
  const [section] = key.split('.');
  if ((ALGORITHM_NAMES as string[]).includes(section)) return section === algo;
  const shared = Object.entries(SHARED_OPTIONS).find(([, known]) => known === key);
  return shared === undefined || shared[0] in algorithmOf(algo).options.shape;
}

import { DEFAULT_ALGORITHM } from '../config/algorithm_sections.js';
import { flattenConfig } from '../config/flatten.js';
import { keyFromReference } from '../config/reference_layout.js';
import { configKeys, nearestKey } from '../config/suggest.js';
import { UserError } from '../errors.js';
import { IDENTITY_KEYS, overrideText, RecipeBook } from '../runs/recipe.js';
import type { Curve, RunCurve } from './run_curve.js';

/** Runs that make one curve. */
export interface CurveGroup {
  label: string;
  runs: Curve[];
}

/** Keys in which the runs of one curve may differ: they change its length or density, or the time that it takes. */
const SAME_CURVE_KEYS = [
  ...IDENTITY_KEYS,
  'train.steps',
  'train.save_buffer_in_checkpoints',
  'env.num_workers',
  'train.log_freq',
  'train.save_freq',
  'train.eval_freq',
  'eval',
];

/** Groups runs by the labels they were given, in the order of their first runs. */
export function groupByLabel(runs: readonly { label: string; run: Curve }[]): CurveGroup[] {
  const groups = new Map<string, Curve[]>();
  for (const { label, run } of runs) groups.set(label, [...(groups.get(label) ?? []), run]);
  return [...groups].map(([label, members]) => ({ label, runs: members }));
}

/**
 * Groups runs that differ only in their seed, or in anything but `keys` if some are given. A label says what
 * tells its group from the others: the values of those keys, or the recipes where they differ.
 * Throws a UserError if a key is unknown.
 */
export function groupByConfig(runs: readonly RunCurve[], keys: readonly string[]): CurveGroup[] {
  for (const key of keys) checkKey(key);
  const labels = keys.length > 0 ? runs.map((run) => valuesOf(run, keys)) : differences(runs);
  return groupByLabel(runs.map((run, i) => ({ label: labels[i], run })));
}

/** Changes of each run to its recipe that others did not make. */
function differences(runs: readonly RunCurve[]): string[] {
  const recipes = new RecipeBook(SAME_CURVE_KEYS);
  const compared = runs.map(({ config }) => recipes.compare(config));
  const isShared = (key: string) =>
    compared.every(({ overrides }) => overrides.get(key) === compared[0].overrides.get(key));
  const changed = (i: number) => [...compared[i].overrides.keys()].filter((key) => !isShared(key));
  if (compared.some(({ recipe }) => recipe !== compared[0].recipe)) {
    return runs.map((run, i) => [compared[i].recipe, valuesOf(run, changed(i))].filter(Boolean).join(', '));
  }
  const keys = [...new Set(runs.flatMap((_, i) => changed(i)))];
  return runs.map((run) => valuesOf(run, keys) || compared[0].recipe);
}

function valuesOf({ config }: RunCurve, keys: readonly string[]): string {
  const values = flattenConfig(config);
  return keys
    .map((key) => keyFromReference(key, config.algo))
    .flatMap((key) => (values.has(key) ? [overrideText(key, values.get(key)!)] : []))
    .join(', ');
}

function checkKey(key: string): void {
  if (configKeys().includes(keyFromReference(key, DEFAULT_ALGORITHM))) return;
  const suggestion = nearestKey(keyFromReference(key, DEFAULT_ALGORITHM));
  throw new UserError(
    `--group-by: unknown key "${key}"${suggestion ? `; did you mean "${suggestion}"?` : ''}`,
  );
}

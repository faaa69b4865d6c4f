import { shortKey } from '../config/flatten.js';
import { loadConfig, readConfigFile, resolveConfigPath } from '../config/load.js';
import { splitOverride } from '../config/overrides.js';
import { readNumber } from '../config/read_number.js';
import { splitAtCommas } from '../config/read_value.js';
import { namedAlgorithm, wordFromReference } from '../config/reference_layout.js';
import { type Config, configSchema } from '../config/schema.js';
import { kindOf, schemaAt } from '../config/schema_tree.js';
import { UserError } from '../errors.js';

/** A config key with the values it takes in a sweep, as text for an override. */
export interface SweepAxis {
  key: string;
  values: string[];
}

/** One training of a sweep. */
export interface SweepPoint {
  /** The name of its run folder: `num_qs-10_seed-3`. */
  name: string;
  /** Its values of the keys that vary, as text. */
  values: Record<string, string>;
  /** Its configuration file. */
  recipe: string;
  /** All its overrides, also those that every point has. */
  overrides: string[];
  config: Config;
}

export interface Sweep {
  axes: SweepAxis[];
  /** The points, by seed first: a sweep stopped early has as many seeds of every variant. */
  points: SweepPoint[];
}

const MAX_POINTS = 10_000;
const SEED = 'seed';

/**
 * The grid of trainings that overrides such as `seed=1..5`, `rlpd.num_qs=2,10` and `train.steps=20_000` describe, on
 * top of a recipe. Throws a UserError if nothing varies, a key or a value is wrong, or two points are the same.
 */
export function sweepGrid(recipe: string, words: readonly string[]): Sweep {
  const algo = namedAlgorithm(readConfigFile(resolveConfigPath(recipe), recipe), words);
  const parsed = words.map((word) => parseAxis(wordFromReference(word, algo)));
  const axes = parsed.filter((axis) => axis.values.length > 1);
  const fixed = parsed
    .filter(({ values }) => values.length === 1)
    .map(({ key, values }) => `${key}=${values[0]}`);
  checkAxes(parsed, axes);
  const size = axes.reduce((product, { values }) => product * values.length, 1);
  if (size > MAX_POINTS) {
    throw new UserError(`${size.toLocaleString('en-US')} runs are too many: at most 10,000 in a sweep`);
  }
  const names = new Set<string>();
  const points = product([...axes].sort(bySeedFirst)).map((values) => {
    const overrides = [...fixed, ...axes.map(({ key }) => `${key}=${values[key]}`)];
    const config = loadConfig(recipe, overrides);
    const name = uniqueName(axes, values, names);
    return { name, values, recipe, overrides, config };
  });
  checkDistinct(points);
  return { axes, points };
}

/**
 * The key and values of a word: `1..5` is five values, `2,10` two; a comma inside brackets or quotes belongs to the
 * value. Text has no ranges, and keys of the logger are single texts, as they can't vary.
 */
export function parseAxis(word: string): SweepAxis {
  const { key, text } = splitOverride(word);
  const kind = kindOf(schemaAt(configSchema, key.split('.')));
  const isText = kind === 'text' || kind === 'path';
  const items = splitAtCommas(text);
  if (isText && (items.length === 1 || key.startsWith('logger.'))) return { key, values: [text] };
  if (items.length > 1 && items.includes(''))
    throw new UserError(`${word}: a value is missing beside a comma`);
  return { key, values: isText ? items : items.flatMap((item) => expandRange(item, word)) };
}

function expandRange(item: string, word: string): string[] {
  const ends = item.split('..').map((end) => readNumber(end) ?? Number.NaN);
  if (ends.length !== 2 || !ends.every(Number.isSafeInteger)) return [item];
  const [from, to] = ends;
  if (from > to) throw new UserError(`${word}: the range runs backwards; write ${to}..${from}`);
  if (to - from >= MAX_POINTS) throw new UserError(`${word}: more than 10,000 values`);
  return Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
}

function checkAxes(all: readonly SweepAxis[], varied: readonly SweepAxis[]): void {
  const twice = all.find(({ key }, i) => all.findIndex((other) => other.key === key) !== i);
  if (twice)
    throw new UserError(`${twice.key} is given twice; write its values in one list: ${twice.key}=1,2`);
  if (all.some(({ key }) => key === 'logger.exp_name')) {
    throw new UserError('logger.exp_name: a sweep names its runs itself; name the sweep with --name');
  }
  const logging = varied.find(({ key }) => key.startsWith('logger.'));
  if (logging) throw new UserError(`${logging.key} can't vary in a sweep`);
  if (varied.length === 0) {
    throw new UserError('nothing varies: give a range or a list, such as seed=1..5 or rlpd.num_qs=2,10');
  }
}

function bySeedFirst(one: SweepAxis, other: SweepAxis): number {
  return Number(other.key === SEED) - Number(one.key === SEED);
}

/** Every combination of the axes' values, the last axis fastest. */
function product(axes: readonly SweepAxis[]): Record<string, string>[] {
  return axes.reduce<Record<string, string>[]>(
    (points, { key, values }) =>
      points.flatMap((point) => values.map((value) => ({ ...point, [key]: value }))),
    [{}],
  );
}

function uniqueName(axes: readonly SweepAxis[], values: Record<string, string>, taken: Set<string>): string {
  const seedLast = [...axes].sort((one, other) => bySeedFirst(other, one));
  const wanted = seedLast.map(({ key }) => `${shortKey(key)}-${fileSafe(values[key])}`).join('_');
  let name = wanted;
  for (let suffix = 2; taken.has(name); suffix++) name = `${wanted}.${suffix}`;
  taken.add(name);
  return name;
}

/** A value as a part of a file's name. */
export function fileSafe(value: string): string {
  return value.replace(/[[\]{}"']/g, '').replace(/[^\w.@+-]+/g, '-');
}

function checkDistinct(points: readonly SweepPoint[]): void {
  const seen = new Map<string, SweepPoint>();
  for (const point of points) {
    const config = JSON.stringify(point.config);
    const twin = seen.get(config);
    if (twin)
      throw new UserError(`${twin.name} and ${point.name} are the same training: a value is listed twice`);
    seen.set(config, point);
  }
}

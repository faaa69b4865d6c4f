import { UserError } from '../../errors.js';
import { shortenHome } from '../../files/paths.js';
import type { DatasetHead, DeclaredColumn } from '../dataset.js';
import { isSameValue, type Metadata, type MetadataValue, NO_METADATA } from '../metadata.js';
import { named } from '../wording.js';
import { maskPlaces, withMovedMasks } from './masks.js';

/** Metadata of a combined dataset under which those stand that its sources don't share, a list with an entry for each. */
export const SOURCES = 'sources';

type Heads = readonly [DatasetHead, ...DatasetHead[]];

/**
 * The head of several datasets as one. Metadata in which they differ go to a list `sources`. Throws a UserError that names what
 * they can't differ in: the environment, the control mode, the columns that they declare.
 */
export function commonHead(heads: Heads, ids: readonly string[]): DatasetHead {
  const declared = commonColumns(heads);
  const { shared, sources } = sharedMetadata(heads);
  return {
    path: heads.map(({ path }) => path).join(' + '),
    envId: agreedName(heads, 'environment', (head) => head.envId),
    controlMode: agreedName(heads, 'control mode', (head) => head.controlMode ?? null),
    ids,
    declared,
    totals: { episodes: null, steps: null },
    facts: [],
    metadata: new Map<string, MetadataValue>([
      ...shared,
      [SOURCES, sources.map(plainSource)],
      ...joinedMasks(heads),
    ]),
    notes: [
      ...new Set(heads.flatMap(({ notes }) => notes)),
      ...undeclaredNotes(heads, declared),
      ...unnamedNotes(heads),
      ...differenceNotes(sources),
    ],
    problems: heads.flatMap(({ problems }) => problems),
  };
}

/** The name that all have which have one. */
function agreedName(heads: Heads, what: string, of: (head: DatasetHead) => string | null): string | null {
  const named = heads.filter((head) => of(head) !== null);
  const other = named.find((head) => of(head) !== of(named[0]));
  if (other) {
    throw new UserError(
      `${other.path} has another ${what} than ${named[0].path}: ${of(other)}, not ${of(named[0])}`,
    );
  }
  return named.length > 0 ? of(named[0]) : null;
}

function unnamedNotes(heads: Heads): string[] {
  if (heads.every(({ envId }) => envId === null)) return [];
  const unnamed = heads.filter(({ envId }) => envId === null);
  return unnamed.map(
    ({ path }) => `${path} doesn't name its environment: it is taken to be that of the others`,
  );
}

/** The columns that all declare in the same way. Bounds that one dataset declares say nothing of the numbers of another. */
function commonColumns([first, ...others]: Heads): Map<string, DeclaredColumn> {
  const common = new Map(first.declared);
  for (const { path, declared } of others) {
    for (const [name, column] of [...common]) {
      const other = declared.get(name);
      if (other === undefined) common.delete(name);
      else if (declarationText(other) !== declarationText(column)) {
        throw new UserError(
          `${path} declares ${name} as ${declarationText(other)}; ${first.path} as ${declarationText(column)}`,
        );
      }
    }
  }
  return common;
}

function undeclaredNotes(heads: Heads, common: ReadonlyMap<string, DeclaredColumn>): string[] {
  return heads.flatMap(({ path, declared }) => {
    const lost = [...declared].filter(([name, { bounds }]) => bounds && !common.has(name));
    return lost.map(
      ([name]) => `the bounds of ${name} in ${path} are left out: not all of the datasets declare them`,
    );
  });
}

function declarationText({ dtype, shape, bounds }: DeclaredColumn): string {
  const range = bounds ? ` from ${sparing(bounds.low)} to ${sparing(bounds.high)}` : '';
  return `${dtype} [${shape.join(', ')}]${range}`;
}

/** A list of equal numbers as one. */
function sparing(numbers: readonly number[]): string {
  const [first] = numbers;
  return numbers.every((number) => Object.is(number, first)) ? String(first) : `[${numbers.join(', ')}]`;
}

/** A source of a combined dataset, and its metadata that others don't have. */
interface Source {
  path: string;
  episodes: number;
  own: Metadata;
}

function sharedMetadata(heads: Heads): { shared: Metadata; sources: Source[] } {
  const known = heads.map(({ metadata }) => withoutMasks(metadata ?? NO_METADATA));
  const [first, ...others] = known;
  const shared = new Map<string, MetadataValue>();
  for (const [name, value] of first) {
    const common = others.reduce<MetadataValue | undefined>(
      (kept, other) => (kept === undefined ? undefined : commonValue(kept, other.get(name))),
      value,
    );
    if (common !== undefined) shared.set(name, common);
  }
  const sources = heads.map(({ path, ids }, i) => ({
    path: shortenHome(path),
    episodes: ids.length,
    own: new Map([...known[i]].filter(([name, value]) => !isSameValue(shared.get(name), value))),
  }));
  return { shared, sources };
}

function plainSource({ path, episodes, own }: Source): MetadataValue {
  return { path, episodes, ...Object.fromEntries(own) };
}

function differenceNotes(sources: readonly Source[]): string[] {
  const names = [...new Set(sources.flatMap(({ own }) => [...own.keys()]))];
  if (names.length === 0) return [];
  return [`metadata that are not the same in all stand in the list ${SOURCES}: ${named(names)}`];
}

/** The part of a value that another has too: of objects the keys with the same values. Undefined if there is none. */
function commonValue(a: MetadataValue, b: MetadataValue | undefined): MetadataValue | undefined {
  if (b === undefined || isSameValue(a, b)) return b;
  if (!isObject(a) || !isObject(b)) return undefined;
  const common = Object.entries(a).flatMap(([key, value]): [string, MetadataValue][] => {
    const shared = commonValue(value, Object.hasOwn(b, key) ? b[key] : undefined);
    return shared === undefined ? [] : [[key, shared]];
  });
  return common.length === 0 ? undefined : Object.fromEntries(common);
}

function isObject(value: MetadataValue): value is { readonly [key: string]: MetadataValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutMasks(metadata: Metadata): Metadata {
  return new Map([...metadata].filter(([name, value]) => maskPlaces(name, value) === null));
}

/** Masks of the same name as one that chooses the episodes of all of them. */
function joinedMasks(heads: Heads): Map<string, MetadataValue> {
  const joined = new Map<string, number[]>();
  let before = 0;
  for (const { metadata, ids } of heads) {
    const offset = before;
    for (const [name, value] of withMovedMasks(metadata ?? NO_METADATA, (place) => place + offset)) {
      const places = maskPlaces(name, value);
      if (places) joined.set(name, [...(joined.get(name) ?? []), ...places]);
    }
    before += ids.length;
  }
  return joined;
}

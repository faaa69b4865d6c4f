import { type Column, type Columns, columnName, isNumbers, type NumberType } from '../../column.js';
import type { DeclaredColumn } from '../../dataset.js';
import { type MetadataValue, metadataJson } from '../../metadata.js';

/** The range of each type of whole numbers, which stands for bounds where none are known. */
const WHOLE_RANGES: Readonly<Partial<Record<NumberType, readonly [bigint, bigint]>>> = {
  int8: [-(2n ** 7n), 2n ** 7n - 1n],
  uint8: [0n, 2n ** 8n - 1n],
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  uint16: [0n, 2n ** 16n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

type Space = { [key: string]: MetadataValue };

/** A column over all episodes: its type, and of texts the letters and the longest. */
interface SeenColumn {
  first: Column;
  letters: Set<string>;
  longest: number;
}

/** Makes the Gymnasium space of observations or of actions from their columns, where the metadata have none that fits. */
export class SpaceOfColumns {
  private readonly seen = new Map<string, SeenColumn>();

  constructor(
    private readonly part: 'observations' | 'actions',
    private readonly declared: ReadonlyMap<string, DeclaredColumn>,
  ) {}

  add(columns: Columns): void {
    for (const [path, column] of columns) {
      const seen = this.seen.get(path) ?? { first: { ...column }, letters: new Set(), longest: 1 };
      this.seen.set(path, seen);
      if (column.dtype !== 'string') continue;
      for (const text of column.data) {
        const letters = [...text];
        seen.longest = Math.max(seen.longest, letters.length);
        for (const letter of letters) seen.letters.add(letter);
      }
    }
  }

  /** The space as minari writes it. */
  json(): string {
    const leaves = [...this.seen].map(([path, column]): [string[], Space] => [
      path === '' ? [] : path.split('/'),
      this.leaf(path, column),
    ]);
    return metadataJson(treeOf(leaves));
  }

  private leaf(path: string, { first, letters, longest }: SeenColumn): Space {
    const shape = first.shape.slice(1);
    if (!isNumbers(first)) {
      const charset = [...letters].sort().join('') || ' ';
      return { type: 'Text', max_length: longest, min_length: 0, charset };
    }
    if (first.dtype === 'bool') {
      return shape.length > 0
        ? { type: 'MultiBinary', n: shape }
        : { type: 'Discrete', dtype: 'int64', start: 0, n: 2 };
    }
    const declared = this.declared.get(columnName(this.part, path));
    const fits = declared?.bounds && declared.shape.join() === shape.join();
    const [low, high] = WHOLE_RANGES[first.dtype] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    const size = shape.reduce((product, axis) => product * axis, 1);
    const bounds = (all: MetadataValue, own: readonly number[] | undefined) =>
      nested(fits && own ? own : new Array<MetadataValue>(size).fill(all), shape);
    return {
      type: 'Box',
      dtype: first.dtype,
      shape,
      low: bounds(low, declared?.bounds?.low),
      high: bounds(high, declared?.bounds?.high),
    };
  }
}

type Leaf = readonly [path: readonly string[], space: Space];

/** Spaces by their paths as one: a Tuple where the names are `_0`, `_1` and so on, else a Dict. */
function treeOf(leaves: readonly Leaf[]): Space {
  const [[path, alone]] = leaves;
  if (path.length === 0) return alone;
  const groups = new Map<string, Leaf[]>();
  for (const [[key, ...rest], space] of leaves) {
    groups.set(key, [...(groups.get(key) ?? []), [rest, space]]);
  }
  const names = [...groups.keys()];
  if (!isTuple(names)) {
    return {
      type: 'Dict',
      subspaces: Object.fromEntries(names.map((name) => [name, treeOf(groups.get(name)!)])),
    };
  }
  return { type: 'Tuple', subspaces: names.map((_, index) => treeOf(groups.get(`_${index}`)!)) };
}

/** True for the names that the parts of a Tuple have here. */
export function isTuple(names: readonly string[]): boolean {
  return names.every((_, index) => names.includes(`_${index}`));
}

function nested(values: readonly MetadataValue[], shape: readonly number[]): MetadataValue {
  if (shape.length === 0) return values[0];
  const [rows, ...row] = shape;
  const width = values.length / rows || 0;
  return Array.from({ length: rows }, (_, i) => nested(values.slice(i * width, (i + 1) * width), row));
}

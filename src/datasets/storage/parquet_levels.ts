import { UserError } from '../../errors.js';

/** Levels of the entries of a page, in Dremel's encoding. An entry is a value, or says that there is none. */
export interface PageLevels {
  count: number;
  /** [count]: how much of the way to a value is there; empty if all of it is in all entries. */
  defined: readonly number[];
  /** [count]: the depth of the list that goes on with this entry, 0 for a new row; empty if there are no lists. */
  repeated: readonly number[];
}

/** The order of a column chunk's values. */
export interface Layout {
  /** Rows first, then the length of the lists at each depth. */
  shape: number[];
  /** Rows that lack something, ascending, with the number of values that they have nevertheless. */
  empty: { row: number; values: number }[];
}

/**
 * The layout of pages whose values stand at the levels `maxDefined` and `maxRepeated`. Throws a UserError if lists differ in length
 * from row to row, other than in rows that are empty.
 */
export function layOut(pages: readonly PageLevels[], maxDefined: number, maxRepeated: number): Layout {
  if (maxRepeated < 2) return layOutFlat(pages, maxDefined, maxRepeated === 1);
  const empty: Layout['empty'] = [];
  let rows = 0;
  /** The repetition levels of a full row, to which those of all others have to be equal. */
  let model: number[] | null = null;
  let row: number[] = [];
  let values = 0;
  const finish = () => {
    if (rows === 0) return;
    if (values < row.length) empty.push({ row: rows - 1, values });
    else if (model === null) model = row;
    else if (!isEqual(row, model)) {
      throw new UserError(`it has lists of ${model.length} and of ${row.length} values`);
    }
  };
  for (const { count, defined, repeated } of pages) {
    for (let i = 0; i < count; i++) {
      const level = repeated.length > 0 ? repeated[i] : 0;
      if (level === 0) {
        finish();
        rows++;
        row = [];
        values = 0;
      }
      row.push(level);
      if (defined.length === 0 || defined[i] === maxDefined) values++;
    }
  }
  finish();
  return { shape: [rows, ...lengths(model ?? [], maxRepeated)], empty };
}

/** The same for rows of one value or of one list, as nearly all are: it only counts. */
function layOutFlat(pages: readonly PageLevels[], maxDefined: number, isList: boolean): Layout {
  const empty: Layout['empty'] = [];
  let rows = 0;
  let length: number | null = null;
  let entries = 0;
  let values = 0;
  const finish = () => {
    if (rows === 0) return;
    if (values < entries) empty.push({ row: rows - 1, values });
    else if (length === null) length = entries;
    else if (entries !== length) throw new UserError(`it has lists of ${length} and of ${entries} values`);
  };
  for (const { count, defined, repeated } of pages) {
    const isWhole = defined.length === 0;
    const isFlat = repeated.length === 0;
    for (let i = 0; i < count; i++) {
      if (isFlat || repeated[i] === 0) {
        finish();
        rows++;
        entries = 0;
        values = 0;
      }
      entries++;
      if (isWhole || defined[i] === maxDefined) values++;
    }
  }
  finish();
  return { shape: isList ? [rows, length ?? 0] : [rows], empty };
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((level, i) => level === b[i]);
}

/** The length of the lists at each depth, by the repetition levels of a row. Throws a UserError if they are uneven. */
function lengths(levels: readonly number[], depth: number): number[] {
  const counts = Array.from({ length: depth + 1 }, (_, level) => levels.filter((l) => l <= level).length);
  const sizes = counts.slice(1).map((count, i) => (counts[i] === 0 ? 0 : count / counts[i]));
  let span = levels.length;
  for (const [i, size] of sizes.entries()) {
    // Lists at this depth have this many entries each, so a new one begins after so many.
    span /= size;
    if (!levels.every((level, at) => level > i + 1 === (at % span !== 0))) {
      throw new UserError('it has lists of different lengths in a row');
    }
  }
  return sizes;
}

import { type Column, copyRowsOf, isNumbers, joinRows, type NumberColumn } from '../column.js';

/** A column of a table, and its rows that hold nothing: zeros, empty texts and no bytes stand there. */
export interface StoredColumn {
  column: Column;
  /** Ascending. */
  empty: readonly number[];
}

/**
 * A file of rows, with columns that may be nested. Members of structures are columns of their own, by their names joined:
 * `observations/proprio/0`. Lists as long in all rows are axes of a column's shape.
 */
export interface Table {
  readonly path: string;
  readonly rows: number;
  readonly names: readonly string[];
  /** Remarks that a writer made on a column by this name or on one that it is in, by their keys. */
  remarks(name: string): Promise<ReadonlyMap<string, string>>;
  /** Reads the rows `from` to `to`, that one not included. Throws a UserError if there is no such column, or none that can be read. */
  column(name: string, from: number, to: number): Promise<StoredColumn>;
}

/** A copy of the rows `from` to `to`, that one not included. */
export function copyStoredRows({ column, empty }: StoredColumn, from: number, to: number): StoredColumn {
  return {
    column: copyRows(column, from, to),
    empty: empty.filter((row) => row >= from && row < to).map((row) => row - from),
  };
}

/** Pieces of one column, one below the other. Throws an Error if they have lists of different lengths. */
export function joinStored(pieces: readonly [StoredColumn, ...StoredColumn[]]): StoredColumn {
  const [first, ...others] = pieces;
  if (others.length === 0) return first;
  const columns = pieces.map(({ column }) => column);
  const other = columns.find(({ shape }) => shape.slice(1).join() !== first.column.shape.slice(1).join());
  if (other) throw new Error(`lists of ${widthOf(first.column)} and of ${widthOf(other)}`);
  let before = 0;
  const empty: number[] = [];
  for (const piece of pieces) {
    for (const row of piece.empty) empty.push(before + row);
    before += piece.column.shape[0];
  }
  return { column: joinColumns(columns, before), empty };
}

function joinColumns(columns: readonly Column[], rows: number): Column {
  const [first] = columns;
  // Pieces of one column have one type, which TypeScript can't tell.
  if (isNumbers(first)) return joinRows(columns as [NumberColumn, ...NumberColumn[]]);
  return { ...first, shape: [rows], data: columns.flatMap(({ data }) => data as never[]) };
}

function copyRows(column: Column, from: number, to: number): Column {
  if (isNumbers(column)) return copyRowsOf(column, from, to);
  return { ...column, shape: [to - from], data: column.data.slice(from, to) } as Column;
}

function widthOf({ shape }: Column): string {
  return `[${shape.slice(1).join(', ')}]`;
}

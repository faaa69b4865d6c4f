import { type Column, type ColumnType, isNumbers, rowSize, toFloat32 } from './column.js';
import { type ColumnRange, emptyRange, widenRange } from './column_range.js';

/** An episode as far as it could be read. */
export interface SurveyedEpisode {
  /** Number of steps; null if damage hides it, as for all below. */
  length: number | null;
  /** All arrays by their full names; those that were read with their contents. */
  columns: ReadonlyMap<string, Column | ColumnType>;
  rewards: ArrayLike<number> | null;
  terminated: Uint8Array | null;
  truncated: Uint8Array | null;
  success: Uint8Array | null;
}

/** A column over all episodes. */
export interface SurveyedColumn {
  /** Type in the first episode that has it. */
  type: ColumnType;
  episodes: number;
  /** Range of its numbers; null where it was not read, or holds none. */
  range: ColumnRange | null;
}

/** Sums up what episodes hold, one after another. */
export class Survey {
  /** The number of steps of each episode, as they come. */
  readonly lengths: number[] = [];
  readonly returns: number[] = [];
  readonly columns = new Map<string, SurveyedColumn>();
  /** Episodes whose last step terminated, was truncated, or neither. */
  readonly ends = { terminated: 0, truncated: 0, open: 0 };
  /** Episodes of which success is known, that have it at any step, and at the last one. */
  readonly success = { known: 0, once: 0, atEnd: 0 };

  add({ length, columns, rewards, terminated, truncated, success }: SurveyedEpisode): void {
    if (length !== null) this.lengths.push(length);
    if (rewards) this.returns.push(Array.from(rewards).reduce((sum, reward) => sum + reward, 0));
    const [isTerminated, isTruncated] = [terminated?.at(-1) === 1, truncated?.at(-1) === 1];
    if (isTerminated) this.ends.terminated++;
    if (isTruncated) this.ends.truncated++;
    if (terminated && truncated && !isTerminated && !isTruncated) this.ends.open++;
    if (success) this.success.known++;
    if (success?.includes(1)) this.success.once++;
    if (success?.at(-1) === 1) this.success.atEnd++;
    for (const [name, column] of columns) this.addColumn(name, column);
  }

  private addColumn(name: string, column: Column | ColumnType): void {
    const { dtype, shape } = column;
    const known = this.columns.get(name) ?? { type: { dtype, shape }, episodes: 0, range: null };
    this.columns.set(name, known);
    known.episodes++;
    if (!('data' in column) || !isNumbers(column) || rowSize(column) === 0) return;
    known.range ??= emptyRange(rowSize(column));
    if (known.range.min.length === rowSize(column)) widenRange(known.range, toFloat32(column));
  }
}

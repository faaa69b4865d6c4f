import {
  COLUMN_NAMES,
  COLUMNS,
  type KeptColumn,
  type OptionalColumn,
  type StoredColumn,
  type StoredRows,
  type Windows,
} from './columns.js';
import {
  allocateChunk,
  type ColumnWidths,
  columnWidths,
  copyRows,
  firstRows,
  type ReplayChunk,
} from './replay_chunk.js';
import type { TransitionBatches } from './transitions.js';

/** Transitions to add: the rows of one vector step, or of several, one step after another. */
export interface Transitions {
  /** [rows, observationDim] */
  observations: Float32Array;
  /** [rows, actionDim] */
  actions: Float32Array;
  /** [rows] */
  rewards: Float32Array;
  /** [rows, observationDim]: the true final observation at an episode's end. */
  nextObservations: Float32Array;
  /** [rows], 0 or 1: the task ended, nothing is to be gained after it. */
  terminated: Uint8Array;
  /** [rows], 0 or 1: the episode was cut off, the value of its last observation still counts. */
  truncated: Uint8Array;
}

export interface ReplayBufferOptions {
  /** Number of transitions; rounded down to whole vector steps. */
  capacity: number;
  /** Number of environments that write: row i of a step continues in row i of the next. */
  numEnvs: number;
  observationDim: number;
  actionDim: number;
}

/** Rows of a chunk of memory. Saved contents come in chunks of as many rows; the last one may have fewer. */
export const CHUNK_ROWS = 1 << 14;
const CHUNK_BITS = Math.log2(CHUNK_ROWS);
/** Numbers in 64 bytes. */
const CACHE_LINE = 16;

/** Everything in a replay buffer, for checkpoints. */
export interface ReplayBufferState {
  /** The number of transitions stored, in rows 0 to `size` − 1. */
  size: number;
  /** The row written next. */
  head: number;
  chunks: ReplayChunk[];
  kept: KeptNumbers;
}

/** Numbers that a learner has made for each row, by the column of batches that they are; NaN where it has not. */
export type KeptNumbers = Partial<Record<KeptColumn, Float32Array>>;

const GOES_ON = 0;
const TRUNCATED = 1;
const TERMINATED = 2;

/**
 * A ring of transitions in flat typed arrays; when it is full, the oldest are overwritten. Memory is taken in chunks as
 * it fills, see `bytesPerTransition`.
 */
export class ReplayBuffer implements StoredRows {
  readonly capacity: number;
  readonly observationDim: number;
  readonly actionDim: number;
  private readonly numEnvs: number;
  private readonly widths: ColumnWidths;
  private readonly chunks: ReplayChunk[] = [];
  private filled = 0;
  /** The row written next. */
  private head = 0;
  /** [capacity, actionDim]; null where actions are what was intended. */
  private intendedActions: Float32Array | null = null;
  private keptNumbers: KeptNumbers = {};
  /** Memory of the transitions that are being copied. */
  private windows = allocateWindows(0);
  /** A number without meaning: what is read in advance must go somewhere, or it would not be read. */
  protected touched = 0;

  constructor({ capacity, numEnvs, observationDim, actionDim }: ReplayBufferOptions) {
    if (capacity < numEnvs)
      throw new RangeError(`a capacity of ${capacity} holds no step of ${numEnvs} environments`);
    this.capacity = capacity - (capacity % numEnvs);
    this.numEnvs = numEnvs;
    this.observationDim = observationDim;
    this.actionDim = actionDim;
    this.widths = columnWidths(this);
  }

  /** The number of transitions stored. */
  get size(): number {
    return this.filled;
  }

  /** The row that is written next. */
  get nextRow(): number {
    return this.head;
  }

  /** Adds whole vector steps. Throws a RangeError if the columns don't fit together. */
  add(transitions: Transitions): void {
    const rows = transitions.rewards.length;
    this.checkColumns(transitions, rows);
    for (let i = 0; i < rows; i++) {
      this.write(this.head, transitions, i);
      this.head = (this.head + 1) % this.capacity;
      this.filled = Math.min(this.filled + 1, this.capacity);
    }
  }

  /**
   * Sets what was intended with the actions of all rows, those to come too, [capacity, actionDim]. It is not part of the saved
   * contents. Throws a RangeError if the length is another.
   */
  setIntendedActions(intendedActions: Float32Array): void {
    expectLength('intendedActions', intendedActions, this.capacity * this.actionDim);
    this.intendedActions = intendedActions;
  }

  /**
   * Writes the transitions that start at `rows` into the rows of `out` from `outRow` on, each over up to `nSteps` steps. The
   * window ends early at an episode's end and at the newest step.
   */
  copyInto(out: TransitionBatches, outRow: number, rows: Int32Array, nSteps: number, discount: number): void {
    for (let i = 0; i < rows.length; i++) this.touch(rows[i]);
    const windows = this.windowsFrom(rows, nSteps, discount);
    for (const name of COLUMN_NAMES) {
      const column = out[name];
      if (column) COLUMNS[name].write(column, outRow, windows, this);
    }
  }

  /** True if all of these columns are known for the transition over up to `nSteps` steps that starts at a row. */
  isKnown(columns: readonly OptionalColumn[], row: number, nSteps: number): boolean {
    let last = row;
    for (let step = 1; step < nSteps && this.following(last) >= 0; step++) last = this.following(last);
    return columns.every((name) => COLUMNS[name].isKnown(row, last, this));
  }

  /** True if all of these columns are known for at least one of the transitions, or of those from a row to another, not included. */
  isKnownSomewhere(columns: readonly OptionalColumn[], nSteps: number, from = 0, to = this.filled): boolean {
    for (let row = from; row < to; row++) if (this.isKnown(columns, row, nSteps)) return true;
    return false;
  }

  /**
   * Has a row brought to the processor's cache, by reading a number of each of its cache lines. The processor waits for
   * many rows at a time then, and not for one after another when they are copied, which halves the time.
   */
  private touch(row: number): void {
    const { observations, nextObservations, actions, rewards, endings } = this.chunks[row >> CHUNK_BITS];
    const at = row & (CHUNK_ROWS - 1);
    let sum = rewards[at] + endings[at] + actions[at * this.actionDim];
    const end = (at + 1) * this.observationDim;
    for (let i = end - this.observationDim; i < end; i += CACHE_LINE)
      sum += observations[i] + nextObservations[i];
    this.touched = sum;
  }

  /** The transitions that start at `first`, in memory that the next call uses again. */
  private windowsFrom(first: Int32Array, nSteps: number, discount: number): Windows {
    const count = first.length;
    if (this.windows.last.length < count) this.windows = allocateWindows(count);
    const { last, rewards, discounts } = this.windows;
    for (let i = 0; i < count; i++) {
      let row = first[i];
      let reward = 0;
      let factor = 1;
      for (let step = 1; ; step++) {
        reward += factor * this.rewardOf(row);
        factor *= discount;
        const next = step === nSteps ? -1 : this.following(row);
        if (next < 0) break;
        row = next;
      }
      last[i] = row;
      rewards[i] = reward;
      discounts[i] = this.isTerminated(row) ? 0 : factor;
    }
    return { count, discount, first, last, rewards, discounts };
  }

  copy(column: StoredColumn, row: number, out: Float32Array, outRow: number): void {
    const width = this.widths[column];
    if (row < 0) out.fill(0, outRow * width, (outRow + 1) * width);
    else copyRow(out, outRow, this.chunks[row >> CHUNK_BITS][column], row & (CHUNK_ROWS - 1), width);
  }

  copyIntendedAction(row: number, out: Float32Array, outRow: number): void {
    if (this.intendedActions === null) this.copy('actions', row, out, outRow);
    else copyRow(out, outRow, this.intendedActions, row, this.actionDim);
  }

  rewardOf(row: number): number {
    return this.chunks[row >> CHUNK_BITS].rewards[row & (CHUNK_ROWS - 1)];
  }

  following(row: number): number {
    if (this.endingOf(row) !== GOES_ON || this.isNewest(row)) return -1;
    return (row + this.numEnvs) % this.capacity;
  }

  isTruncated(row: number): boolean {
    return this.endingOf(row) === TRUNCATED;
  }

  /** False where the task terminated in an observation that was not recorded: the one before it stands there again. */
  isOutcomeKnown(row: number): boolean {
    if (!this.isTerminated(row)) return true;
    const { observations, nextObservations } = this.chunks[row >> CHUNK_BITS];
    const start = (row & (CHUNK_ROWS - 1)) * this.observationDim;
    for (let i = start; i < start + this.observationDim; i++)
      if (observations[i] !== nextObservations[i]) return true;
    return false;
  }

  isTerminated(row: number): boolean {
    return this.endingOf(row) === TERMINATED;
  }

  keptOf(column: KeptColumn, row: number): number {
    return this.keptNumbers[column]?.[row] ?? Number.NaN;
  }

  /** The numbers that are kept, not copied: of the rows that there were when they were made. */
  get kept(): KeptNumbers {
    return this.keptNumbers;
  }

  /** Keeps these numbers, one for each row from 0 on, instead of others. They are forgotten as their rows are overwritten. */
  keep(numbers: KeptNumbers): void {
    for (const [name, { length }] of Object.entries(numbers)) {
      if (length > this.filled) throw new RangeError(`${name} has ${length} values for ${this.filled} rows`);
    }
    this.keptNumbers = numbers;
  }

  /** All rows from the newest to the oldest, so that each comes after the one in which its episode goes on. */
  newestFirst(): Int32Array {
    const newest = this.head - 1 + this.capacity;
    return Int32Array.from({ length: this.filled }, (_, age) => (newest - age) % this.capacity);
  }

  /** The contents as they lie in memory, not copied: they change with the next `add`. */
  getState(): ReplayBufferState {
    const { filled: size, head, chunks, widths, kept } = this;
    return {
      size,
      head,
      chunks: chunks.map((chunk, index) => firstRows(chunk, rowsOf(index, size), widths)),
      kept,
    };
  }

  /**
   * Replaces the contents by saved ones, whose arrays now belong to this buffer. Throws a RangeError if they don't fit
   * this buffer's sizes.
   */
  setState({ size, head, chunks, kept }: ReplayBufferState): void {
    const headFits = size === this.capacity ? head < size : head === size;
    if (size > this.capacity || !headFits || size % this.numEnvs !== 0) {
      throw new RangeError(`${size} saved transitions do not fit a replay buffer of ${this.capacity}`);
    }
    for (let index = 0; rowsOf(index, size) > 0; index++) {
      for (const [name, width] of Object.entries(this.widths)) {
        const column = chunks[index]?.[name as keyof ReplayChunk];
        expectLength(`saved ${name}`, column ?? [], rowsOf(index, size) * width);
      }
    }
    this.filled = size;
    this.head = head;
    this.keep(kept);
    this.chunks.length = 0;
    for (const chunk of chunks) {
      const rows = rowsOf(this.chunks.length, this.capacity);
      if (chunk.rewards.length === rows) this.chunks.push(chunk);
      else copyRows(this.chunkOf(this.chunks.length * CHUNK_ROWS), chunk);
    }
  }

  private endingOf(row: number): number {
    return this.chunks[row >> CHUNK_BITS].endings[row & (CHUNK_ROWS - 1)];
  }

  private isNewest(row: number): boolean {
    const age = (this.head - 1 - row + this.capacity) % this.capacity;
    return age < this.numEnvs;
  }

  private write(row: number, source: Transitions, i: number): void {
    const chunk = this.chunkOf(row);
    const at = row & (CHUNK_ROWS - 1);
    copyRow(chunk.observations, at, source.observations, i, this.observationDim);
    copyRow(chunk.actions, at, source.actions, i, this.actionDim);
    copyRow(chunk.nextObservations, at, source.nextObservations, i, this.observationDim);
    chunk.rewards[at] = source.rewards[i];
    chunk.endings[at] = source.terminated[i] ? TERMINATED : source.truncated[i] ? TRUNCATED : GOES_ON;
    for (const numbers of Object.values(this.keptNumbers))
      if (row < numbers.length) numbers[row] = Number.NaN;
  }

  private chunkOf(row: number): ReplayChunk {
    const index = row >> CHUNK_BITS;
    this.chunks[index] ??= allocateChunk(rowsOf(index, this.capacity), this.widths);
    return this.chunks[index];
  }

  private checkColumns(transitions: Transitions, rows: number): void {
    if (rows % this.numEnvs !== 0) {
      throw new RangeError(`${rows} transitions are not whole steps of ${this.numEnvs} environments`);
    }
    expectLength('observations', transitions.observations, rows * this.observationDim);
    expectLength('nextObservations', transitions.nextObservations, rows * this.observationDim);
    expectLength('actions', transitions.actions, rows * this.actionDim);
    expectLength('terminated', transitions.terminated, rows);
    expectLength('truncated', transitions.truncated, rows);
  }
}

/** The number of rows, out of `size`, that are in chunk `index`. */
function rowsOf(index: number, size: number): number {
  return Math.max(0, Math.min(CHUNK_ROWS, size - index * CHUNK_ROWS));
}

function allocateWindows(count: number): Pick<Windows, 'last' | 'rewards' | 'discounts'> {
  return {
    last: new Int32Array(count),
    rewards: new Float64Array(count),
    discounts: new Float64Array(count),
  };
}

function copyRow(to: Float32Array, toRow: number, from: Float32Array, fromRow: number, width: number): void {
  const target = toRow * width;
  const source = fromRow * width;
  for (let i = 0; i < width; i++) to[target + i] = from[source + i];
}

function expectLength(name: string, column: ArrayLike<number>, length: number): void {
  if (column.length !== length)
    throw new RangeError(`${name} has ${column.length} values; expected ${length}`);
}

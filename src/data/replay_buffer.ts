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
  /** In transitions; rounded down to whole vector steps. */
  capacity: number;
  /** How many environments write: row i of a step continues in row i of the next. */
  numEnvs: number;
  observationDim: number;
  actionDim: number;
}

/** Everything in a replay buffer, for checkpoints: the first `size` rows of each column. */
export interface ReplayBufferState {
  size: number;
  head: number;
  observations: Float32Array;
  actions: Float32Array;
  rewards: Float32Array;
  nextObservations: Float32Array;
  endings: Uint8Array;
}

interface Chunk {
  observations: Float32Array;
  actions: Float32Array;
  rewards: Float32Array;
  nextObservations: Float32Array;
  endings: Uint8Array;
}

const CHUNK_BITS = 14;
const CHUNK_ROWS = 1 << CHUNK_BITS;

const GOES_ON = 0;
const TRUNCATED = 1;
const TERMINATED = 2;

/**
 * A ring of transitions in flat typed arrays; when it is full, the oldest are overwritten. Memory is taken in chunks as
 * it fills: 4 × (2 × observationDim + actionDim + 1) + 1 bytes a transition, 377 for PickCube-v1.
 */
export class ReplayBuffer {
  readonly capacity: number;
  readonly observationDim: number;
  readonly actionDim: number;
  private readonly numEnvs: number;
  private readonly chunks: Chunk[] = [];
  private filled = 0;
  /** The row written next. */
  private head = 0;

  constructor({ capacity, numEnvs, observationDim, actionDim }: ReplayBufferOptions) {
    if (capacity < numEnvs)
      throw new RangeError(`a capacity of ${capacity} holds no step of ${numEnvs} environments`);
    this.capacity = capacity - (capacity % numEnvs);
    this.numEnvs = numEnvs;
    this.observationDim = observationDim;
    this.actionDim = actionDim;
  }

  /** The number of transitions stored. */
  get size(): number {
    return this.filled;
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
   * Writes the transition that starts at `row` into row `outRow` of `out`, over up to `nSteps` steps:
   * Σₖ γᵏ·rₖ and γⁿ (0 if the task terminated). The window ends early at an episode's end and at the newest step.
   */
  copyInto(out: TransitionBatches, outRow: number, row: number, nSteps: number, discount: number): void {
    let last = row;
    let reward = 0;
    let factor = 1;
    for (let step = 1; ; step++) {
      const chunk = this.chunks[last >> CHUNK_BITS];
      const at = last & (CHUNK_ROWS - 1);
      reward += factor * chunk.rewards[at];
      factor *= discount;
      if (chunk.endings[at] === TERMINATED) factor = 0;
      if (step === nSteps || chunk.endings[at] !== GOES_ON || this.isNewest(last)) break;
      last = (last + this.numEnvs) % this.capacity;
    }
    out.rewards[outRow] = reward;
    out.discounts[outRow] = factor;
    const from = this.chunks[row >> CHUNK_BITS];
    const at = row & (CHUNK_ROWS - 1);
    copyRow(out.observations, outRow, from.observations, at, this.observationDim);
    copyRow(out.actions, outRow, from.actions, at, this.actionDim);
    const to = this.chunks[last >> CHUNK_BITS];
    copyRow(out.nextObservations, outRow, to.nextObservations, last & (CHUNK_ROWS - 1), this.observationDim);
  }

  /** A copy of the contents. */
  getState(): ReplayBufferState {
    const { filled, observationDim, actionDim } = this;
    const state: ReplayBufferState = {
      size: filled,
      head: this.head,
      observations: new Float32Array(filled * observationDim),
      actions: new Float32Array(filled * actionDim),
      rewards: new Float32Array(filled),
      nextObservations: new Float32Array(filled * observationDim),
      endings: new Uint8Array(filled),
    };
    for (let start = 0; start < filled; start += CHUNK_ROWS) {
      const rows = Math.min(CHUNK_ROWS, filled - start);
      const chunk = this.chunks[start >> CHUNK_BITS];
      state.observations.set(chunk.observations.subarray(0, rows * observationDim), start * observationDim);
      state.actions.set(chunk.actions.subarray(0, rows * actionDim), start * actionDim);
      state.rewards.set(chunk.rewards.subarray(0, rows), start);
      state.nextObservations.set(
        chunk.nextObservations.subarray(0, rows * observationDim),
        start * observationDim,
      );
      state.endings.set(chunk.endings.subarray(0, rows), start);
    }
    return state;
  }

  /** Replaces the contents. Throws a RangeError if they don't fit this buffer's sizes. */
  setState(state: ReplayBufferState): void {
    const { observationDim, actionDim } = this;
    const { size, head } = state;
    const headFits = size === this.capacity ? head < size : head === size;
    if (size > this.capacity || !headFits || size % this.numEnvs !== 0) {
      throw new RangeError(`${size} saved transitions do not fit a replay buffer of ${this.capacity}`);
    }
    expectLength('saved observations', state.observations, size * observationDim);
    expectLength('saved nextObservations', state.nextObservations, size * observationDim);
    expectLength('saved actions', state.actions, size * actionDim);
    expectLength('saved rewards', state.rewards, size);
    expectLength('saved endings', state.endings, size);
    this.filled = size;
    this.head = head;
    for (let start = 0; start < size; start += CHUNK_ROWS) {
      const end = Math.min(start + CHUNK_ROWS, size);
      const chunk = this.chunkOf(start);
      chunk.observations.set(state.observations.subarray(start * observationDim, end * observationDim));
      chunk.actions.set(state.actions.subarray(start * actionDim, end * actionDim));
      chunk.rewards.set(state.rewards.subarray(start, end));
      chunk.nextObservations.set(
        state.nextObservations.subarray(start * observationDim, end * observationDim),
      );
      chunk.endings.set(state.endings.subarray(start, end));
    }
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
  }

  private chunkOf(row: number): Chunk {
    const index = row >> CHUNK_BITS;
    this.chunks[index] ??= this.allocateChunk(Math.min(CHUNK_ROWS, this.capacity - index * CHUNK_ROWS));
    return this.chunks[index];
  }

  private allocateChunk(rows: number): Chunk {
    return {
      observations: new Float32Array(rows * this.observationDim),
      actions: new Float32Array(rows * this.actionDim),
      rewards: new Float32Array(rows),
      nextObservations: new Float32Array(rows * this.observationDim),
      endings: new Uint8Array(rows),
    };
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

function copyRow(to: Float32Array, toRow: number, from: Float32Array, fromRow: number, width: number): void {
  const target = toRow * width;
  const source = fromRow * width;
  for (let i = 0; i < width; i++) to[target + i] = from[source + i];
}

function expectLength(name: string, column: Float32Array | Uint8Array, length: number): void {
  if (column.length !== length)
    throw new RangeError(`${name} has ${column.length} values; expected ${length}`);
}

/** Transitions one after another, a row each. */
export interface ReplayChunk {
  /** [rows, observationDim] */
  observations: Float32Array;
  /** [rows, actionDim] */
  actions: Float32Array;
  /** [rows] */
  rewards: Float32Array;
  /** [rows, observationDim] */
  nextObservations: Float32Array;
  /** [rows]: 0 where the episode goes on, 1 where it was truncated, 2 where the task terminated. */
  endings: Uint8Array;
}

export interface TransitionSizes {
  observationDim: number;
  actionDim: number;
}

/** Numbers that each column has in a row. */
export type ColumnWidths = Record<keyof ReplayChunk, number>;

export function columnWidths({ observationDim, actionDim }: TransitionSizes): ColumnWidths {
  return {
    observations: observationDim,
    actions: actionDim,
    rewards: 1,
    nextObservations: observationDim,
    endings: 1,
  };
}

/** Bytes of a stored transition: 373 for PickCube-v1. */
export function bytesPerTransition(sizes: TransitionSizes): number {
  const { endings, ...floats } = columnWidths(sizes);
  const numFloats = Object.values(floats).reduce((sum, width) => sum + width, 0);
  return Float32Array.BYTES_PER_ELEMENT * numFloats + endings;
}

/** Zeroed rows. */
export function allocateChunk(rows: number, widths: ColumnWidths): ReplayChunk {
  return {
    observations: new Float32Array(rows * widths.observations),
    actions: new Float32Array(rows * widths.actions),
    rewards: new Float32Array(rows * widths.rewards),
    nextObservations: new Float32Array(rows * widths.nextObservations),
    endings: new Uint8Array(rows * widths.endings),
  };
}

/** The first rows of a chunk, not copied. */
export function firstRows(chunk: ReplayChunk, rows: number, widths: ColumnWidths): ReplayChunk {
  return {
    observations: chunk.observations.subarray(0, rows * widths.observations),
    actions: chunk.actions.subarray(0, rows * widths.actions),
    rewards: chunk.rewards.subarray(0, rows * widths.rewards),
    nextObservations: chunk.nextObservations.subarray(0, rows * widths.nextObservations),
    endings: chunk.endings.subarray(0, rows * widths.endings),
  };
}

/** Copies a chunk's rows to the beginning of another one. */
export function copyRows(to: ReplayChunk, from: ReplayChunk): void {
  to.observations.set(from.observations);
  to.actions.set(from.actions);
  to.rewards.set(from.rewards);
  to.nextObservations.set(from.nextObservations);
  to.endings.set(from.endings);
}

import type { StoredRows } from '../buffers/columns.js';
import type { KeptNumbers } from '../buffers/replay_buffer.js';
import type { tf } from '../nn/tensorflow.js';
import type { CallableNetwork } from './step.js';

/** The transitions of a replay buffer with the values that a network gives to their observations. */
export interface ValuedRows {
  stored: StoredRows;
  /** All rows from the newest to the oldest: each comes after the one in which its episode goes on. */
  newestFirst: Int32Array;
  /** γ of one step. */
  discount: number;
  /** The values, by row, of the observation in it, and of the one after it. */
  values: Float32Array;
  nextValues: Float32Array;
}

/**
 * Columns of batches that an algorithm makes itself, of all transitions that it learns from. Batches have them as they were when they
 * were made last.
 */
export interface Refresh {
  /** The updates after which they are made anew. */
  every: number;
  /** The network that gives the values: a single one, of observations. */
  value: CallableNetwork<[observations: tf.Tensor], tf.Tensor>;
  /** A number for each row of each buffer, by the column of batches that they are. */
  columns(buffers: readonly ValuedRows[]): KeptNumbers[];
}

import type { Columns, NumberColumn } from './column.js';
import type { Metadata } from './metadata.js';

/** The outcome of an episode of T steps: all that can be said of it without its observations. */
export interface EpisodeOutcome {
  /** Name of the episode in its dataset, for messages: `traj_3`. */
  id: string;
  /** Seeds have up to 64 bits; null where none was recorded. */
  seed: bigint | null;
  /** T */
  length: number;
  /** True if the observation that the last step led to was recorded. */
  hasFinalObservation: boolean;
  /** [T], 0 or 1: the task ended by this step. An episode that has neither this nor the next in its last row is open. */
  terminated: Uint8Array;
  /** [T], 0 or 1: the episode was cut off after this step; the task may have terminated at the same time. */
  truncated: Uint8Array;
  /** [T], 0 or 1: success in the state that the step led to. Null where it is not known. */
  success: Uint8Array | null;
}

/** A recorded episode of T steps, whatever its format. Columns keep the names, the types and the order of the recording. */
export interface Episode extends EpisodeOutcome {
  /** T + 1 rows, the true final observation last; T rows where that was not recorded (`hasFinalObservation`). */
  observations: Columns;
  /** T rows. */
  actions: Columns;
  /** T rows: the actions before noise was added to them, by the same names; left out if that is not recorded. */
  intendedActions?: Columns;
  /** [T]; null where none were recorded. */
  rewards: NumberColumn | null;
  /** Further arrays that a format records, by their full names, such as `infos/distance`. Read when asked for, from a dataset that is open. */
  extras(): Promise<Columns>;
  /** Metadata of the episode, by their names in the files, but for what is told above; left out if a format has none. */
  metadata?: Metadata;
}

import type { DatasetHead } from './dataset.js';
import type { WholeEpisode } from './whole_episode.js';

/** The part of a dataset's head that a writer takes: what is known before its episodes. */
export type WrittenHead = Pick<DatasetHead, 'envId' | 'declared' | 'metadata'>;

/** The place of a new dataset. */
export interface WriteTarget {
  /** The path to write at, by the rules of the format. Nothing is there, and whoever asked for it moves it to its place. */
  path: string;
  /** The path that the dataset will have in the end: for messages, and where its name is part of its contents. */
  named: string;
}

/**
 * Writes a dataset in one format, an episode at a time, in memory that doesn't grow with their number.
 *
 * A format can't keep everything. `fit` makes of an episode what will be read back of it: all that differs is lost or added, and
 * found by comparing the two. The reader of the same format has to give that episode, to the bit.
 */
export interface FormatWriter {
  /**
   * The episode as it will be read back. `isLast` is true for the last one of a dataset, where that is known. Throws a UserError
   * that names the column if a part that can't be left out can't be written either.
   */
  fit(episode: WholeEpisode, isLast: boolean): WholeEpisode;
  /** Writes an episode that `fit` gave; in the order of the dataset. */
  append(episode: WholeEpisode): void;
  /** Additions that a comparison of episodes doesn't show, such as fillers for what is not known, in sentences. */
  notes(): string[];
  /** Completes the files. */
  finish(): Promise<void>;
  /** Closes the files as they are. Harmless after `finish()`. */
  abort(): void;
}

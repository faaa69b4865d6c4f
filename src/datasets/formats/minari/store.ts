import type { Column } from '../../column.js';
import type { Metadata } from '../../metadata.js';

/** The episodes of a dataset, in whatever files. */
export interface MinariStore {
  /** Path of the files with the data, for messages. */
  readonly path: string;
  /** The numbers of the episodes, ascending. */
  readonly numbers: readonly number[];
  readonly notes: readonly string[];
  episode(number: number): Promise<StoredEpisode>;
  close(): void;
}

export interface StoredEpisode {
  /** Path of the file that it is in. */
  readonly path: string;
  /** Up to 64 bits; null where none was recorded. */
  readonly seed: bigint | null;
  /** All that is told beside its arrays, by the names in HDF5: `total_steps`, `options/low`. */
  readonly attributes: Metadata;
  /** Names of its parts: `observations`, `infos` and so on. */
  parts(): string[];
  /** The arrays of a part; null if there is no such part. */
  arrays(part: string): StoredArray[] | null;
}

export interface StoredArray {
  /** Path of its column within the part, empty if that is one array. Parts of a Tuple are `_0`, `_1`, … */
  path: string;
  /** Its name in the file, for messages. */
  name: string;
  read(): Promise<Column>;
}

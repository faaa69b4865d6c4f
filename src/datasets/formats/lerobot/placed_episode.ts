import type { Table } from '../../storage/table.js';

/** An episode's place in the files. */
export interface PlacedEpisode {
  /** Its `episode_index`. */
  number: number;
  length: number;
  /** The Parquet file with its frames. */
  path: string;
  /** Its first row there. */
  from: number;
  /** The `index` of its first frame: its row in the whole dataset. */
  firstIndex: number;
  /** Its row in a table of episodes, which has more of it; left out in versions without such tables. */
  entry?: { table: Table; row: number };
}

/** The part of a video that shows an episode. */
export interface VideoSpan {
  feature: string;
  /** `episode_index` of the episode. */
  number: number;
  path: string;
  seconds: number;
}

export interface EpisodeIndex {
  episodes: PlacedEpisode[];
  videos: VideoSpan[];
  /** Instructions in words, by their `task_index`. */
  tasks: Map<number, string>;
  /** Contradictions among the metadata, in sentences. */
  problems: string[];
}

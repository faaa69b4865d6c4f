import type { RewardMode } from '../../envs/env.js';
import type { ColumnType } from './column.js';
import type { Episode, EpisodeOutcome } from './episode.js';
import type { Metadata } from './metadata.js';

/** A column as a dataset's own metadata declare it. */
export interface DeclaredColumn extends Pick<ColumnType, 'dtype'> {
  /** Shape of one row. */
  shape: readonly number[];
  /** Bounds of each number in a row, infinite where there are none; null if none are declared. */
  bounds: { low: readonly number[]; high: readonly number[] } | null;
}

/** Facts about a dataset that are known before its episodes are read. */
export interface DatasetHead {
  /** Path of the dataset, for messages. */
  path: string;
  /** The environment that it was recorded in; null where it is not named. */
  envId: string | null;
  /** The way in which actions drive the robot, where the format tells it; null where a dataset doesn't. */
  controlMode?: string | null;
  /** Names of the episodes, in order. */
  ids: readonly string[];
  /** Columns by their full names, as the metadata declare them; empty where they say nothing. */
  declared: ReadonlyMap<string, DeclaredColumn>;
  /** Numbers of episodes and steps by the metadata; null where they say nothing. */
  totals: { episodes: number | null; steps: number | null };
  /** More that people want to know, each under a name: who made it, of which task. */
  facts: readonly (readonly [name: string, text: string])[];
  /** Metadata by their names in the files, but for what follows from the episodes or is told above; left out if there are none. */
  metadata?: Metadata;
  /** Remarks on what couldn't be checked or is unusual, in sentences. */
  notes: readonly string[];
  /** Faults of the dataset as a whole, in sentences: nothing can be learnt from it then. */
  problems: readonly string[];
}

/** The way in which a learner has to take a dataset's episodes: all that differs from format to format. */
export interface LearningRules {
  /** True if the rewards are those of the recording, whatever the reward mode. */
  rewardsAsRecorded: boolean;
  /** True if nothing is to be gained after a step that terminated. Else every step counts as if the task went on. */
  terminationEnds: boolean;
  /** The rewards [T] to learn from. Throws a UserError where an episode lacks them. */
  rewards(episode: Episode): Float32Array;
  /** Observation columns, by their full names, that no learner here sees, though the dataset is learnt from; left out: none. */
  unseen?: ReadonlySet<string>;
  notes: readonly string[];
}

/** Recorded episodes to read, one at a time, in whatever format. */
export interface Dataset {
  readonly head: DatasetHead;
  /**
   * Reads an episode, by its place in `head.ids`. Columns in `leftOut`, by their full names, need not be read. Throws a UserError
   * that names what is wrong in it.
   */
  episode(index: number, leftOut?: ReadonlySet<string>): Promise<Episode>;
  /** Reads how an episode went: neither observations nor actions nor rewards. */
  outcome(index: number): Promise<EpisodeOutcome>;
  /** All episodes, one after another. */
  episodes(): AsyncIterable<Episode>;
  /** Throws a UserError if there is nothing for a training in this reward mode. */
  learningRules(rewardMode: RewardMode): LearningRules;
  close(): void;
}

/** The facts of a task that a dataset has to agree with. */
export interface DatasetTask {
  envId: string;
  controlMode: string;
  /** Not known before the environments are made. */
  observationDim?: number;
  actionDim?: number;
}

/** Reads a dataset's episodes in their order. */
export async function* inOrder(dataset: Dataset): AsyncGenerator<Episode> {
  for (const index of dataset.head.ids.keys()) yield await dataset.episode(index);
}

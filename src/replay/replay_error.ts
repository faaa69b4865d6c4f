import type { EnvironmentState } from '../../envs/env.js';
import { ARM_JOINTS } from '../../envs/panda/model.js';
import { jointPositions, TABLE_NAME } from '../../envs/tasks/state_dict.js';
import type { EnvStates } from '../data/trajectory.js';
import { distribution } from '../rollout/episode_stats.js';
import { RecordedStates } from './recorded_states.js';

/** How far a replayed episode is from its recording, in each of the T + 1 recorded states. */
export interface EpisodeError {
  /** [T + 1]: the largest difference among the arm's joints, radians. */
  arm: Float64Array;
  /** [T + 1] by object: the distance between the two positions, metres. */
  objects: Record<string, Float64Array>;
}

/** One row of the summary: over all states of all episodes, and over the episodes' last states. */
export interface ErrorSummary {
  median: number;
  max: number;
  medianAtEnd: number;
  maxAtEnd: number;
}

/** @param counterparts [T + 1]: which of the replayed states answers each recorded one. */
export function compareStates(
  recorded: RecordedStates,
  replayed: EnvStates,
  replayedCount: number,
  counterparts: readonly number[],
  robot: string,
): EpisodeError {
  const answers = new RecordedStates(replayed, replayedCount, 'the replay');
  const pairs = counterparts.map((answer, step): [EnvironmentState, EnvironmentState] => [
    recorded.at(step),
    answers.at(answer),
  ]);
  const objects = Object.keys(replayed.actors).filter((name) => name !== TABLE_NAME);
  return {
    arm: Float64Array.from(pairs, ([a, b]) =>
      largestDifference(jointPositions(a, robot), jointPositions(b, robot), ARM_JOINTS),
    ),
    objects: Object.fromEntries(
      objects.map((name) => [
        name,
        Float64Array.from(pairs, ([a, b]) => distance(a.actors[name], b.actors[name])),
      ]),
    ),
  };
}

/** The rows of the summary: `arm`, radians, and each object, metres. Null without any comparison. */
export function summariseErrors(
  errors: readonly EpisodeError[],
): { arm: ErrorSummary; objects: Record<string, ErrorSummary> } | null {
  if (errors.length === 0) return null;
  const names = Object.keys(errors[0].objects);
  return {
    arm: summarise(errors.map(({ arm }) => arm)),
    objects: Object.fromEntries(
      names.map((name) => [name, summarise(errors.map(({ objects }) => objects[name]))]),
    ),
  };
}

function summarise(episodes: readonly Float64Array[]): ErrorSummary {
  const all = distribution(episodes.flatMap((values) => [...values]));
  const last = distribution(episodes.map((values) => values[values.length - 1]));
  return { median: all.median, max: all.max, medianAtEnd: last.median, maxAtEnd: last.max };
}

function largestDifference(a: Float64Array, b: Float64Array, count: number): number {
  let largest = 0;
  for (let i = 0; i < count; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

function distance(a: Float64Array, b: Float64Array): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

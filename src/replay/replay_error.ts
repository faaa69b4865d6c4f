import type { EnvironmentState } from '../../envs/env.js';
import { ARM_JOINTS, ROBOT_JOINTS } from '../../envs/panda/model.js';
import { jointPositions, jointVelocities } from '../../envs/tasks/state_dict.js';
import { TABLE_NAME } from '../../envs/tasks/task.js';
import type { EnvStates } from '../datasets/formats/maniskill/trajectory.js';
import { distribution } from '../rollout/episode_stats.js';
import { RecordedStates } from './recorded_states.js';

/** Distances of a replayed episode from its recording, in each of the T + 1 recorded states. */
export interface EpisodeError {
  /** The largest difference among the arm's joints, radians. */
  arm: Float64Array;
  /** The same of its velocities, radians per second, and of the fingers', metres per second. */
  armVelocity: Float64Array;
  fingerVelocity: Float64Array;
  /** Distances between the two positions of each object, metres. */
  objects: Record<string, Float64Array>;
}

/** One row of the summary: over all states of all episodes, and over the episodes' last states. */
export interface ErrorSummary {
  median: number;
  max: number;
  medianAtEnd: number;
  maxAtEnd: number;
}

/** The errors of a replay, in the units of {@link EpisodeError}. */
export interface ReplayErrors {
  arm: ErrorSummary;
  armVelocity: ErrorSummary;
  fingerVelocity: ErrorSummary;
  objects: Record<string, ErrorSummary>;
}

/** Episodes that began elsewhere than in their first recorded state: `episodes` of the `of` that have one, and how far. */
export interface StartErrors {
  episodes: number;
  of: number;
  /** Largest differences of a joint of the arm, radians, and of an object's position, metres. */
  arm: number;
  object: number;
}

/** Smaller differences are of rounding: files hold 32-bit numbers. Radians and metres. */
const SAME_START = 1e-4;

/** @param counterparts [T + 1]: which of the replayed states answers each recorded one. */
export function compareStates(
  recorded: RecordedStates,
  replayed: EnvStates,
  replayedCount: number,
  counterparts: readonly number[],
  robot: string,
): EpisodeError {
  const answers = new RecordedStates(replayed, replayedCount, 'the replay');
  const pairs = counterparts.map((answer, step): Pair => [recorded.at(step), answers.at(answer)]);
  const measure = (difference: (...pair: Pair) => number) =>
    Float64Array.from(pairs, (pair) => difference(...pair));
  const velocity = (from: number, to: number) =>
    measure((a, b) => largestDifference(jointVelocities(a, robot), jointVelocities(b, robot), from, to));
  const objects = Object.keys(replayed.actors).filter((name) => name !== TABLE_NAME);
  return {
    arm: measure((a, b) =>
      largestDifference(jointPositions(a, robot), jointPositions(b, robot), 0, ARM_JOINTS),
    ),
    armVelocity: velocity(0, ARM_JOINTS),
    fingerVelocity: velocity(ARM_JOINTS, ROBOT_JOINTS),
    objects: Object.fromEntries(
      objects.map((name) => [name, measure((a, b) => distance(a.actors[name], b.actors[name]))]),
    ),
  };
}

/** Summary of the distances of all episodes; null without any. */
export function summariseErrors(errors: readonly EpisodeError[]): ReplayErrors | null {
  if (errors.length === 0) return null;
  const summary = (pick: (error: EpisodeError) => Float64Array) => summarise(errors.map(pick));
  return {
    arm: summary(({ arm }) => arm),
    armVelocity: summary(({ armVelocity }) => armVelocity),
    fingerVelocity: summary(({ fingerVelocity }) => fingerVelocity),
    objects: Object.fromEntries(
      Object.keys(errors[0].objects).map((name) => [name, summary(({ objects }) => objects[name])]),
    ),
  };
}

export function startErrors(errors: readonly EpisodeError[]): StartErrors {
  const starts = errors.map(({ arm, objects }) => ({
    arm: arm[0],
    object: Math.max(...Object.values(objects).map(([first]) => first)),
  }));
  const elsewhere = starts.filter((start) => Math.max(start.arm, start.object) > SAME_START);
  return {
    episodes: elsewhere.length,
    of: starts.length,
    arm: Math.max(0, ...elsewhere.map(({ arm }) => arm)),
    object: Math.max(0, ...elsewhere.map(({ object }) => object)),
  };
}

type Pair = [EnvironmentState, EnvironmentState];

function summarise(episodes: readonly Float64Array[]): ErrorSummary {
  const all = distribution(episodes.flatMap((values) => [...values]));
  const last = distribution(episodes.map((values) => values[values.length - 1]));
  return { median: all.median, max: all.max, medianAtEnd: last.median, maxAtEnd: last.max };
}

function largestDifference(a: Float64Array, b: Float64Array, from: number, to: number): number {
  let largest = 0;
  for (let i = from; i < to; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

function distance(a: Float64Array, b: Float64Array): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

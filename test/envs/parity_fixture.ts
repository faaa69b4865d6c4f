import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { EnvironmentState } from '../../envs/env.js';

const FOLDER = new URL('../fixtures/parity/', import.meta.url);

export interface RecordedStep {
  observation: number[];
  sparse: number;
  dense: number;
  normalized_dense: number;
  success: boolean;
  is_grasped: boolean;
  is_obj_placed: boolean;
  is_robot_static: boolean;
  cubeState: number[];
  robotState: number[];
}

export interface RecordedEpisode {
  seed: number;
  kind: string;
  state: { actors: Record<string, number[]>; articulations: Record<string, number[]> };
  linkPoses: Record<string, number[]>;
  firstObservation: number[];
  actions: number[][];
  steps: RecordedStep[];
}

/** Episodes of PickCube-v1 recorded in ManiSkill. */
export function readEpisodes(): RecordedEpisode[] {
  return JSON.parse(gunzipSync(readFileSync(new URL('pick_cube.json.gz', FOLDER))).toString()).episodes;
}

/** Mean, std, min and max of each part of the first observation over 1000 resets in ManiSkill. */
export function readSpawnStatistics(): {
  successAtReset: number;
  observations: Record<string, Record<'mean' | 'std' | 'min' | 'max', number[]>>;
} {
  return JSON.parse(readFileSync(new URL('pick_cube_spawn.json', FOLDER), 'utf8'));
}

/** The recorded state before the first step, or after step `step`. */
export function stateOf(episode: RecordedEpisode, step?: number): EnvironmentState {
  const rows = (record: Record<string, number[]>) =>
    Object.fromEntries(Object.entries(record).map(([name, values]) => [name, Float64Array.from(values)]));
  const state = { actors: rows(episode.state.actors), articulations: rows(episode.state.articulations) };
  if (step === undefined) return state;
  state.actors.cube.set(episode.steps[step].cubeState);
  state.articulations.panda.set(episode.steps[step].robotState);
  return state;
}

/** Distance between three entries of two arrays. */
export function distanceAt(a: ArrayLike<number>, b: ArrayLike<number>, offset: number): number {
  return Math.hypot(a[offset] - b[offset], a[offset + 1] - b[offset + 1], a[offset + 2] - b[offset + 2]);
}

/** Largest difference between the first `count` entries. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>, count: number): number {
  let largest = 0;
  for (let i = 0; i < count; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

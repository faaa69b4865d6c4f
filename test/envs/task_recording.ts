import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { EnvironmentState } from '../../envs/env.js';
import type { RecordedStart } from '../../envs/tasks/recorded_geometry.js';

const FOLDER = new URL('../fixtures/parity/', import.meta.url);

/** Episodes of a task as ManiSkill recorded them. */
export interface TaskRecording {
  env: string;
  control_mode: string;
  robot: string;
  base_pose: number[];
  obs_layout: [string, number, number][];
  episodes: TaskEpisode[];
  /** The part of an observation that goes by this name. */
  part(observation: readonly number[], name: string): number[];
}

export interface TaskEpisode {
  seed: number;
  kind: string;
  reset: {
    obs: number[];
    state: { actors: Record<string, number[]>; articulations: Record<string, number[]> };
  };
  actions: number[][];
  /** `actors` holds those that move freely. */
  steps: {
    obs: number[];
    sparse: number;
    reward: number;
    /** Only where the task has a dense reward. */
    dense: number;
    success: boolean;
    /** The info's flags and numbers, where they were kept; numbers may be several. */
    flags?: Record<string, boolean | number | number[]>;
    actors: Record<string, number[]>;
  }[];
}

/** Mean, std, min and max of each part of the first observation over many resets in ManiSkill. */
export interface SpawnStatistics {
  n_resets: number;
  success_at_reset: number;
  reset_obs: Record<string, Record<'mean' | 'std' | 'min' | 'max', number[]>>;
}

export function readTaskRecording(name: string): TaskRecording {
  const recording = JSON.parse(gunzipSync(readFileSync(new URL(`${name}.json.gz`, FOLDER))).toString());
  const layout: TaskRecording['obs_layout'] = recording.obs_layout;
  const part = (observation: readonly number[], wanted: string) => {
    const [, offset, size] = layout.find(([partName]) => partName === wanted)!;
    return observation.slice(offset, offset + size);
  };
  return { ...recording, part };
}

export function readTaskSpawn(name: string): SpawnStatistics {
  return JSON.parse(readFileSync(new URL(`${name}_spawn.json`, FOLDER), 'utf8'));
}

/** The start of an episode as it was recorded beside its state. */
export function startOf({ reset: { obs }, seed }: TaskEpisode): RecordedStart {
  return { observe: () => Float32Array.from(obs), seed };
}

/** The recorded state before the first step, or after step `step`: joints are read off the observation. */
export function taskStateOf({ reset, steps }: TaskEpisode, step?: number): EnvironmentState {
  const rows = (record: Record<string, number[]>) =>
    Object.fromEntries(Object.entries(record).map(([name, values]) => [name, Float64Array.from(values)]));
  const state = { actors: rows(reset.state.actors), articulations: rows(reset.state.articulations) };
  if (step === undefined) return state;
  Object.assign(state.actors, rows(steps[step].actors));
  for (const robot of Object.values(state.articulations)) robot.set(steps[step].obs.slice(0, 18), 13);
  return state;
}

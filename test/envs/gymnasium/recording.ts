import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { EnvironmentState } from '../../../envs/env.js';

/** The tasks of which there are recordings. */
export const RECORDED = [
  'Pendulum-v1',
  'InvertedPendulum-v5',
  'Hopper-v5',
  'HalfCheetah-v5',
  'Walker2d-v5',
  'Ant-v5',
];

/** Gymnasium's state at one moment, and what it observed then. */
export interface Moment {
  qpos: number[];
  qvel: number[];
  observation: number[];
  /** Rows of an environment's memory, by their names. */
  [memory: string]: unknown;
}

export interface RecordedStep extends Moment {
  action: number[];
  reward: number;
  /** The named terms of the reward; none in Pendulum-v1. */
  terms: Record<string, number>;
  terminated: boolean;
}

/**
 * One episode of Gymnasium's own environment, and statistics of qpos and qvel over many resets: 0.5 % are below `low`, and as
 * many above `high`.
 */
export interface Recording {
  start: Moment;
  steps: RecordedStep[];
  resets: Record<'mean' | 'std' | 'low' | 'high', number[]>;
}

export function readRecording(envId: string): Recording {
  const path = new URL(`../../fixtures/gymnasium/${envId}.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(path)).toString());
}

/** The recorded state, with the rows that `like`, a state of the environment, has. */
export function stateAt(moment: Moment, like: EnvironmentState): EnvironmentState {
  const [robot] = Object.keys(like.articulations);
  const state: EnvironmentState = {
    actors: {},
    articulations: { [robot]: Float64Array.from([...moment.qpos, ...moment.qvel]) },
  };
  if (!like.memory) return state;
  const rows = Object.keys(like.memory).map((name) => [name, Float64Array.from(moment[name] as number[])]);
  return { ...state, memory: Object.fromEntries(rows) };
}

import type {
  Environment,
  EnvironmentOptions,
  EnvironmentSpec,
  EnvironmentState,
  RewardMode,
} from './env.js';
import type { ReferenceScores } from './reference_scores.js';
import type { SceneDescription } from './scene.js';
import type { Measure } from './success.js';
import type { Task } from './tasks/define_task.js';

/**
 * Tells which of n transitions end an episode, from what was observed, [n, observationDim] and [n, actionDim]: 1 where one
 * does, [n]. A pure function, for models of the world that make transitions of their own.
 */
export type TerminationFunction = (
  observations: Float32Array,
  actions: Float32Array,
  nextObservations: Float32Array,
) => Uint8Array;

/** Facts about an environment that are known without creating it. */
export interface EnvironmentEntry {
  envId: string;
  maxEpisodeSteps: number;
  /** The task's own first. */
  controlModes: readonly string[];
  /** The finest first. */
  rewardModes: readonly RewardMode[];
  /** The mode that a training rewards in where nobody says otherwise. */
  defaultRewardMode: Exclude<RewardMode, 'none'>;
  /** The measure by which policies are chosen, and demonstrations where it is a success. */
  judgedBy: Measure;
  /** Scores to place a return between; null where none are known. */
  referenceScores: ReferenceScores | null;
  /** Test of what ends an episode; null where observations don't tell. */
  terminated: TerminationFunction | null;
}

/** An environment of the registry, whatever moves in it: its facts, and how it is made and drawn. */
export interface EnvironmentDefinition extends EnvironmentEntry {
  /** The task at the table that it is made of; left out of all others. */
  task?: Task;
  /** Spec that it would have, in modes that it has. Throws if it can't be made with these options. */
  spec(options: EnvironmentOptions): EnvironmentSpec;
  /** Makes it, in modes that it has. */
  make(options: EnvironmentOptions): Promise<Environment>;
  /** The scene that its pictures show, with the bodies of the state's episode. */
  scene(state?: Pick<EnvironmentState, 'geometry'>): SceneDescription;
}

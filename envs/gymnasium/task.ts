import type { EnvironmentState } from '../env.js';
import type { RandomStream } from '../random.js';
import type { ReferenceScores } from '../reference_scores.js';
import type { SceneDescription } from '../scene.js';

/** A task of Gymnasium, as its own file describes it: with the options that Gymnasium gives it by default. */
export interface GymnasiumTask {
  readonly id: string;
  /** The thing that moves, by the name of its row in states. */
  readonly robot: string;
  /** Steps of an episode. */
  readonly horizon: number;
  readonly secondsPerStep: number;
  /** [actionDim]: the most that the motors take, in either direction. */
  readonly actionHigh: readonly number[];
  /** The parts of the observation, in order. */
  readonly observation: readonly ObservedPart[];
  /** The named terms whose sum is the reward. */
  readonly rewardTerms: readonly string[];
  readonly referenceScores: ReferenceScores | null;

  /**
   * True if the episode is over in the state of which this is the observation, in `observations` from `at` on. Parts with a
   * limit may be beyond it.
   */
  isTerminal(observations: ArrayLike<number>, at: number): boolean;

  /** Makes the thing that moves; loads its physics engine on first use. */
  simulate(): Promise<Simulation>;
  /** The scene of its pictures. */
  readonly scene: SceneDescription;
}

/** One part of an observation. */
export interface ObservedPart {
  name: string;
  size: number;
  /** Numbers beyond this, in either direction, are observed as this; none are if left out. */
  limit?: number;
}

/** Motion of a task of Gymnasium, without time limits or random streams of its own. */
export interface Simulation {
  /** The size of each row of its states. */
  readonly rows: Readonly<Record<'articulations' | 'memory', Readonly<Record<string, number>>>>;
  /** Starts an episode. */
  restart(random: RandomStream): void;
  /** Moves on by one step, and writes its reward to `terms`. */
  step(action: Float32Array, terms: Record<string, number>): void;
  /** Writes the observation in full precision, without limits. */
  observe(out: Float64Array): void;
  /** A copy of the present state. */
  read(): EnvironmentState;
  /** Goes to a state that has rows of these sizes; those of `memory` may be left out, and then follow from the others. */
  write(state: EnvironmentState): void;
  /** Frees its memory. */
  close(): void;
}

import type { Actor } from '../bodies/actor.js';
import type { BodyDescription } from '../bodies/description.js';
import type { SceneSymmetry, TurnSymmetry } from '../env.js';
import type { Script } from '../experts/script.js';
import type { RandomStream } from '../random.js';
import type { Robot } from '../robots/robot.js';
import type { Camera } from '../scene.js';
import type { SuccessMeasure } from '../success.js';
import type { RobotState } from './robot_state.js';

/** The table among the actors of every state. */
export const TABLE_NAME = 'table-workspace';

/** Numbers by name: geometry, memory. */
export type Numbers<Name extends string = string> = Record<Name, number>;

/** The names that a task chooses. */
export interface TaskNames {
  body: string;
  flag: string;
  number: string;
  memory: string;
  geometry: string;
  term: string;
}

/** Environment in its present state, as a task's functions see it. */
export interface TaskWorld<N extends TaskNames = TaskNames> {
  readonly bodies: Readonly<Record<N['body'], Actor>>;
  readonly robot: RobotState;
  /** Results of {@link TaskDefinition.evaluate}. */
  readonly flags: Record<N['flag'], boolean>;
  readonly numbers: Numbers<N['number']>;
  readonly memory: Numbers<N['memory']>;
  readonly geometry: Readonly<Numbers<N['geometry']>>;
}

/**
 * One named part of the observation: its kind, which fixes its width and its change with the point of view, and the
 * source of its values. Views that stay the same array cost nothing; so nothing is allocated per step.
 */
export type Part<W> =
  | { readonly kind: 'scalar'; of(world: W): number | boolean }
  /** Several numbers that are the same from everywhere, such as sizes. */
  | { readonly kind: 'scalars'; readonly size: number; of(world: W): ArrayLike<number> }
  | { readonly kind: 'position' | 'direction'; of(world: W): ArrayLike<number> }
  | { readonly kind: 'pose'; readonly symmetry?: TurnSymmetry; of(world: W): ArrayLike<number> }
  /** The way from one position to another. */
  | { readonly kind: 'way'; from(world: W): ArrayLike<number>; to(world: W): ArrayLike<number> };

/**
 * A task as one file describes it: where things stand, what is observed, what is a success, what is rewarded, and a
 * script that solves it. It holds no state: everything that changes is in the {@link TaskWorld} that its functions
 * are given. {@link defineTask} checks it.
 */
export interface TaskDefinition<N extends TaskNames = TaskNames> {
  readonly id: string;
  readonly robot: Robot;
  /** Position 3 and quaternion wxyz 4 of the robot's root. */
  readonly basePose: readonly number[];
  /** Steps of an episode. */
  readonly horizon: number;
  /** Camera of the task's pictures. */
  readonly camera: Camera;
  /** How a scene can be seen otherwise and stay the same task: where things start, physics, observations, rewards. */
  readonly symmetries: readonly SceneSymmetry[];

  /** Numbers that shape the bodies and differ from episode to episode; none if left out. */
  readonly geometry?: {
    /** Draws the numbers of an episode, before anything else is drawn, in the order in which ManiSkill draws them. */
    draw(random: Pick<RandomStream, 'uniform'>): Numbers<N['geometry']>;
    /**
     * Computes them from others' recordings: from the parts of an observation by name, and the rows of the actors in
     * the state that was observed.
     */
    recover(
      parts: Readonly<Record<string, Float32Array>>,
      actors: Readonly<Record<string, Float64Array>>,
    ): Numbers<N['geometry']>;
    /** True if an episode with these numbers can begin with the actors in these rows: a seed may be of another kind. */
    fits(numbers: Numbers<N['geometry']>, actors: Readonly<Record<string, Float64Array>>): boolean;
  };

  /**
   * The bodies by their names in ManiSkill's `env_states`, in its order; the table, which every task has, is not among
   * them. The names and motions are the same for every geometry.
   */
  bodies(geometry: Numbers<N['geometry']>): Record<N['body'], BodyDescription>;

  /** False if a body is not at rest at the start of an episode, such as one that falls; true if left out. */
  readonly beginsAtRest?: boolean;
  /**
   * True if ManiSkill solves the left pad first where both begin to touch at once, as in a state that is set while
   * something is held. It follows from how PhysX orders the pairs of a scene, and is known by trial; false if left out.
   */
  readonly leftPadFirst?: boolean;
  /**
   * Depth, metres, to which bodies may stand in each other at the start, but not in the table, where that is more than a
   * contact has; 0 if left out.
   */
  readonly spawnOverlap?: number;

  /** Places the bodies at the start of an episode. The robot's own noise has been drawn already. */
  spawn(world: TaskWorld<N>, random: RandomStream): void;

  /** Parts of the observation after the robot's `qpos` and `qvel`, in this order. */
  readonly observation: Readonly<Record<string, Part<TaskWorld<N>>>>;

  /** Entries of the info beside success, at every step. */
  readonly flags?: readonly N['flag'][];
  readonly numbers?: readonly N['number'][];
  /** Writes the flags and numbers of the present state, and returns true if it is a success. */
  evaluate(world: TaskWorld<N>): boolean;
  /**
   * The success by which policies and demonstrations are chosen: `success_once` where things don't stay as they are, such as
   * a ball that rolls on; `success_at_end` if left out. Both are measured.
   */
  readonly judgedBy?: SuccessMeasure;

  /** Numbers that the task remembers from step to step, with their values at reset; they are part of the state. */
  readonly memory?: Numbers<N['memory']>;
  /** Updates the memory, once after every step, before rewards are computed. */
  remember?(world: TaskWorld<N>): void;

  /** The dense reward; tasks without one have a sparse one only. */
  readonly reward?: {
    /** The reward of a success, whatever the terms say; divides `normalized_dense`. */
    readonly success: number;
    /** True if a success adds that much to the terms instead; false if left out. */
    readonly addsSuccess?: boolean;
    readonly terms: readonly N['term'][];
    /** Writes all terms, whose sum is the reward of a state without success. */
    rate(world: TaskWorld<N>, terms: Numbers<N['term']>): void;
  };

  /** A script that solves the task. It sees the robot's `tcp_pose` in the observation, and the parts that it asks for. */
  readonly expert?: Script;
}

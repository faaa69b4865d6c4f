import type { Measure } from './success.js';

/**
 * Kind of an observation's part, which tells how it changes with the point of view: `joint_positions` and
 * `joint_velocities` [9] of arm and fingers; a `position` [3], or a `pose` with a quaternion wxyz [7], in the world;
 * a `direction` [3] along the world's axes; a `scalar` [≥ 1], one or more numbers that are the same from everywhere.
 */
export type ObservationKind =
  | 'joint_positions'
  | 'joint_velocities'
  | 'position'
  | 'pose'
  | 'direction'
  | 'scalar';

/** Bodies that look the same after some turns: a cube after quarter turns about its axes, a ball after any. */
export type TurnSymmetry = 'cube' | 'ball';

/** One named part of the observation vector, in order. */
export interface ObservationPart {
  name: string;
  kind: ObservationKind;
  /** The symmetry of the body that a pose is of; left out if it has none. */
  symmetry?: TurnSymmetry;
  offset: number;
  size: number;
}

/** `none` gives 0 at every step; `normalized_dense` is `dense` divided by its value on success. */
export type RewardMode = 'sparse' | 'dense' | 'normalized_dense' | 'none';

/** A user's choices for an environment; the names are ManiSkill's `env_kwargs`. */
export interface EnvironmentOptions {
  controlMode: string;
  rewardMode: RewardMode;
  /** Steps until `truncated`; the task's own horizon if left out. */
  maxEpisodeSteps?: number;
  /** Differences of episodes from the simulator that was matched; none if left out. */
  randomization?: DomainRandomization;
}

/**
 * Ranges of what is drawn anew for every episode, so that a policy does not depend on one simulator's exact physics
 * (Tobin et al. 2017, arXiv 1703.06907; Peng et al. 2018, arXiv 1710.06537). All 0: nothing is drawn.
 */
export interface DomainRandomization {
  /** All friction is multiplied by a factor between 1 / (1 + friction) and 1 + friction. */
  friction: number;
  /** The same for the masses of the task's objects. */
  mass: number;
  /** Actions arrive 0 to this many control steps late; until the first one arrives, the drives hold the start. */
  latencySteps: number;
  /**
   * Standard deviation of the normal noise on all observations but scalars: metres, radians, metres or radians per
   * second, entries of a quaternion.
   */
  observationNoise: number;
}

/** A view of a whole scene: in a mirror along the x axis through the robot, or turned about the vertical through it. */
export type SceneSymmetry = 'mirror' | 'turn';

/** The fixed facts of an environment. */
export interface EnvironmentSpec {
  envId: string;
  robot: string;
  controlMode: string;
  rewardMode: RewardMode;
  maxEpisodeSteps: number;
  /** Time in the simulated world that a step takes. */
  secondsPerStep: number;
  /** The measure by which policies are chosen. */
  judgedBy: Measure;
  observationDim: number;
  actionDim: number;
  /**
   * The bounds [actionDim] of the action space. At the table they are −1 and 1 in the control modes whose actions are
   * normalised, which are all but `pd_joint_pos`: there the arm's are the joint limits, radians.
   */
  actionLow: readonly number[];
  actionHigh: readonly number[];
  observationLayout: readonly ObservationPart[];
  /** Views of a scene in which the task is the same; none if there is no such view. See `Symmetry`. */
  symmetries: readonly SceneSymmetry[];
  /** Position x, y of the robot on the table: what turns are about, and where the mirror stands. */
  symmetryCentre: readonly [number, number];
}

/**
 * A full simulator state in ManiSkill's `env_states` layout, and what a task adds to it. Actors: position 3,
 * quaternion wxyz 4, linear velocity 3, angular velocity 3. Articulations: root pose 7 and velocities 6, qpos, qvel; those
 * of Gymnasium's tasks are qpos and qvel alone. World frame, metres, radians, seconds.
 */
export interface EnvironmentState {
  actors: Record<string, Float64Array>;
  articulations: Record<string, Float64Array>;
  /** Numbers that the task remembers from earlier steps, at the table each [1]; ManiSkill's files have none. */
  memory?: Record<string, Float64Array>;
  /** Numbers that shape the episode's bodies, each [1]; ManiSkill's files have none. */
  geometry?: Record<string, Float64Array>;
}

/** Results of a step besides the observation. The next step reuses the object: copy what you keep. */
export interface StepOutcome {
  reward: number;
  /** The task's own end: success, as in ManiSkill, or a fall, as in Gymnasium. Never set by the time limit. */
  terminated: boolean;
  /** The time limit is reached. Stays true when stepping on past it. */
  truncated: boolean;
  /** False in tasks without success. */
  success: boolean;
  /** The task's flags, such as `is_grasped`; the same keys at every step. */
  flags: Record<string, boolean>;
  /** The task's numbers, such as a distance that counts; the same keys at every step. */
  numbers: Record<string, number>;
  /** The named terms whose sum is the dense reward of the state, in every reward mode. */
  rewardTerms: Record<string, number>;
}

/**
 * A simulated task. Plain typed arrays, no allocation in `step`, no Node built-ins: the same code runs in Node, in a
 * worker and in a browser. The same seed gives the same episode, bit for bit, whatever ran before.
 */
export interface Environment {
  readonly spec: EnvironmentSpec;

  /** Starts the episode of `seed` and writes its first observation into `observation` [observationDim]. */
  reset(seed: number, observation: Float32Array): void;

  /**
   * Starts an episode in `state` and writes its first observation. All else in the episode is drawn from `seed`, so
   * that an episode recorded here goes on as recorded. With null, for episodes recorded elsewhere, a fixed choice is
   * made. Throws as `setState` does.
   */
  resetTo(state: EnvironmentState, seed: number | null, observation: Float32Array): void;

  /**
   * Applies `action` [actionDim] for one control step and writes the observation that follows. Actions may lie outside
   * their bounds: the control mode deals with that as ManiSkill's does (normalised parts are clipped, rotations
   * shortened, joint targets taken as they are), and `motor` as Gymnasium (forces are clipped, their costs are not).
   * Does not reset by itself: after `truncated` the observation is the true final one.
   * Throws if the action has the wrong size or a value that is not finite.
   */
  step(action: Float32Array, observation: Float32Array): StepOutcome;

  /** Writes the observation of the current state, as after `setState`. */
  observe(observation: Float32Array): void;

  /** Success and flags of the current state, without stepping; `reward` is that of the state under a zero action. */
  evaluate(): StepOutcome;

  /** A copy of the current state. */
  getState(): EnvironmentState;

  /**
   * Puts the simulator in `state`. What is not part of a state does not change: the count of steps, and what was
   * drawn from the episode's seed. A state without memory counts as the one after the present one, as in recordings
   * that are played state by state. Throws, naming the part, if an actor is missing or has the wrong length.
   */
  setState(state: EnvironmentState): void;

  /** Throws, as `setState` does, if parts of `state` are wrong or bodies in each other; changes nothing and is quicker. */
  checkState(state: EnvironmentState): void;

  /** Frees the physics world. The environment can't be used afterwards. */
  close(): void;
}

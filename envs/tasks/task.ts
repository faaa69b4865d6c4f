import type { Actor } from '../bodies/actor.js';
import type { ObservationPart } from '../env.js';
import type { PandaWorld } from '../physics/panda_world.js';
import type { RandomStream } from '../random.js';
import type { Robot } from '../robots/robot.js';
import type { Camera } from '../scene.js';

/**
 * What makes one task differ from another. An instance belongs to one environment and owns the task's actors; the
 * world's actors and the task's are the same objects.
 */
export interface Task {
  readonly envId: string;
  readonly robot: Robot;
  readonly maxEpisodeSteps: number;
  /** Position 3 and quaternion wxyz 4 of the robot's root. */
  readonly basePose: readonly number[];
  /** In the order of ManiSkill's `env_states`; the table, which every task has, is not among them. */
  readonly actors: readonly Actor[];
  /** What the observation holds after the robot's `qpos` and `qvel`. */
  readonly observationParts: readonly Omit<ObservationPart, 'offset'>[];
  /** Whether the task is the same in a mirror, and turned about the robot's base. */
  readonly isSymmetric: boolean;
  /** The dense reward of a successful state. */
  readonly successReward: number;
  /** From where pictures of the task are taken. */
  readonly camera: Camera;

  /** Draws the start of an episode: places the actors and writes the robot's joint positions into `qpos` [9]. */
  spawn(random: RandomStream, qpos: Float64Array): void;

  /** Writes the flags of the world's state and returns whether it is a success. */
  evaluate(world: PandaWorld, flags: Record<string, boolean>): boolean;

  /** Writes the parts of the observation, from `offset` on. The flags are those of the same state. */
  observe(world: PandaWorld, flags: Record<string, boolean>, out: Float32Array, offset: number): void;

  /** Writes the named terms of the dense reward of a state without success. */
  rewardTerms(world: PandaWorld, flags: Record<string, boolean>, terms: Record<string, number>): void;
}

import type { Camera } from '../../scene.js';
import type { GymnasiumTask } from '../task.js';
import type { Model } from './model.js';

/** Outcome of a step, of which its reward is made. The next step reuses the object. */
export interface StepResult {
  /** [actionDim], as it was given: costs are not clipped. */
  action: Float32Array;
  /** Mean velocity of the torso along x in the step, metres per second. */
  forwardVelocity: number;
  /** True unless the episode is over. */
  isHealthy: boolean;
  /** [observationDim], without limits. */
  observed: Float64Array;
}

/** The view of a robot in pictures. */
export interface Look {
  readonly camera: Camera;
  /** The scene's. */
  readonly reach: number;
  /** True if the camera goes along with the torso, over the floor. */
  readonly follows: boolean;
  /** Height of the floor, where there is nothing to stand on; 0 if left out. */
  readonly floor?: number;
}

/** A task with a robot in MuJoCo, as its own file describes it. */
export interface MujocoTask
  extends Pick<GymnasiumTask, 'id' | 'horizon' | 'rewardTerms' | 'referenceScores' | 'isTerminal'> {
  readonly model: Model;
  /** MuJoCo's steps in one of the environment. */
  readonly frameSkip: number;
  /** Deviations of a start from the model as it is described, up to `scale` in either direction. */
  readonly resetNoise: {
    readonly scale: number;
    /** `normal`: velocities are normal numbers of this deviation. */
    readonly velocities: 'uniform' | 'normal';
  };
  /** The first of the positions, which are not observed: those that nothing depends on. */
  readonly hiddenPositions: number;
  /** Velocities beyond this, in either direction, are observed as this; none are if left out. */
  readonly velocityLimit?: number;
  /**
   * True if the forces on all bodies are observed, up to 1 each, and progress is that of the torso as MuJoCo last placed it; if
   * left out, none are, and it is that of the first position.
   */
  readonly sensesTorso?: boolean;
  /** The view of its pictures. */
  readonly look: Look;
  /** Writes the named terms whose sum is the reward of a step. */
  rate(step: StepResult, terms: Record<string, number>): void;
}

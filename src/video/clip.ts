import type { Environment, EnvironmentState, StepOutcome } from '../../envs/env.js';

/** One moment of an episode: the state, and the values that the caption shows. */
export interface ClipFrame {
  state: EnvironmentState;
  step: number;
  /** The reward of the step that led here; null if it is not known. */
  reward: number | null;
  rewardTerms: Record<string, number>;
  /** Success in this state; null in tasks that have none. */
  success: boolean | null;
}

/** One episode as it is shown. */
export interface Clip {
  /** Beginning of the caption, such as `episode 3`. */
  title: string;
  frames: ClipFrame[];
}

/** Clips of one task that play side by side, tiled. A clip that is over stays on its last frame. */
export interface Video {
  envId: string;
  clips: Clip[];
  /** Frames per second; the robots are controlled at 20 Hz. */
  fps: number;
  /** Width and height of each tile in pixels. */
  tileSize: number;
}

/** The present moment of an environment as a frame. */
export function frameOf(environment: Environment, step: number, outcome: StepOutcome): ClipFrame {
  return {
    state: environment.getState(),
    step,
    reward: outcome.reward,
    rewardTerms: { ...outcome.rewardTerms },
    success: environment.spec.judgedBy === 'return' ? null : outcome.success,
  };
}

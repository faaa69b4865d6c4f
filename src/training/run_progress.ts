import type { Config } from '../config/schema.js';

/** One evaluation of the policy, as it is kept in checkpoints and shown at the end of a run. */
export interface EvaluationPoint {
  /** The run's steps (see `stepsOf`). */
  envSteps: number;
  seconds: number;
  successOnce: number;
  successAtEnd: number;
  /** Median over the episodes that succeed of the first step with success; null if none does. */
  firstSuccessStep: number | null;
}

/** Progress of a run. */
export interface RunProgress {
  /** Updates of the phases clone and offline. */
  cloneSteps: number;
  offlineSteps: number;
  envSteps: number;
  /** Updates of the phases offline and online. */
  gradientSteps: number;
  /** Wall-clock time spent before this start of the run; in a checkpoint, before it was saved. */
  seconds: number;
  evaluations: EvaluationPoint[];
  /** Number of logged rows of metrics. */
  logRows: number;
  /**
   * Env steps of the first update: learning begins when the seed steps are done, again after each resumption without
   * the buffer.
   */
  firstUpdateAt: number;
}

/** The steps by which a run is logged, evaluated and saved: updates of the phase offline, then env steps. */
export function stepsOf({ offlineSteps, envSteps }: Pick<RunProgress, 'offlineSteps' | 'envSteps'>): number {
  return offlineSteps + envSteps;
}

/** A run's steps in words: `3000 env steps`, after `5000 offline updates` if there were any. */
export function stepsText({ offlineSteps, envSteps }: RunProgress): string {
  if (offlineSteps === 0) return `${envSteps} env steps`;
  return envSteps === 0
    ? `${offlineSteps} offline updates`
    : `${offlineSteps} offline updates and ${envSteps} env steps`;
}

/** True if the present policy was evaluated. */
export function isEvaluated(progress: RunProgress): boolean {
  return progress.evaluations.at(-1)?.envSteps === stepsOf(progress);
}

/** The progress of a run that has not begun. */
export function freshProgress({ train }: Pick<Config, 'train'>): RunProgress {
  return {
    cloneSteps: 0,
    offlineSteps: 0,
    envSteps: 0,
    gradientSteps: 0,
    seconds: 0,
    evaluations: [],
    logRows: 0,
    firstUpdateAt: train.num_seed_steps,
  };
}

/**
 * The progress of a run that goes on from a checkpoint. Without the replay buffer, experience is collected again before
 * learning goes on; before the first step there is none to miss.
 */
export function resumedProgress(
  { progress, replay }: { progress: RunProgress; replay: object | null },
  { train }: Pick<Config, 'train'>,
): RunProgress {
  if (replay || progress.envSteps === 0) return progress;
  return { ...progress, firstUpdateAt: progress.envSteps + train.num_seed_steps };
}

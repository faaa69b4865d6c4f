import type { Config } from '../config/schema.js';

/** One evaluation of the policy, as it is kept in checkpoints and shown at the end of a run. */
export interface EvaluationPoint {
  envSteps: number;
  seconds: number;
  successOnce: number;
  successAtEnd: number;
  /** Median over the episodes that succeed of the first step with success; null if none does. */
  firstSuccessStep: number | null;
}

/** Progress of a run. */
export interface RunProgress {
  cloneSteps: number;
  envSteps: number;
  gradientSteps: number;
  /** Wall-clock time spent before this start of the run; in a checkpoint, before it was saved. */
  seconds: number;
  evaluations: EvaluationPoint[];
  /** Number of logged rows of metrics. */
  logRows: number;
  /** In env steps: learning begins when the seed steps are done, again after each resumption without the buffer. */
  firstUpdateAt: number;
}

/** The progress of a run that has not begun. */
export function freshProgress({ sac }: Config): RunProgress {
  return {
    cloneSteps: 0,
    envSteps: 0,
    gradientSteps: 0,
    seconds: 0,
    evaluations: [],
    logRows: 0,
    firstUpdateAt: sac.num_seed_steps,
  };
}

/**
 * The progress of a run that goes on from a checkpoint. Without the replay buffer, experience is collected again before
 * learning goes on; before the first step there is none to miss.
 */
export function resumedProgress(
  { progress, replay }: { progress: RunProgress; replay: object | null },
  { sac }: Config,
): RunProgress {
  if (replay || progress.envSteps === 0) return progress;
  return { ...progress, firstUpdateAt: progress.envSteps + sac.num_seed_steps };
}

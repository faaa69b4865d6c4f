import { type Measure, successBy } from '../../envs/success.js';
import type { Config } from '../config/schema.js';

/**
 * One evaluation of the policy, as it is kept in checkpoints and shown at the end of a run. Shares of successes are null in
 * tasks that have none.
 */
export interface EvaluationPoint {
  /** The run's steps (see `stepsOf`). */
  envSteps: number;
  seconds: number;
  successOnce: number | null;
  successAtEnd: number | null;
  /** Median over the episodes that succeed of the first step with success; null if none does. */
  firstSuccessStep: number | null;
  /** Mean return; left out in checkpoints of earlier versions, in which no task was judged by it. */
  return?: number;
}

/** The figure of an evaluation by which its policy is judged. */
export function scoreAt(judgedBy: Measure, point: EvaluationPoint): number {
  return (judgedBy === 'return' ? point.return : successBy(judgedBy, point)) ?? Number.NaN;
}

/** Steps that a run has made, or that it is to make. */
export interface Steps {
  /** Updates of the phases clone and offline. */
  cloneSteps: number;
  offlineSteps: number;
  envSteps: number;
}

/** Progress of a run. */
export interface RunProgress extends Steps {
  /** Updates of the phase model. */
  modelSteps: number;
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

/** The kinds of steps, one for each phase. */
export type StepKind = keyof Steps;
export const STEP_KINDS: readonly StepKind[] = ['cloneSteps', 'offlineSteps', 'envSteps'];

export const STEP_NAMES: Record<StepKind, string> = {
  cloneSteps: 'cloning updates',
  offlineSteps: 'offline updates',
  envSteps: 'env steps',
};

/** The steps by which a run is logged, evaluated and saved: updates of the phase offline, then env steps. */
export function stepsOf({ offlineSteps, envSteps }: Pick<Steps, 'offlineSteps' | 'envSteps'>): number {
  return offlineSteps + envSteps;
}

/** The kinds of steps that count in `steps`: where there are others, those of cloning don't. */
export function countedKinds(steps: Steps): StepKind[] {
  if (stepsOf(steps) > 0) return (['offlineSteps', 'envSteps'] as const).filter((kind) => steps[kind] > 0);
  return [steps.cloneSteps > 0 ? 'cloneSteps' : 'envSteps'];
}

/** Steps in words: `3000 env steps`, after `5000 offline updates` if there were any. */
export function stepsText(steps: Steps, numberText: (steps: number) => string = String): string {
  return countedKinds(steps)
    .map((kind) => `${numberText(steps[kind])} ${STEP_NAMES[kind]}`)
    .join(' and ');
}

/** The steps of several trainings together. */
export function stepsSum(parts: readonly Steps[]): Steps {
  const sum = (kind: StepKind) => parts.reduce((all, steps) => all + steps[kind], 0);
  return { cloneSteps: sum('cloneSteps'), offlineSteps: sum('offlineSteps'), envSteps: sum('envSteps') };
}

/** The steps of `planned` that are not made yet. */
export function stepsLeft(planned: Steps, done: Steps): Steps {
  const left = (kind: StepKind) => Math.max(0, planned[kind] - done[kind]);
  return { cloneSteps: left('cloneSteps'), offlineSteps: left('offlineSteps'), envSteps: left('envSteps') };
}

/** True if the present policy was evaluated. */
export function isEvaluated(progress: RunProgress): boolean {
  return progress.evaluations.at(-1)?.envSteps === stepsOf(progress);
}

/** The progress of a run that has not begun. */
export function freshProgress({ train }: Pick<Config, 'train'>): RunProgress {
  return {
    modelSteps: 0,
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

import type { Config } from '../config/schema.js';
import type { ReplayBuffer } from '../data/replay_buffer.js';
import type { SymmetricSampler } from '../data/symmetric_sampler.js';
import type { Agent, Metrics } from '../learner/agent.js';
import type { Logger } from '../logging/logger.js';
import type { VectorEnvironment } from '../rollout/vector_env.js';
import type { VideoQueue } from '../video/video_queue.js';
import type { Checkpoint } from './checkpoint.js';
import type { Exploration } from './exploration.js';
import type { Interval } from './interval.js';
import type { RunDisplay } from './run_display.js';
import type { RunFolder } from './run_folder.js';

/** One evaluation of the policy, as it is kept in checkpoints and shown at the end of a run. */
export interface EvaluationPoint {
  envSteps: number;
  seconds: number;
  successOnce: number;
  successAtEnd: number;
  /** Median over the episodes that succeed of the first step with success; null if none does. */
  firstSuccessStep: number | null;
}

/** How far a run is. */
export interface RunProgress {
  cloneSteps: number;
  envSteps: number;
  gradientSteps: number;
  /** Wall-clock time spent before this start of the run; in a checkpoint, before it was saved. */
  seconds: number;
  evaluations: EvaluationPoint[];
  /** How many rows of metrics were logged. */
  logRows: number;
  /** In env steps: learning begins when the seed steps are done, again after each resumption without the buffer. */
  firstUpdateAt: number;
}

/** The parts of a running training, as the phases of `train` use them. */
export interface Run {
  config: Config;
  folder: RunFolder;
  agent: Agent;
  envs: VectorEnvironment;
  evalEnvs: VectorEnvironment;
  /** [actionDim] with `train.data_action_scale`: the agent's actions are the environment's times this. */
  actionScale: Float32Array | null;
  replay: ReplayBuffer;
  sampler: SymmetricSampler;
  exploration: Exploration;
  progress: RunProgress;
  interval: Interval;
  logger: Logger;
  /** Writes the evaluation videos; null without them. */
  videos: VideoQueue | null;
  display: RunDisplay;
  /** Wall-clock seconds of the run so far, over all resumptions. */
  seconds(): number;
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
export function resumedProgress({ progress, replay }: Checkpoint, { sac }: Config): RunProgress {
  if (replay || progress.envSteps === 0) return progress;
  return { ...progress, firstUpdateAt: progress.envSteps + sac.num_seed_steps };
}

/** Logs a row of metrics at the run's present step. */
export function logMetrics({ logger, progress }: Run, metrics: Metrics): void {
  logger.log(progress.envSteps, metrics);
  progress.logRows++;
}

/** Whether a counter that grew from `before` to `after` passed a multiple of `every`. */
export function passedMultiple(before: number, after: number, every: number): boolean {
  return Math.floor(after / every) > Math.floor(before / every);
}

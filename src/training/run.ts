import type { EnvironmentSpec } from '../../envs/env.js';
import type { BalancedSampler } from '../buffers/balanced_sampler.js';
import type { ReplayBuffer } from '../buffers/replay_buffer.js';
import type { RewardScaling } from '../buffers/reward_scaling.js';
import type { SymmetricSampler } from '../buffers/symmetric_sampler.js';
import type { Config } from '../config/schema.js';
import type { Agent, Metrics } from '../learner/agent.js';
import type { Logger } from '../logging/logger.js';
import type { VectorEnvironment } from '../rollout/vector_env.js';
import type { VideoQueue } from '../video/video_queue.js';
import type { RunFolder } from './folder/run_folder.js';
import type { Interval } from './logs/interval.js';
import type { Exploration } from './phases/exploration.js';
import type { RunDisplay } from './run_display.js';
import { type RunProgress, stepsOf } from './run_progress.js';

/** The parts of a run that only the phase online has. */
export interface OnlineParts {
  envs: VectorEnvironment;
  replay: ReplayBuffer;
  exploration: Exploration;
}

/** The parts of a running training, as the phases of `train` use them. */
export interface Run {
  config: Config;
  folder: RunFolder;
  agent: Agent;
  /** The task, as far as a policy has to know it; null without one. */
  spec: EnvironmentSpec | null;
  /** Environments that experience is made in, its buffer and the exploration; null without the phase online. */
  online: OnlineParts | null;
  /** The data that it learns from; null if it learns from experience alone. */
  data: ReplayBuffer | null;
  /** The steps of rollouts in the agent's model; null if it makes none. */
  imagined: ReplayBuffer | null;
  /** Environments that evaluations run in; null without a task. */
  evalEnvs: VectorEnvironment | null;
  /** [actionDim]: the agent's actions are the environment's times this; null: they are the same. */
  actionScale: Float32Array | null;
  /** The change of all rewards that are learnt from; null: none. */
  rewardScaling: RewardScaling | null;
  sampler: SymmetricSampler;
  /** Draws the batches of the phase online by priorities; null if they are drawn alike. */
  balanced: BalancedSampler | null;
  progress: RunProgress;
  interval: Interval;
  logger: Logger;
  /** Writes the evaluation videos; null without them. */
  videos: VideoQueue | null;
  display: RunDisplay;
  /** Wall-clock seconds of the run so far, over all resumptions. */
  seconds(): number;
}

/** Logs a row of metrics at the run's present step. */
export function logMetrics({ logger, progress }: Run, metrics: Metrics): void {
  logger.log(stepsOf(progress), metrics);
  progress.logRows++;
}

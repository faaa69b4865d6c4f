import type { Metrics } from '../agents/agent.js';
import { prefixed } from '../logging/logger.js';
import { MeanMetrics } from '../logging/mean_metrics.js';
import { shortNumber, summaryMetrics } from '../logging/tables.js';
import { EpisodeAccumulator, type EpisodeStats, summariseEpisodes } from '../rollout/episode_stats.js';
import { PhaseClock } from './phase_clock.js';
import type { Run } from './run.js';

const MEGABYTE = 1e6;

/** What happened in the online phase since the last log line. */
export class Interval {
  readonly updates = new MeanMetrics();
  readonly episodes: EpisodeAccumulator;
  readonly finished: EpisodeStats[] = [];
  readonly clock = new PhaseClock();
  trainingSteps = 0;
  private start: { seconds: number; envSteps: number; gradientSteps: number };
  private lastSuccess: number | undefined;

  constructor(private readonly run: Run) {
    this.episodes = new EpisodeAccumulator(run.envs.numEnvs);
    this.start = this.now();
  }

  /** What the progress line shows beside the rate. */
  live(): string {
    const success = this.lastSuccess === undefined ? '' : `, success ${this.lastSuccess.toFixed(2)}`;
    return `${shortNumber(this.run.progress.gradientSteps)} updates${success}`;
  }

  /** Logs the interval and starts the next one. */
  log(): void {
    const { logger, agent, progress } = this.run;
    const { envSteps } = progress;
    const hasUpdates = progress.gradientSteps > this.start.gradientSteps;
    logger.log(envSteps, {
      ...prefixed('train', { ...this.updates.take(), ...this.episodeMetrics() }),
      'train/training_steps': progress.gradientSteps,
      ...prefixed('buffer', this.bufferMetrics()),
      ...prefixed('time', this.timeMetrics(hasUpdates)),
      ...prefixed('memory', memoryMetrics()),
    });
    if (hasUpdates) {
      const { q, actions } = agent.lastBatch();
      logger.histogram(envSteps, 'histograms/q', q);
      logger.histogram(envSteps, 'histograms/actions', actions);
    }
    const returns = this.finished.map((episode) => episode.return);
    logger.histogram(envSteps, 'histograms/return', returns);
    this.finished.length = 0;
    this.trainingSteps = 0;
    this.start = this.now();
  }

  private now() {
    const { progress } = this.run;
    return {
      seconds: this.run.seconds(),
      envSteps: progress.envSteps,
      gradientSteps: progress.gradientSteps,
    };
  }

  private episodeMetrics(): Metrics {
    if (this.finished.length === 0) return {};
    const summary = summariseEpisodes(this.finished);
    this.lastSuccess = summary.success_at_end;
    return summaryMetrics(summary);
  }

  private bufferMetrics(): Metrics {
    const { replay, sampler } = this.run;
    return { replay_size: replay.size, demo_size: sampler.demoSize };
  }

  /** Times are in seconds; those of a rollout and an update are of one training step. */
  private timeMetrics(hasUpdates: boolean): Metrics {
    const { seconds, envSteps } = this.now();
    const elapsed = seconds - this.start.seconds;
    const steps = envSteps - this.start.envSteps;
    const phases = this.clock.take();
    const metrics: Metrics = {
      total: seconds,
      SPS: steps / elapsed,
      rollout_fps: steps / phases.rollout,
      rollout_time: phases.rollout / this.trainingSteps,
    };
    if (hasUpdates) metrics['update_time'] = phases.update / this.trainingSteps;
    for (const [phase, spent] of Object.entries(phases)) metrics[`${phase}_share`] = spent / elapsed;
    return metrics;
  }
}

function memoryMetrics(): Metrics {
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return {
    rss_mb: rss / MEGABYTE,
    heap_mb: heapUsed / MEGABYTE,
    array_buffers_mb: arrayBuffers / MEGABYTE,
  };
}

import type { Metrics } from '../agents/agent.js';
import { prefixed } from '../logging/logger.js';
import { MeanMetrics, type MeanMetricsState } from '../logging/mean_metrics.js';
import { shortNumber, summaryMetrics } from '../logging/tables.js';
import {
  EpisodeAccumulator,
  type EpisodeStats,
  type RunningEpisodes,
  summariseEpisodes,
} from '../rollout/episode_stats.js';
import type { Run } from './run.js';

/** What happened since the last log line, and in the episodes that are under way, for checkpoints. */
export interface IntervalState {
  updates: MeanMetricsState;
  finished: EpisodeStats[];
  running: RunningEpisodes;
  lastSuccess: number | null;
  rolloutSeconds: number;
  updateSeconds: number;
  startSeconds: number;
  startEnvSteps: number;
  startGradientSteps: number;
}

/** Collects what happens between two log lines of a run. */
export class Interval {
  readonly updates = new MeanMetrics();
  readonly episodes: EpisodeAccumulator;
  finished: EpisodeStats[] = [];
  rolloutSeconds = 0;
  updateSeconds = 0;
  private startSeconds = 0;
  private startEnvSteps = 0;
  private startGradientSteps = 0;
  private lastSuccess: number | null = null;

  constructor(private readonly run: Pick<Run, 'envs' | 'progress' | 'replay' | 'seconds'>) {
    this.episodes = new EpisodeAccumulator(run.envs.numEnvs);
  }

  /** What the progress line shows beside the rate. */
  live(): string {
    const success = this.lastSuccess === null ? '' : `, success ${this.lastSuccess.toFixed(2)}`;
    return `${shortNumber(this.run.progress.gradientSteps)} updates${success}`;
  }

  /** Starts an interval now, with nothing in it yet; the running episodes go on. */
  begin(): void {
    const { progress, seconds } = this.run;
    this.finished = [];
    this.rolloutSeconds = 0;
    this.updateSeconds = 0;
    this.startSeconds = seconds();
    this.startEnvSteps = progress.envSteps;
    this.startGradientSteps = progress.gradientSteps;
  }

  /** The interval's metrics; starts the next interval. */
  take(): Metrics {
    const { run } = this;
    const seconds = run.seconds() - this.startSeconds;
    const envSteps = run.progress.envSteps - this.startEnvSteps;
    const gradientSteps = run.progress.gradientSteps - this.startGradientSteps;
    const metrics: Metrics = { ...prefixed('train', this.updates.take()) };
    if (this.finished.length > 0) {
      const summary = summariseEpisodes(this.finished);
      Object.assign(metrics, prefixed('train', summaryMetrics(summary)));
      this.lastSuccess = summary.success_at_end;
    }
    metrics['train/training_steps'] = run.progress.gradientSteps;
    metrics['train/replay_size'] = run.replay.size;
    metrics['time/SPS'] = envSteps / seconds;
    metrics['time/rollout_fps'] = envSteps / this.rolloutSeconds;
    if (gradientSteps > 0) metrics['time/update_ms'] = (1000 * this.updateSeconds) / gradientSteps;
    metrics['time/update_share'] = this.updateSeconds / seconds;
    this.begin();
    return metrics;
  }

  getState(): IntervalState {
    const { finished, lastSuccess, rolloutSeconds, updateSeconds } = this;
    const { startSeconds, startEnvSteps, startGradientSteps } = this;
    return {
      updates: this.updates.getState(),
      finished: [...finished],
      running: this.episodes.getState(),
      lastSuccess,
      rolloutSeconds,
      updateSeconds,
      startSeconds,
      startEnvSteps,
      startGradientSteps,
    };
  }

  /** Goes on in a saved interval. Without `keepsEpisodes` those under way were given up, and others have begun. */
  setState({ updates, running, ...rest }: IntervalState, keepsEpisodes: boolean): void {
    this.updates.setState(updates);
    if (keepsEpisodes) this.episodes.setState(running);
    Object.assign(this, rest);
  }
}

import type { Measure } from '../../../envs/success.js';
import type { Metrics } from '../../learner/agent.js';
import { MetricMeans, type MetricMeansState } from '../../learner/metric_means.js';
import { scoreText, scoreWord, shortNumber, summaryMetrics } from '../../logging/tables.js';
import {
  EpisodeAccumulator,
  type EpisodeStats,
  type RunningEpisodes,
  scoreOf,
  summariseEpisodes,
} from '../../rollout/episode_stats.js';
import { type Phase, PhaseClock } from './phase_clock.js';

/** Progress of a run at one moment. */
export interface Moment {
  seconds: number;
  envSteps: number;
  gradientSteps: number;
}

/** State of an {@link Interval}, for checkpoints: the records since the last log line and of the running episodes. */
export interface IntervalState {
  start: Moment;
  updates: MetricMeansState;
  finished: EpisodeStats[];
  running: RunningEpisodes;
  trainingSteps: number;
  phases: Record<Phase, number>;
  /** Score of the last episodes that were logged; called so in checkpoints since all scores were of success. */
  lastSuccess: number | null;
}

/** Record of a run since its last log line. */
export class Interval {
  readonly updates = new MetricMeans();
  readonly episodes: EpisodeAccumulator;
  readonly finished: EpisodeStats[] = [];
  readonly clock = new PhaseClock();
  trainingSteps = 0;
  private start: Moment = { seconds: 0, envSteps: 0, gradientSteps: 0 };
  private lastScore: number | null = null;

  constructor(
    numEnvs: number,
    private readonly judgedBy: Measure,
  ) {
    this.episodes = new EpisodeAccumulator(numEnvs);
  }

  /** Starts the interval at this moment. The running episodes go on. */
  begin(now: Moment): void {
    this.finished.length = 0;
    this.trainingSteps = 0;
    this.clock.drain();
    this.start = now;
  }

  /** The text that the progress line shows beside the rate. */
  live(gradientSteps: number): string {
    const updates = `${shortNumber(gradientSteps)} updates`;
    if (this.lastScore === null) return updates;
    return `${updates}, ${scoreWord([this.judgedBy])} ${scoreText(this.judgedBy, this.lastScore)}`;
  }

  /** True if updates were made in the interval that ends at this moment. */
  hasUpdates({ gradientSteps }: Moment): boolean {
    return gradientSteps > this.start.gradientSteps;
  }

  /** The means over the updates, and over the episodes that have ended. */
  trainMetrics(): Metrics {
    return { ...this.updates.drain(), ...this.episodeMetrics() };
  }

  /** The times of the interval in seconds; those of a rollout and an update are of one training step. */
  timeMetrics(now: Moment): Metrics {
    const { seconds, envSteps } = now;
    const elapsed = seconds - this.start.seconds;
    const steps = envSteps - this.start.envSteps;
    const phases = this.clock.drain();
    const metrics: Metrics = { total: seconds };
    if (steps > 0) {
      metrics['SPS'] = steps / elapsed;
      metrics['rollout_fps'] = steps / phases.rollout;
      metrics['rollout_time'] = phases.rollout / this.trainingSteps;
    }
    if (this.hasUpdates(now)) metrics['update_time'] = phases.update / this.trainingSteps;
    for (const [phase, spent] of Object.entries(phases)) metrics[`${phase}_share`] = spent / elapsed;
    return metrics;
  }

  getState(): IntervalState {
    const { start, finished, trainingSteps, lastScore } = this;
    return {
      start,
      updates: this.updates.getState(),
      finished: [...finished],
      running: this.episodes.getState(),
      trainingSteps,
      phases: this.clock.getState(),
      lastSuccess: lastScore,
    };
  }

  setState({ start, updates, finished, running, trainingSteps, phases, lastSuccess }: IntervalState): void {
    this.start = start;
    this.updates.setState(updates);
    this.finished.splice(0, Number.POSITIVE_INFINITY, ...finished);
    this.episodes.setState(running);
    this.trainingSteps = trainingSteps;
    this.clock.setState(phases);
    this.lastScore = lastSuccess;
  }

  private episodeMetrics(): Metrics {
    if (this.finished.length === 0) return {};
    const summary = summariseEpisodes(this.finished, this.judgedBy);
    this.lastScore = scoreOf(this.judgedBy, summary);
    return summaryMetrics(summary);
  }
}

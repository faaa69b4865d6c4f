import type { Metrics } from '../learner/agent.js';
import { prefixed } from '../logging/logger.js';
import type { Moment } from './interval.js';
import { logMetrics, type Run } from './run.js';

const MEGABYTE = 1e6;

/** Starts a run's interval between log lines at its present moment. */
export function beginInterval(run: Run): void {
  run.interval.begin(momentOf(run));
}

/** Logs a run's interval and starts the next one. */
export function logInterval(run: Run): void {
  const { logger, agent, progress, replay, sampler, interval } = run;
  const { envSteps, gradientSteps } = progress;
  const now = momentOf(run);
  logMetrics(run, {
    ...prefixed('train', interval.trainMetrics()),
    'train/training_steps': gradientSteps,
    ...prefixed('buffer', { replay_size: replay.size, demo_size: sampler.demoSize }),
    ...prefixed('time', interval.timeMetrics(now)),
    ...prefixed('memory', memoryMetrics()),
  });
  const last = interval.hasUpdates(now) ? agent.lastBatch() : null;
  if (last) {
    logger.histogram(envSteps, 'histograms/q', last.q);
    logger.histogram(envSteps, 'histograms/actions', last.actions);
  }
  const returns = interval.finished.map((episode) => episode.return);
  logger.histogram(envSteps, 'histograms/return', returns);
  beginInterval(run);
}

function momentOf({ seconds, progress }: Run): Moment {
  return { seconds: seconds(), envSteps: progress.envSteps, gradientSteps: progress.gradientSteps };
}

function memoryMetrics(): Metrics {
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return {
    rss_mb: rss / MEGABYTE,
    heap_mb: heapUsed / MEGABYTE,
    array_buffers_mb: arrayBuffers / MEGABYTE,
  };
}

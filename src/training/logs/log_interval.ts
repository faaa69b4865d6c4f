import type { Metrics } from '../../learner/agent.js';
import { prefixed } from '../../logging/logger.js';
import { logMetrics, type Run } from '../run.js';
import { stepsOf } from '../run_progress.js';
import type { Moment } from './interval.js';

const MEGABYTE = 1e6;

/** Starts a run's interval between log lines at its present moment. */
export function beginInterval(run: Run): void {
  run.interval.begin(momentOf(run));
}

/** Logs a run's interval and starts the next one. */
export function logInterval(run: Run): void {
  const { logger, agent, progress, online, imagined, sampler, interval } = run;
  const steps = stepsOf(progress);
  const now = momentOf(run);
  logMetrics(run, {
    ...prefixed('train', interval.trainMetrics()),
    'train/training_steps': progress.gradientSteps,
    ...prefixed('buffer', {
      replay_size: (imagined ?? online?.replay)?.size ?? 0,
      demo_size: sampler.demoSize,
    }),
    ...prefixed('time', interval.timeMetrics(now)),
    ...prefixed('memory', memoryMetrics()),
  });
  const last = interval.hasUpdates(now) ? agent.lastBatch() : null;
  if (last) {
    logger.histogram(steps, 'histograms/q', last.q);
    logger.histogram(steps, 'histograms/actions', last.actions);
  }
  const returns = interval.finished.map((episode) => episode.return);
  if (online) logger.histogram(steps, 'histograms/return', returns);
  beginInterval(run);
}

/** Logs the interval if updates were made in it, so that none of them are shown with those of another algorithm. */
export function logRest(run: Run): void {
  if (run.interval.hasUpdates(momentOf(run))) logInterval(run);
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

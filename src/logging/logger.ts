import type { Metrics } from '../agents/agent.js';

/** A place that metrics go to. Keys are `section/name`, such as `train/critic_loss`. */
export interface Logger {
  /** Records the metrics of a run after `envSteps` environment steps. */
  log(envSteps: number, metrics: Metrics): void;

  /** Writes out what is still held back. */
  close(): Promise<void>;
}

/** The same metrics with `section/` before each key. */
export function prefixed(section: string, metrics: Metrics): Metrics {
  return Object.fromEntries(Object.entries(metrics).map(([key, value]) => [`${section}/${key}`, value]));
}

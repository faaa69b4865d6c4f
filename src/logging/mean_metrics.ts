import type { Metrics } from '../learner/agent.js';

/** By name, what was added up and how often. */
export type MeanMetricsState = Record<string, { sum: number; count: number }>;

/** Collects metrics between two log lines and gives their means. */
export class MeanMetrics {
  private sums = new Map<string, { sum: number; count: number }>();

  add(metrics: Metrics): void {
    for (const [name, value] of Object.entries(metrics)) {
      const entry = this.sums.get(name) ?? { sum: 0, count: 0 };
      entry.sum += value;
      entry.count += 1;
      this.sums.set(name, entry);
    }
  }

  /** The means since the last call, and starts over. */
  take(): Metrics {
    const means = Object.fromEntries([...this.sums].map(([name, { sum, count }]) => [name, sum / count]));
    this.sums.clear();
    return means;
  }

  getState(): MeanMetricsState {
    return structuredClone(Object.fromEntries(this.sums));
  }

  setState(state: MeanMetricsState): void {
    this.sums = new Map(Object.entries(structuredClone(state)));
  }
}

import type { Metrics } from './agent.js';

/** Sums and counts of named numbers, as they are saved. */
export type MetricMeansState = Record<string, { sum: number; count: number }>;

/** Means of named numbers that arrive a few at a time; each sum is divided by how often its name came. */
export class MetricMeans {
  private sums = new Map<string, MetricMeansState[string]>();

  add(name: string, value: number): void {
    const entry = this.sums.get(name) ?? { sum: 0, count: 0 };
    entry.sum += value;
    entry.count++;
    this.sums.set(name, entry);
  }

  addAll(metrics: Metrics): void {
    for (const [name, value] of Object.entries(metrics)) this.add(name, value);
  }

  means(): Metrics {
    return Object.fromEntries([...this.sums].map(([name, { sum, count }]) => [name, sum / count]));
  }

  /** The means since the last call; the next ones begin anew. */
  drain(): Metrics {
    const means = this.means();
    this.sums.clear();
    return means;
  }

  getState(): MetricMeansState {
    return structuredClone(Object.fromEntries(this.sums));
  }

  setState(state: MetricMeansState): void {
    this.sums = new Map(Object.entries(structuredClone(state)));
  }
}

import type { Metrics } from './agent.js';

/** Averages named numbers that arrive a few at a time; each name is divided by how often it came. */
export class MetricMeans {
  private readonly sums = new Map<string, { sum: number; count: number }>();

  add(name: string, value: number): void {
    const entry = this.sums.get(name) ?? { sum: 0, count: 0 };
    entry.sum += value;
    entry.count++;
    this.sums.set(name, entry);
  }

  means(): Metrics {
    return Object.fromEntries([...this.sums].map(([name, { sum, count }]) => [name, sum / count]));
  }
}

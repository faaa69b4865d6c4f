import { describe, expect, it } from 'vitest';
import { MetricMeans } from '../../../src/learner/metric_means.js';

describe('MetricMeans', () => {
  it('gives means and begins anew', () => {
    const metrics = new MetricMeans();
    metrics.addAll({ a: 1, b: 4 });
    metrics.addAll({ a: 3 });
    expect(metrics.drain()).toEqual({ a: 2, b: 4 });
    expect(metrics.drain()).toEqual({});
  });

  it('goes on from a saved state, which is a copy', () => {
    const original = new MetricMeans();
    original.addAll({ a: 1 });
    const saved = original.getState();
    original.addAll({ a: 4 });
    const restored = new MetricMeans();
    restored.setState(saved);
    restored.addAll({ a: 4 });
    expect(restored.drain()).toEqual(original.drain());
  });
});

import { describe, expect, it } from 'vitest';
import { histogramOf } from '../../../src/logging/histogram.js';

describe('histogramOf', () => {
  it('counts every finite value once, the highest in the last bin', () => {
    const values = [
      ...Array.from({ length: 640 }, (_, i) => i / 10),
      64,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
    ];
    const histogram = histogramOf(values)!;
    expect(histogram).toMatchObject({ count: 641, min: 0, max: 64 });
    expect([...histogram.edges]).toEqual(Array.from({ length: 65 }, (_, i) => i));
    expect([...histogram.counts]).toEqual([...new Array<number>(63).fill(10), 11]);
    expect(histogram.sum).toBeCloseTo(20448 + 64, 6);
  });

  it.each([0, -3, 1e-12, 1e9])('puts equal values (%d) inside its range', (value) => {
    const { edges, counts } = histogramOf([value, value])!;
    expect(edges[0]).toBeLessThan(value);
    expect(edges[64]).toBeGreaterThan(value);
    expect(counts.reduce((sum, count) => sum + count)).toBe(2);
    expect([...edges]).toEqual([...edges].sort((a, b) => a - b));
  });

  it('is nothing without values', () => {
    expect(histogramOf([Number.NaN])).toBeNull();
  });
});

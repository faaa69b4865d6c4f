import { describe, expect, it } from 'vitest';
import { meanCurve } from '../../../src/plot/mean_curve.js';
import type { Curve } from '../../../src/plot/run_curve.js';

const run = (path: string, ...points: [x: number, y: number][]): Curve => ({
  path,
  points: points.map(([x, y]) => ({ x, y })),
});

describe('meanCurve', () => {
  it('gives mean, lowest and highest where the runs have points at the same places', () => {
    const curve = meanCurve({
      label: 'g',
      runs: [run('a', [0, 0], [10, 0.4]), run('b', [0, 0.2], [10, 0.8]), run('c', [0, 0.1], [10, 0.9])],
    });
    expect(curve).toMatchObject({ label: 'g', numRuns: 3, interpolated: false, endedBy: null });
    expect(curve.points).toHaveLength(2);
    expect(curve.points[1]).toMatchObject({ x: 10, min: 0.4, max: 0.9 });
    expect(curve.points[1].mean).toBeCloseTo(0.7);
  });

  it('interpolates linearly between points at different places', () => {
    const curve = meanCurve({
      label: 'g',
      runs: [run('a', [0, 0], [10, 1]), run('b', [0, 0], [4, 0.8], [10, 0.8])],
    });
    expect(curve.interpolated).toBe(true);
    expect(curve.points.map(({ x }) => x)).toEqual([0, 4, 10]);
    expect(curve.points[1].min).toBeCloseTo(0.4);
    expect(curve.points[1].mean).toBeCloseTo(0.6);
  });

  it('covers what all runs cover and names the one that ends first', () => {
    const curve = meanCurve({
      label: 'g',
      runs: [run('long', [0, 0], [10, 0.5], [20, 1]), run('short', [5, 0.5], [15, 0.5])],
    });
    expect(curve.points.map(({ x }) => x)).toEqual([5, 10, 15]);
    expect(curve.endedBy).toBe('short');
  });

  it('refuses runs that have no place in common', () => {
    const runs = [run('early', [0, 0], [1, 1]), run('late', [2, 0], [3, 1])];
    expect(() => meanCurve({ label: 'g', runs })).toThrow('"g": late begins after early ends');
  });
});

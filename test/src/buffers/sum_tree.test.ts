import { describe, expect, it } from 'vitest';
import { SumTree } from '../../../src/buffers/sum_tree.js';
import { RandomStream } from '../../../src/rng.js';

/** The index in whose part of the sum a point lies, one weight after another. */
function foundOneByOne(weights: readonly number[], point: number): number {
  let sum = 0;
  return weights.findIndex((weight) => {
    sum += weight;
    return point < sum;
  });
}

describe('a tree of sums', () => {
  it.each([1, 2, 3, 7, 8, 33])('finds what going through %i weights finds, as they change', (size) => {
    const stream = new RandomStream(size);
    const tree = new SumTree(size);
    // Quarters, of which all sums are exact.
    const weights = Array.from({ length: size }, () => 0);
    for (let change = 0; change < 200; change++) {
      const index = stream.integer(size);
      weights[index] = stream.integer(5) / 4;
      tree.set(index, weights[index]);
      expect(tree.weightOf(index)).toBe(weights[index]);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      expect(tree.total).toBe(total);
      for (let point = 0; point < total; point += 0.25)
        expect(tree.find(point)).toBe(foundOneByOne(weights, point));
    }
  });

  it('is the same to the bit when it is filled at once and weight by weight', () => {
    const stream = new RandomStream(1);
    const weights = Float32Array.from({ length: 100 }, () => stream.uniform());
    const [atOnce, stepwise] = [new SumTree(100), new SumTree(100)];
    for (let index = 99; index >= 0; index--) stepwise.set(index, 7);
    weights.forEach((_, i) => {
      const index = (i * 37) % 100;
      stepwise.set(index, weights[index]);
    });
    atOnce.setAll(weights);
    expect(atOnce.total).toBe(stepwise.total);
    for (let i = 0; i < 1000; i++) {
      const point = (i / 1000) * atOnce.total;
      expect(atOnce.find(point)).toBe(stepwise.find(point));
    }
  });

  it('never finds a weight of 0, also at the end of the sum', () => {
    const tree = new SumTree(4);
    tree.setAll([0, 0.1, 0.2, 0]);
    for (const point of [0, 0.1, 0.29, tree.total - 1e-17, tree.total]) {
      expect([1, 2]).toContain(tree.find(point));
    }
  });

  it('forgets weights that are not given when it is filled anew', () => {
    const tree = new SumTree(3);
    tree.setAll([1, 2, 3]);
    tree.setAll([1]);
    expect([tree.total, tree.weightOf(2)]).toEqual([1, 0]);
  });
});

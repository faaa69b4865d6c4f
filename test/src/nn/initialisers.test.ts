import { describe, expect, it } from 'vitest';
import { constant, lecunNormal, orthogonal, sideBySide, uniform } from '../../../src/nn/initialisers.js';
import { RandomStream } from '../../../src/rng.js';

function gram(kernel: Float32Array, inputs: number, outputs: number, byColumn: boolean): number[][] {
  const count = byColumn ? outputs : inputs;
  const length = byColumn ? inputs : outputs;
  const entry = (i: number, k: number) => kernel[byColumn ? k * outputs + i : i * outputs + k];
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: count }, (_, j) => {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += entry(i, k) * entry(j, k);
      return sum;
    }),
  );
}

describe('orthogonal', () => {
  it.each([
    [64, 64, true],
    [42, 64, false],
    [64, 8, true],
  ])('%i × %i: vectors of length √2 at right angles', (inputs, outputs, byColumn) => {
    const kernel = orthogonal(inputs, outputs, Math.SQRT2).initialise(new RandomStream(1));
    gram(kernel, inputs, outputs, byColumn).forEach((row, i) => {
      row.forEach((product, j) => {
        expect(product).toBeCloseTo(i === j ? 2 : 0, 5);
      });
    });
  });

  it('has entries of variance scale² / max(inputs, outputs)', () => {
    const kernel = orthogonal(64, 256, 1).initialise(new RandomStream(2));
    const meanSquare = kernel.reduce((sum, x) => sum + x * x, 0) / kernel.length;
    expect(meanSquare).toBeCloseTo(1 / 256, 6);
  });
});

it('uniform has numbers up to both limits, of mean 0 and variance limit² / 3', () => {
  const values = uniform([200, 50], 0.3).initialise(new RandomStream(3));
  expect([Math.min(...values), Math.max(...values)].map((value) => value.toFixed(2))).toEqual([
    '-0.30',
    '0.30',
  ]);
  expect(values.reduce((sum, x) => sum + x, 0) / values.length).toBeCloseTo(0, 2);
  expect(values.reduce((sum, x) => sum + x * x, 0) / values.length).toBeCloseTo(0.03, 3);
});

it('lecunNormal has variance 1 / inputs and no outliers', () => {
  const kernel = lecunNormal(400, 50).initialise(new RandomStream(3));
  const variance = kernel.reduce((sum, x) => sum + x * x, 0) / kernel.length;
  expect(variance * 400).toBeCloseTo(1, 1);
  expect(Math.max(...kernel)).toBeLessThanOrEqual((2 / 0.8796 / 20) * 1.001);
});

it('sideBySide puts kernels next to each other, row by row', () => {
  const both = sideBySide([constant([2, 1], 1), constant([2, 2], 2)]);
  expect(both.shape).toEqual([2, 3]);
  expect([...both.initialise(new RandomStream(0))]).toEqual([1, 2, 2, 1, 2, 2]);
});

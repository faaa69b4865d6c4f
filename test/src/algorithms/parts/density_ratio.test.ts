import { beforeAll, describe, expect, it } from 'vitest';
import { ratioLosses } from '../../../../src/algorithms/parts/density_ratio.js';
import { startBackend } from '../../../../src/compile/backends.js';
import { tf } from '../../../../src/nn/tensorflow.js';

beforeAll(async () => {
  await startBackend('cpu');
});

const lossesOf = (ratios: number[], isOnline: number[]) =>
  ratioLosses(tf.tensor1d(ratios), tf.tensor1d(isOnline)).arraySync() as number[];

describe('the losses of ratios', () => {
  it('are least in sum where the ratio is that of the densities', () => {
    const lossOf = (density: number, ratio: number) => {
      const [ofData, ofExperience] = lossesOf([ratio, ratio], [0, 1]);
      return ofData + density * ofExperience;
    };
    for (const density of [0.25, 1, 3]) {
      for (const factor of [0.9, 1.1])
        expect(lossOf(density, density * factor)).toBeGreaterThan(lossOf(density, density));
    }
  });

  it('are log((w + 1)/2) of data and log((w + 1)/2w) of experience', () => {
    const ratios = [0.5, 1, 3];
    const found = [...lossesOf(ratios, [0, 0, 0]), ...lossesOf(ratios, [1, 1, 1])];
    const wanted = [0.75, 1, 2, 1.5, 1, 2 / 3].map(Math.log);
    found.forEach((loss, i) => {
      expect(loss).toBeCloseTo(wanted[i], 6);
    });
  });

  it('are finite where a ratio is 0', () => {
    expect(lossesOf([0, 0], [0, 1]).every(Number.isFinite)).toBe(true);
  });
});

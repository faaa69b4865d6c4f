import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../src/compile/backends.js';
import { layerNorm } from '../../../src/nn/layer_norm.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { RandomStream } from '../../../src/rng.js';

beforeAll(async () => {
  await startBackend('cpu');
});

/** y of one row by the definition, in double precision. */
function reference(row: readonly number[], scale: readonly number[], offset: readonly number[]): number[] {
  const mean = row.reduce((sum, x) => sum + x, 0) / row.length;
  const variance = row.reduce((sum, x) => sum + (x - mean) ** 2, 0) / row.length;
  return row.map((x, i) => ((x - mean) / Math.sqrt(variance + 1e-6)) * scale[i] + offset[i]);
}

describe('layerNorm', () => {
  it('normalises each row, then scales and shifts', () => {
    const row = [1, 2, 4, -3];
    const [scale, offset] = [
      [1, 2, 0.5, -1],
      [0, 0.1, 0.2, 0.3],
    ];
    const y = layerNorm(
      tf.tensor2d([row, row]),
      tf.tensor1d(scale),
      tf.tensor1d(offset),
    ).arraySync() as number[][];
    const wanted = reference(row, scale, offset);
    for (const actual of y) {
      actual.forEach((value, i) => {
        expect(value).toBeCloseTo(wanted[i], 5);
      });
    }
  });

  it('has the gradients of its definition (finite differences in double precision)', () => {
    const [rows, features] = [3, 5];
    const stream = new RandomStream(1);
    const draw = (count: number) => Array.from({ length: count }, () => stream.normal() + 0.5);
    const point = { x: draw(rows * features), scale: draw(features), offset: draw(features) };
    const weights = draw(rows * features);
    const loss = ({ x, scale, offset }: typeof point) => {
      let total = 0;
      for (let r = 0; r < rows; r++) {
        const y = reference(x.slice(r * features, (r + 1) * features), scale, offset);
        for (let i = 0; i < features; i++) total += y[i] * weights[r * features + i];
      }
      return total;
    };
    const [dx, dScale, dOffset] = tf.grads((x, scale, offset) =>
      tf.sum(tf.mul(layerNorm(x, scale, offset), tf.tensor2d(weights, [rows, features]))),
    )([tf.tensor2d(point.x, [rows, features]), tf.tensor1d(point.scale), tf.tensor1d(point.offset)]);
    const gradients = { x: dx.dataSync(), scale: dScale.dataSync(), offset: dOffset.dataSync() };
    for (const key of ['x', 'scale', 'offset'] as const) {
      point[key].forEach((value, i) => {
        const at = (shift: number) => loss({ ...point, [key]: point[key].with(i, value + shift) });
        expect(gradients[key][i], `${key} ${i}`).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 4);
      });
    }
  });
});

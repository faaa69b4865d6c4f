import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../src/compile/backends.js';
import { spectralNorm } from '../../../src/nn/spectral_norm.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { RandomStream } from '../../../src/rng.js';

beforeAll(async () => {
  await startBackend('cpu');
});

const normOf = (kernel: tf.Tensor) => spectralNorm(kernel).dataSync()[0];

function random(rows: number, columns: number): tf.Tensor2D {
  const numbers = new Float32Array(rows * columns);
  new RandomStream(2).fillNormal(numbers);
  return tf.tensor2d(numbers, [rows, columns]);
}

describe('the spectral norm', () => {
  it('is the largest singular value', () => {
    expect(
      normOf(
        tf.tensor2d([
          [3, 0],
          [0, -5],
          [0, 0],
        ]),
      ),
    ).toBeCloseTo(5, 4);
    // AᵀA = [[10, 10], [10, 20]] has the eigenvalues 15 ± √125.
    expect(
      normOf(
        tf.tensor2d([
          [1, 4],
          [3, 2],
        ]),
      ),
    ).toBeCloseTo(Math.sqrt(15 + Math.sqrt(125)), 3);
    expect(normOf(tf.tensor2d([[3], [4]]))).toBeCloseTo(5, 5);
  });

  it('is 1 of a kernel that was divided by it, and some per cent at most are left in a large one', () => {
    const kernel = tf.tensor2d([
      [2, 1],
      [0, 1],
    ]);
    expect(normOf(tf.div(kernel, spectralNorm(kernel)))).toBeCloseTo(1, 5);
    const large = random(60, 40);
    let exact = tf.matMul(large, large, true);
    for (let squarings = 0; squarings < 9; squarings++) {
      exact = tf.matMul(exact, exact);
      exact = tf.div(exact, tf.norm(exact));
    }
    const right = tf.slice(exact, [0, 0], [40, 1]);
    const largest = tf.div(tf.norm(tf.matMul(large, right)), tf.norm(right)).dataSync()[0];
    expect(normOf(large)).toBeLessThanOrEqual(largest * (1 + 1e-5));
    expect(normOf(large)).toBeGreaterThan(0.95 * largest);
  });

  it('has the product of its singular vectors as its slope', () => {
    const slope = tf.grad((kernel: tf.Tensor) => spectralNorm(kernel))(
      tf.tensor2d([
        [3, 0],
        [0, -5],
      ]),
    );
    [...slope.dataSync()].forEach((value, i) => {
      expect(value).toBeCloseTo([0, 0, 0, -1][i], 2);
    });
  });

  it('is 0 of zeros', () => {
    expect(normOf(tf.zeros([3, 2]))).toBe(0);
  });
});

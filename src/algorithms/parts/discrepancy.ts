import { tf } from '../../nn/tensorflow.js';

/** Kernels k(x, y) of width σ: exp(−Σ|x − y|/2σ) and exp(−Σ(x − y)²/2σ), as in the authors' code of BEAR. */
export type Kernel = 'laplacian' | 'gaussian';

/** A number added under the root, whose slope at 0 is infinite. */
const LEAST_SQUARE = 1e-6;

/**
 * The maximum mean discrepancy √(mean k(x, x′) + mean k(y, y′) − 2·mean k(x, y)) between samples x [rows, n, width] and y [rows, m, width]
 * of two distributions, [rows] (Gretton et al. 2012; Kumar et al. 2019, arXiv 1906.00949, equation 7). Pairs of a sample with itself
 * count too.
 */
export function maximumMeanDiscrepancy(x: tf.Tensor, y: tf.Tensor, kernel: Kernel, sigma: number): tf.Tensor {
  const within = tf.add(meanKernel(x, x, kernel, sigma), meanKernel(y, y, kernel, sigma));
  const squares = tf.sub(within, tf.mul(meanKernel(x, y, kernel, sigma), 2));
  return tf.sqrt(tf.add(squares, LEAST_SQUARE));
}

function meanKernel(x: tf.Tensor, y: tf.Tensor, kernel: Kernel, sigma: number): tf.Tensor {
  const differences = tf.sub(tf.expandDims(x, 2), tf.expandDims(y, 1));
  const distances = kernel === 'laplacian' ? tf.abs(differences) : tf.square(differences);
  return tf.mean(tf.exp(tf.div(tf.sum(distances, 3), -2 * sigma)), [1, 2]);
}

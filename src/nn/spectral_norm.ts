import { RandomStream } from '../rng.js';
import { tf } from './tensorflow.js';

/** Enough for a few per cent, from a direction that is the same in all updates. */
const ITERATIONS = 10;

/** The seed of that direction. */
const SEED = 180_205_957;

/** The least length that is divided by, so that a kernel of zeros stays one. */
const LEAST_LENGTH = 1e-12;

/**
 * The largest singular value of a kernel [inputs, outputs], by power iteration (Miyato et al. 2018, arXiv 1802.05957, algorithm 1). Its
 * gradient takes the singular vectors for constants, as there. Nothing is kept between updates, so each begins anew.
 */
export function spectralNorm(kernel: tf.Tensor): tf.Tensor {
  differentiable ??= withOwnGradient();
  return differentiable(kernel);
}

/** Made at its first use: see `layer_norm.ts`. */
let differentiable: ReturnType<typeof withOwnGradient> | undefined;

function withOwnGradient() {
  return tf.customGrad((...args) => {
    const [kernel, save] = args as unknown as [tf.Tensor2D, tf.GradSaveFunc];
    let right = fixedDirection(kernel.shape[1]);
    let left = unit(tf.matMul(kernel, right));
    for (let i = 0; i < ITERATIONS; i++) {
      right = unit(tf.matMul(kernel, left, true));
      left = unit(tf.matMul(kernel, right));
    }
    save([left, right]);
    const value = tf.sum(tf.mul(left, tf.matMul(kernel, right)));
    const gradFunc = (dy: tf.Tensor, [u, v]: tf.Tensor[]) => tf.mul(dy, tf.matMul(u, v, false, true));
    return { value, gradFunc };
  });
}

function unit(vector: tf.Tensor2D): tf.Tensor2D {
  return tf.div(vector, tf.add(tf.sqrt(tf.sum(tf.square(vector))), LEAST_LENGTH));
}

function fixedDirection(size: number): tf.Tensor2D {
  const numbers = new Float32Array(size);
  new RandomStream(SEED).fillNormal(numbers);
  return unit(tf.tensor2d(numbers, [size, 1]));
}

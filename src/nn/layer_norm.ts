import { tf } from './tensorflow.js';

/**
 * The kernel that a backend may register to normalise a whole layer at once: inputs `x` [batch, features], `scale` and
 * `offset` [features], attribute `epsilon`; outputs y [batch, features], mean and inverse deviation [batch, 1].
 */
export const LAYER_NORM_KERNEL = 'LayerNormalization';

/** The number that is added to the variance, as in Flax. */
export const LAYER_NORM_EPSILON = 1e-6;

/**
 * Layer normalisation (Ba et al. 2016): y = scale ∘ (x − mean) / √(variance + ε) + offset over the features of each
 * row. It has its own gradient, with fewer passes over [batch, features] than differentiating the formula gives.
 */
export function layerNorm(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor): tf.Tensor {
  differentiable ??= withOwnGradient();
  return differentiable(x, scale, offset);
}

/** Made at its first use, since to make it takes TensorFlow.js, which who only reads an algorithm's options does without. */
let differentiable: ReturnType<typeof withOwnGradient> | undefined;

function withOwnGradient() {
  return tf.customGrad((...args) => {
    const [x, scale, offset, save] = args as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const [value, mean, inverseDeviation] = normalise(x, scale, offset);
    save([x, scale, mean, inverseDeviation]);
    return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradient(dy, saved) };
  });
}

function normalise(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor): tf.Tensor[] {
  if (tf.getKernel(LAYER_NORM_KERNEL, tf.getBackend())) {
    return tf.engine().runKernel(LAYER_NORM_KERNEL, { x, scale, offset }, { epsilon: LAYER_NORM_EPSILON });
  }
  const { mean, centred, inverseDeviation } = statistics(x);
  const value = tf.add(tf.mul(tf.mul(centred, inverseDeviation), scale), offset);
  return [value, mean, inverseDeviation];
}

function statistics(x: tf.Tensor) {
  const mean = tf.mean(x, -1, true);
  const centred = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centred), -1, true);
  return { mean, centred, inverseDeviation: tf.rsqrt(tf.add(variance, LAYER_NORM_EPSILON)) };
}

/**
 * The gradient. With x̂ = (x − mean)·r, g = dy ∘ scale and r the inverse deviation:
 * d offset = Σ dy, d scale = Σ dy ∘ x̂, dx = r·(g − mean(g) − x̂·mean(g ∘ x̂)).
 * Sums over rows and columns are written as products with a vector, which the matrix kernels do fastest, and x̂ is
 * never formed: everything is expressed in x, so that two passes are enough for all four sums.
 */
function gradient(dy: tf.Tensor, [x, scale, ...kept]: tf.Tensor[]): tf.Tensor[] {
  // Inside another gradient, that of this one is wanted too, and to it what was kept are constants.
  const inner = tf.engine().state.gradientDepth > 0;
  const { mean, inverseDeviation } = inner ? statistics(x) : { mean: kept[0], inverseDeviation: kept[1] };
  const features = scale.shape[0];
  const scaleOverFeatures = tf.reshape(tf.div(scale, features), [features, 1]);
  const dyX = tf.mul(dy, x);

  const meanG = tf.matMul<tf.Tensor>(dy, scaleOverFeatures);
  const meanGx = tf.matMul<tf.Tensor>(dyX, scaleOverFeatures);
  const slope = tf.mul(tf.square(inverseDeviation), tf.sub(meanGx, tf.mul(mean, meanG)));
  const level = tf.sub(tf.mul(mean, slope), meanG);
  const centredGradient = tf.add(tf.sub(tf.mul(dy, scale), tf.mul(x, slope)), level);
  const dx = tf.mul(centredGradient, inverseDeviation);

  const sumX = tf.matMul<tf.Tensor>(inverseDeviation, dyX, true);
  const sumMean = tf.matMul<tf.Tensor>(tf.mul(inverseDeviation, mean), dy, true);
  const dScale = tf.reshape(tf.sub(sumX, sumMean), [features]);
  return [dx, dScale, tf.sum(dy, 0)];
}

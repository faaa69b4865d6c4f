import { tf } from '../../nn/tensorflow.js';
import { type Binary, registerTracedKernel, type Unary } from '../trace_backend.js';

/** Registers elementwise kernels that ONNX has no operator for, as formulas of others. */
export function registerElementwiseFormulas(): void {
  registerTracedKernel<Binary<tf.Tensor>>(tf.SquaredDifference, (_, { a, b }) => tf.square(tf.sub(a, b)));
  registerTracedKernel<Binary<tf.Tensor>>(tf.FloorDiv, (_, { a, b }) =>
    tf.cast(tf.floor(tf.div(tf.cast(a, 'float32'), tf.cast(b, 'float32'))), a.dtype),
  );
  registerTracedKernel<Unary<tf.Tensor>>(tf.Relu6, (_, { x }) => tf.clipByValue(x, 0, 6));
  registerTracedKernel<Unary<tf.Tensor>>(tf.Expm1, (_, { x }) => expm1(x));
  registerTracedKernel<Unary<tf.Tensor>>(tf.Log1p, (_, { x }) => log1p(x));
}

/** exp(x) − 1, exact near 0 too, because tanh(x / 2) = (exp(x) − 1) / (exp(x) + 1). */
function expm1(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.tanh(tf.div(x, 2)), tf.add(tf.exp(x), 1));
}

/**
 * log(1 + x), exact near 0 too: the digits that u = 1 + x loses are lost in u − 1 as well (Goldberg 1991, theorem 4).
 */
function log1p(x: tf.Tensor): tf.Tensor {
  const u = tf.add(x, 1);
  const kept = tf.sub(u, 1);
  return tf.where(tf.equal(kept, 0), x, tf.mul(tf.log(u), tf.div(x, kept)));
}

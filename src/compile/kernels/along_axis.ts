import type { TensorInfo } from '@tensorflow/tfjs';
import { tf } from '../../nn/tensorflow.js';
import { registerTracedKernel, type TraceBackend, type Unary } from '../trace_backend.js';

interface RunningAttributes {
  axis: number;
  exclusive: boolean;
  reverse: boolean;
}

/** Registers the kernels along one axis: softmax, positions of extremes and running totals. */
export function registerAxisKernels(): void {
  registerTracedKernel<{ logits: TensorInfo }, { dim: number }>(tf.Softmax, (backend, { logits }, { dim }) =>
    backend.emit('Softmax', [backend.full(logits)], logits.shape, { axis: dim }),
  );
  // The first of several equal elements wins, as in TensorFlow.js.
  for (const operator of ['ArgMax', 'ArgMin']) {
    registerTracedKernel<Unary, { axis: number }>(operator, (backend, { x }, { axis }) => {
      const [dimension] = tf.util.parseAxisParam(axis, x.shape);
      const shape = x.shape.filter((_, i) => i !== dimension);
      return backend.emit(operator, [backend.full(x)], shape, { axis: dimension, keepdims: 0 }, 'int32');
    });
  }
  registerTracedKernel<Unary, RunningAttributes>(tf.Cumsum, cumulativeSum);
  registerTracedKernel<Unary<tf.Tensor>, RunningAttributes>(tf.Cumprod, (_, { x }, attributes) =>
    cumulativeProduct(x, attributes),
  );
}

function cumulativeSum(
  backend: TraceBackend,
  { x }: Unary,
  { axis, exclusive, reverse }: RunningAttributes,
): TensorInfo {
  const dimension = tf.util.parseAxisParam(axis, x.shape);
  const inputs = [backend.full(x), backend.graph.integers(dimension, [])];
  const attributes = { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 };
  return backend.emit('CumSum', inputs, x.shape, attributes, x.dtype);
}

/** A running product, which ONNX lacks: it is written out element by element, for short axes. */
function cumulativeProduct(x: tf.Tensor, { axis, exclusive, reverse }: RunningAttributes): tf.Tensor {
  const inOrder = <T>(list: T[]) => (reverse ? list.toReversed() : list);
  const products: tf.Tensor[] = [];
  let product: tf.Tensor | undefined;
  for (const factor of inOrder(tf.unstack(x, axis))) {
    const next: tf.Tensor = product ? tf.mul(product, factor) : factor;
    products.push(exclusive ? (product ?? tf.onesLike(factor)) : next);
    product = next;
  }
  return tf.stack(inOrder(products), axis);
}

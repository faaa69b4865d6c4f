import type { TensorInfo } from '@tensorflow/tfjs';
import { LAYER_NORM_KERNEL } from '../../nn/layer_norm.js';
import { tf } from '../../nn/tensorflow.js';
import { type Binary, broadcastShape, registerTracedKernel, type TraceBackend } from '../trace_backend.js';

interface MatMulAttributes {
  transposeA: boolean;
  transposeB: boolean;
}

/** Registers products of matrices and layer normalisation. */
export function registerMatrixKernels(): void {
  registerTracedKernel<Binary<tf.Tensor>, MatMulAttributes>(
    tf.BatchMatMul,
    (backend, { a, b }, attributes) =>
      a.rank === 2 && b.rank === 2
        ? product(backend, { a, b }, attributes)
        : batchedProduct(backend, { a, b }, attributes),
  );
  registerTracedKernel<{ x: TensorInfo; scale: TensorInfo; offset: TensorInfo }, { epsilon: number }>(
    LAYER_NORM_KERNEL,
    (backend, { x, scale, offset }, { epsilon }) => {
      const rows = [x.shape[0], 1];
      const shapes = [x.shape, rows, rows];
      const inputs = [x, scale, offset].map((tensor) => backend.full(tensor));
      const values = backend.graph.emit('LayerNormalization', inputs, shapes, { axis: -1, epsilon });
      return values.map((value, i) => backend.tensor(value, shapes[i]));
    },
  );
}

function product(
  backend: TraceBackend,
  { a, b }: Binary,
  { transposeA, transposeB }: MatMulAttributes,
): TensorInfo {
  const shape = [a.shape[transposeA ? 1 : 0], b.shape[transposeB ? 0 : 1]];
  const attributes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
  return backend.emit('Gemm', [backend.full(a), backend.full(b)], shape, attributes);
}

/** Products of the matrices in the last two dimensions; those before them broadcast. */
function batchedProduct(
  backend: TraceBackend,
  { a, b }: Binary<tf.Tensor>,
  { transposeA, transposeB }: MatMulAttributes,
): TensorInfo {
  const left = transposeA ? transposeMatrices(a) : a;
  const right = transposeB ? transposeMatrices(b) : b;
  const batch = broadcastShape([left.shape.slice(0, -2), right.shape.slice(0, -2)]);
  const shape = [...batch, left.shape[left.rank - 2], right.shape[right.rank - 1]];
  return backend.emit('MatMul', [backend.full(left), backend.full(right)], shape);
}

function transposeMatrices(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, i) => i);
  return tf.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

import type { TensorInfo } from '@tensorflow/tfjs';
import { LAYER_NORM_KERNEL } from '../../nn/layer_norm.js';
import { tf } from '../../nn/tensorflow.js';
import { registerTracedKernel, sizeAlong, type TraceBackend } from '../trace_backend.js';

interface MatMulInputs {
  a: TensorInfo;
  b: TensorInfo;
}

interface ReductionAttributes {
  axis?: number | number[];
  /** What the Max kernel calls its axes. */
  reductionIndices?: number | number[];
  keepDims: boolean;
}

export function registerMatrixKernels(): void {
  registerTracedKernel<MatMulInputs, { transposeA: boolean; transposeB: boolean }>(tf.BatchMatMul, matMul);
  registerReduction(tf.Mean, 'ReduceMean');
  registerReduction(tf.Max, 'ReduceMax');
  registerReduction(tf.Min, 'ReduceMin');
  registerTracedKernel<{ x: TensorInfo }, ReductionAttributes>(tf.Sum, sum);
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

function matMul(
  backend: TraceBackend,
  { a, b }: MatMulInputs,
  { transposeA, transposeB }: { transposeA: boolean; transposeB: boolean },
): TensorInfo {
  if (a.shape.length !== 2 || b.shape.length !== 2) {
    throw new Error(`only products of matrices can be compiled, not of [${a.shape}] and [${b.shape}]`);
  }
  const shape = [a.shape[transposeA ? 1 : 0], b.shape[transposeB ? 0 : 1]];
  const attributes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
  return backend.emit('Gemm', [backend.full(a), backend.full(b)], shape, attributes);
}

function registerReduction(kernel: string, operator: string): void {
  registerTracedKernel<{ x: TensorInfo }, ReductionAttributes>(kernel, (backend, { x }, attributes) => {
    const { axes, shape, keepdims } = reduction(x, attributes);
    return backend.emit(operator, [backend.full(x)], shape, { axes, keepdims });
  });
}

function sum(backend: TraceBackend, { x }: { x: TensorInfo }, attributes: ReductionAttributes): TensorInfo {
  const { axes, shape, keepdims } = reduction(x, attributes);
  const constant = backend.graph.scalarConstant(backend.broadcastable(x));
  if (constant !== undefined) return backend.filled(constant * sizeAlong(x.shape, axes), shape);
  if (x.shape.length === 2 && axes.length === 1 && axes[0] === 0) return columnSums(backend, x, shape);
  return backend.emit('ReduceSum', [backend.full(x), backend.graph.integers(axes)], shape, { keepdims });
}

/** ONNX Runtime sums columns several times faster as a product with a row of ones than as a reduction. */
function columnSums(backend: TraceBackend, x: TensorInfo, shape: number[]): TensorInfo {
  const [rows, columns] = x.shape;
  const ones = backend.graph.floats(new Float32Array(rows).fill(1), [1, rows]);
  const [sums] = backend.graph.emit('Gemm', [ones, backend.full(x)], [[1, columns]], {
    transA: 0,
    transB: 0,
  });
  return backend.emit('Reshape', [sums, backend.graph.integers(shape)], shape);
}

function reduction(x: TensorInfo, { axis, reductionIndices, keepDims }: ReductionAttributes) {
  const everyAxis = x.shape.map((_, i) => i);
  const axes = tf.util.parseAxisParam(axis ?? reductionIndices ?? everyAxis, x.shape);
  const shape = keepDims
    ? x.shape.map((dimension, i) => (axes.includes(i) ? 1 : dimension))
    : x.shape.filter((_, i) => !axes.includes(i));
  return { axes, shape, keepdims: keepDims ? 1 : 0 };
}

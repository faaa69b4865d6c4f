import type { TensorInfo } from '@tensorflow/tfjs';
import { tf } from '../../nn/tensorflow.js';
import { registerTracedKernel, sizeAlong, type TraceBackend, type Unary } from '../trace_backend.js';

interface ReductionAttributes {
  axis?: number | number[];
  /** The name that the Max kernel has for its axes. */
  reductionIndices?: number | number[];
  keepDims: boolean;
}

/** Registers sums, means, extremes and products over some axes. */
export function registerReductionKernels(): void {
  registerReduction(tf.Mean, 'ReduceMean');
  registerReduction(tf.Max, 'ReduceMax');
  registerReduction(tf.Min, 'ReduceMin');
  registerReduction(tf.Prod, 'ReduceProd');
  registerTracedKernel<Unary, ReductionAttributes>(tf.Sum, sum);
  registerTruthReduction(tf.All, tf.min);
  registerTruthReduction(tf.Any, tf.max);
}

function registerReduction(kernel: string, operator: string): void {
  registerTracedKernel<Unary<tf.Tensor>, ReductionAttributes>(kernel, (backend, { x }, attributes) => {
    const { axes, shape, keepdims } = reduction(x, attributes);
    const numbers = kernel === tf.Mean ? tf.cast(x, 'float32') : x;
    return backend.emit(operator, [backend.full(numbers)], shape, { axes, keepdims }, numbers.dtype);
  });
}

function registerTruthReduction(kernel: string, reduce: typeof tf.min): void {
  registerTracedKernel<Unary<tf.Tensor>, ReductionAttributes>(kernel, (_, { x }, { axis, keepDims }) =>
    tf.cast(reduce(tf.cast(x, 'float32'), axis, keepDims), 'bool'),
  );
}

function sum(backend: TraceBackend, { x }: Unary, attributes: ReductionAttributes): TensorInfo {
  const { axes, shape, keepdims } = reduction(x, attributes);
  const constant = backend.graph.scalarConstant(backend.broadcastable(x));
  if (constant !== undefined) return backend.filled(constant * sizeAlong(x.shape, axes), shape, x.dtype);
  if (x.dtype === 'float32' && x.shape.length === 2 && axes.length === 1 && axes[0] === 0)
    return columnSums(backend, x, shape);
  const inputs = [backend.full(x), backend.graph.integers(axes)];
  return backend.emit('ReduceSum', inputs, shape, { keepdims }, x.dtype);
}

/**
 * The sums of columns, as a product with a row of ones: ONNX Runtime does that several times faster than a reduction.
 */
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

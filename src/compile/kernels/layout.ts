import type { TensorInfo } from '@tensorflow/tfjs';
import { type Shape, sizeOf } from '../../nn/parameters.js';
import { tf } from '../../nn/tensorflow.js';
import { registerTracedKernel, sameShape, type TraceBackend } from '../trace_backend.js';

/** Kernels that move, cut or make values without computing. */
export function registerLayoutKernels(): void {
  registerTracedKernel<{ x: TensorInfo }, { shape: number[] }>(tf.Reshape, (backend, { x }, { shape }) =>
    reshape(backend, x, tf.util.inferFromImplicitShape(shape, sizeOf(x.shape))),
  );
  registerTracedKernel<TensorInfo[], { axis: number }>(tf.Concat, concat);
  registerTracedKernel<{ x: TensorInfo }, { numOrSizeSplits: number | number[]; axis: number }>(
    tf.SplitV,
    split,
  );
  registerTracedKernel<{ x: TensorInfo }, { begin: number[]; size: number[] }>(tf.Slice, slice);
  registerTracedKernel<object, { shape: number[]; value: number }>(tf.Fill, (backend, _, { shape, value }) =>
    backend.filled(value, shape),
  );
  registerTracedKernel<{ x: TensorInfo }>(tf.ZerosLike, (backend, { x }) => backend.filled(0, x.shape));
  registerTracedKernel<{ x: TensorInfo }>(tf.OnesLike, (backend, { x }) => backend.filled(1, x.shape));
}

function reshape(backend: TraceBackend, x: TensorInfo, shape: Shape): TensorInfo {
  const { graph } = backend;
  const value = backend.broadcastable(x);
  if (graph.shapeOf(value).length === 0 || sameShape(x.shape, shape))
    return backend.tensor(value, shape, x.dtype);
  return backend.emit('Reshape', [backend.full(x), graph.integers(shape)], shape, {}, x.dtype);
}

function concat(backend: TraceBackend, inputs: TensorInfo[], { axis }: { axis: number }): TensorInfo {
  const parts = Object.values(inputs);
  const [dimension] = tf.util.parseAxisParam(axis, parts[0].shape);
  const shape = [...parts[0].shape];
  shape[dimension] = parts.reduce((total, part) => total + part.shape[dimension], 0);
  return backend.emit(
    'Concat',
    parts.map((part) => backend.full(part)),
    shape,
    { axis: dimension },
  );
}

function split(
  backend: TraceBackend,
  { x }: { x: TensorInfo },
  { numOrSizeSplits, axis }: { numOrSizeSplits: number | number[]; axis: number },
): TensorInfo[] {
  const [dimension] = tf.util.parseAxisParam(axis, x.shape);
  const parts = Array.isArray(numOrSizeSplits)
    ? numOrSizeSplits
    : new Array<number>(numOrSizeSplits).fill(x.shape[dimension] / numOrSizeSplits);
  const shapes = parts.map((size) => x.shape.map((whole, i) => (i === dimension ? size : whole)));
  const inputs = [backend.full(x), backend.graph.integers(parts)];
  const values = backend.graph.emit('Split', inputs, shapes, { axis: dimension });
  return values.map((value, i) => backend.tensor(value, shapes[i]));
}

function slice(
  backend: TraceBackend,
  { x }: { x: TensorInfo },
  { begin, size }: { begin: number[]; size: number[] },
): TensorInfo {
  const shape = size.map((count, i) => (count < 0 ? x.shape[i] - begin[i] : count));
  const ends = begin.map((start, i) => start + shape[i]);
  const bounds = [begin, ends].map((values) => backend.graph.integers(values));
  return backend.emit('Slice', [backend.full(x), ...bounds], shape);
}

import type { TensorInfo } from '@tensorflow/tfjs';
import { tf } from '../../nn/tensorflow.js';
import { registerTracedKernel, type TraceBackend, type Unary } from '../trace_backend.js';
import { reshape } from './layout.js';

interface StridedSliceAttributes {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

/**
 * An end that means "to the first element" in ONNX, where a negative end counts from the back unless it is far below
 * zero.
 */
const BEFORE_FIRST = Number.MIN_SAFE_INTEGER;

/** Registers slices, splits and reversals. */
export function registerSlicingKernels(): void {
  registerTracedKernel<Unary, { numOrSizeSplits: number | number[]; axis: number }>(tf.SplitV, split);
  registerTracedKernel<{ value: tf.Tensor }, { axis: number }>(tf.Unpack, (_, { value }, { axis }) =>
    tf.split(value, value.shape.at(axis) ?? 1, axis).map((part) => tf.squeeze(part, [axis])),
  );
  registerTracedKernel<Unary<tf.Tensor>, { begin: number | number[]; size: number | number[] }>(
    tf.Slice,
    slice,
  );
  registerTracedKernel<Unary, StridedSliceAttributes>(tf.StridedSlice, stridedSlice);
  registerTracedKernel<Unary, { dims: number | number[] }>(tf.Reverse, (backend, { x }, { dims }) => {
    const axes = tf.util.parseAxisParam(dims, x.shape);
    const bounds = [axes.map(() => -1), axes.map(() => BEFORE_FIRST), axes, axes.map(() => -1)];
    return backend.emitMove(
      'Slice',
      x,
      bounds.map((values) => backend.graph.integers(values)),
      x.shape,
    );
  });
}

function split(
  backend: TraceBackend,
  { x }: Unary,
  { numOrSizeSplits, axis }: { numOrSizeSplits: number | number[]; axis: number },
): TensorInfo[] {
  const [dimension] = tf.util.parseAxisParam(axis, x.shape);
  const parts = Array.isArray(numOrSizeSplits)
    ? numOrSizeSplits
    : new Array<number>(numOrSizeSplits).fill(x.shape[dimension] / numOrSizeSplits);
  const shapes = parts.map((size) => x.shape.map((whole, i) => (i === dimension ? size : whole)));
  if (backend.isUniform(x)) {
    return shapes.map((shape) => backend.tensor(backend.broadcastable(x), shape, x.dtype));
  }
  const inputs = [backend.full(x), backend.graph.integers(parts)];
  const values = backend.graph.emit('Split', inputs, shapes, { axis: dimension });
  return values.map((value, i) => backend.tensor(value, shapes[i], x.dtype));
}

function slice(
  backend: TraceBackend,
  { x }: Unary<tf.Tensor>,
  attributes: { begin: number | number[]; size: number | number[] },
): TensorInfo {
  const [begin, size] = tf.slice_util.parseSliceParams(x, attributes.begin, attributes.size);
  const ends = begin.map((start, i) => start + size[i]);
  const bounds = [begin, ends].map((values) => backend.graph.integers(values));
  return backend.emitMove('Slice', x, bounds, size);
}

function stridedSlice(backend: TraceBackend, { x }: Unary, attributes: StridedSliceAttributes): TensorInfo {
  const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
  const { begin, end, strides, finalShape } = tf.slice_util.sliceInfo(
    x.shape,
    attributes.begin,
    attributes.end,
    attributes.strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
  const axes = x.shape.map((_, axis) => axis);
  const ends = end.map((stop) => (stop < 0 ? BEFORE_FIRST : stop));
  const bounds = [begin, ends, axes, strides].map((values) => backend.graph.integers(values));
  const sliced = backend.emitMove('Slice', x, bounds, tf.slice_util.computeOutShape(begin, end, strides));
  return reshape(backend, sliced, finalShape);
}

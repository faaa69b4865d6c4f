import type { DataType, TensorInfo } from '@tensorflow/tfjs';
import { tf } from '../../nn/tensorflow.js';
import { registerTracedKernel, type TraceBackend, type Unary } from '../trace_backend.js';
import { reshape } from './layout.js';

interface Choice {
  condition: tf.Tensor;
  t: tf.Tensor;
  e: tf.Tensor;
}

/** Registers the selection of elements by conditions, limits and indices. */
export function registerSelectionKernels(): void {
  registerTracedKernel<Choice>(tf.Select, select);
  registerTracedKernel<Unary, { clipValueMin: number; clipValueMax: number }>(
    tf.ClipByValue,
    (backend, { x }, { clipValueMin, clipValueMax }) => {
      const limits = [clipValueMin, clipValueMax].map((limit) => backend.filled(limit, [], x.dtype));
      return backend.emitElementwise('Clip', [x, ...limits]);
    },
  );
  registerTracedKernel<{ x: TensorInfo; indices: TensorInfo }, { axis: number; batchDims: number }>(
    tf.GatherV2,
    gather,
  );
  registerTracedKernel<{ x: TensorInfo; segmentIds: TensorInfo }, { numSegments: number }>(
    tf.UnsortedSegmentSum,
    segmentSum,
  );
  registerTracedKernel<
    { indices: tf.Tensor },
    { depth: number; onValue: number; offValue: number; dtype: DataType }
  >(tf.OneHot, (_, { indices }, { depth, onValue, offValue, dtype }) => {
    // ONNX's own OneHot takes −1 for the last class.
    const hit = tf.equal(tf.expandDims(indices, -1), tf.range(0, depth, 1, 'int32'));
    return onValue === 1 && offValue === 0
      ? tf.cast(hit, dtype)
      : tf.where(hit, tf.scalar(onValue, dtype), tf.scalar(offValue, dtype));
  });
}

function select(backend: TraceBackend, { condition, t, e }: Choice): TensorInfo {
  const dtype = tf.upcastType(t.dtype, e.dtype);
  if (dtype === 'bool') {
    return tf.logicalOr(tf.logicalAnd(condition, t), tf.logicalAnd(tf.logicalNot(condition), e));
  }
  const branches = [t, e].map((branch) => tf.cast(branch, dtype));
  return backend.emitElementwise('Where', [condition, ...branches], {}, dtype);
}

function gather(
  backend: TraceBackend,
  { x, indices }: { x: TensorInfo; indices: TensorInfo },
  { axis, batchDims }: { axis: number; batchDims: number },
): TensorInfo {
  const [dimension] = tf.util.parseAxisParam(axis, x.shape);
  const shape = [
    ...x.shape.slice(0, dimension),
    ...indices.shape.slice(batchDims),
    ...x.shape.slice(dimension + 1),
  ];
  if (batchDims === 0) {
    return backend.emitMove('Gather', x, [backend.full(indices)], shape, { axis: dimension });
  }
  if (batchDims !== dimension) {
    throw new Error(`gather along axis ${dimension} with ${batchDims} batch dimensions cannot be compiled`);
  }
  return backend.emitMove('GatherND', x, [positionsOf(backend, indices)], shape, { batch_dims: batchDims });
}

/** Sums by segment: row i of the result is the sum of the rows of `x` that belong to segment i. */
function segmentSum(
  backend: TraceBackend,
  { x, segmentIds }: { x: TensorInfo; segmentIds: TensorInfo },
  { numSegments }: { numSegments: number },
): TensorInfo {
  const shape = [numSegments, ...x.shape.slice(segmentIds.shape.length)];
  const zeros = backend.full(backend.filled(0, shape, x.dtype));
  const inputs = [zeros, positionsOf(backend, segmentIds), backend.full(x)];
  return backend.emit('ScatterND', inputs, shape, { reduction: 'add' }, x.dtype);
}

/** Indices along one axis in ONNX's form of positions along several axes: each in a vector of its own. */
function positionsOf(backend: TraceBackend, indices: TensorInfo): string {
  return backend.full(reshape(backend, indices, [...indices.shape, 1]));
}

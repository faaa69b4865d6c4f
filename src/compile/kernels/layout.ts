import type { TensorInfo } from '@tensorflow/tfjs';
import { type Shape, sizeOf } from '../../nn/parameters.js';
import { tf } from '../../nn/tensorflow.js';
import { registerTracedKernel, sameShape, type TraceBackend, type Unary } from '../trace_backend.js';

/** Registers reshaping, transposing, repeating, padding and joining. */
export function registerLayoutKernels(): void {
  registerTracedKernel<Unary, { shape: number[] }>(tf.Reshape, (backend, { x }, { shape }) =>
    reshape(backend, x, tf.util.inferFromImplicitShape(shape, sizeOf(x.shape)), shape),
  );
  registerTracedKernel<{ input: TensorInfo }, { dim: number }>(tf.ExpandDims, (backend, { input }, { dim }) =>
    reshape(backend, input, input.shape.toSpliced(dim < 0 ? dim + input.shape.length + 1 : dim, 0, 1)),
  );
  registerTracedKernel<Unary, { perm: number[] }>(tf.Transpose, (backend, { x }, { perm }) =>
    backend.emitMove(
      'Transpose',
      x,
      [],
      perm.map((axis) => x.shape[axis]),
      { perm },
    ),
  );
  registerTracedKernel<Unary, { reps: number[] }>(tf.Tile, tile);
  registerTracedKernel<Unary, { paddings: [number, number][]; constantValue: number }>(tf.PadV2, pad);
  registerTracedKernel<TensorInfo[], { axis: number }>(tf.Concat, concat);
  registerTracedKernel<tf.Tensor[], { axis: number }>(tf.Pack, (_, inputs, { axis }) =>
    tf.concat(
      Object.values(inputs).map((input) => tf.expandDims(input, axis)),
      axis,
    ),
  );
}

/**
 * The same elements in another shape. `written` is the shape as the graph has it: with −1, a dimension follows from the others
 * whatever the number of rows, so that a policy which was traced with some rows can be used with any.
 */
export function reshape(
  backend: TraceBackend,
  x: TensorInfo,
  shape: Shape,
  written: Shape = shape,
): TensorInfo {
  return backend.isUniform(x) || sameShape(x.shape, shape)
    ? backend.tensor(backend.broadcastable(x), shape, x.dtype)
    : backend.emit('Reshape', [backend.full(x), backend.graph.integers(written)], shape, {}, x.dtype);
}

/** Repeats a tensor along its dimensions; along those of size one there is nothing to do, as the value broadcasts. */
function tile(backend: TraceBackend, { x }: Unary, { reps }: { reps: number[] }): TensorInfo {
  const shape = x.shape.map((size, axis) => size * reps[axis]);
  const value = backend.broadcastable(x);
  const valueShape = backend.graph.shapeOf(value);
  const first = shape.length - valueShape.length;
  if (valueShape.every((size, i) => size === 1 || reps[first + i] === 1)) {
    return backend.tensor(value, shape, x.dtype);
  }
  return backend.emitMove('Tile', x, [backend.graph.integers(reps)], shape);
}

function pad(
  backend: TraceBackend,
  { x }: Unary,
  { paddings, constantValue }: { paddings: [number, number][]; constantValue: number },
): TensorInfo {
  const shape = x.shape.map((size, axis) => size + paddings[axis][0] + paddings[axis][1]);
  const sizes = [...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)];
  const border = backend.full(backend.filled(constantValue, [], x.dtype));
  const inputs = [backend.full(x), backend.graph.integers(sizes), border];
  return backend.emit('Pad', inputs, shape, { mode: 'constant' }, x.dtype);
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
    parts[0].dtype,
  );
}

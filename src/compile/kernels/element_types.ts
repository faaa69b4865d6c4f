import type { DataType, TensorInfo } from '@tensorflow/tfjs';
import { tf } from '../../nn/tensorflow.js';
import { registerTracedKernel, type TraceBackend, type Unary } from '../trace_backend.js';

interface ElementType {
  /** The number by which ONNX knows it. */
  onnx: number;
  /** A number as this type holds it. */
  convert(number: number): number;
}

/** The element types that the graph has. Integers are int64, since ONNX's own operators take and return that. */
const TYPES: Partial<Record<DataType, ElementType>> = {
  float32: { onnx: 1, convert: Math.fround },
  int32: { onnx: 7, convert: Math.trunc },
  bool: { onnx: 9, convert: (number) => (number === 0 ? 0 : 1) },
};

/** Registers casts between element types. */
export function registerElementTypeKernels(): void {
  registerTracedKernel<Unary>(tf.Identity, (backend, { x }) =>
    backend.tensor(backend.broadcastable(x), x.shape, x.dtype),
  );
  registerTracedKernel<Unary, { dtype: DataType }>(tf.Cast, (backend, { x }, { dtype }) =>
    cast(backend, x, dtype),
  );
}

function cast(backend: TraceBackend, x: TensorInfo, dtype: DataType): TensorInfo {
  const value = backend.broadcastable(x);
  if (dtype === x.dtype) return backend.tensor(value, x.shape, dtype);
  const type = TYPES[dtype];
  if (!type) throw new Error(`a compiled function cannot cast to ${dtype}`);
  const constant = backend.graph.scalarConstant(value);
  if (constant !== undefined) return backend.filled(type.convert(constant), x.shape, dtype);
  return backend.emitElementwise('Cast', [x], { to: type.onnx }, dtype);
}

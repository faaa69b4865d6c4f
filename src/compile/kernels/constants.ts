import type { DataType } from '@tensorflow/tfjs';
import { tf } from '../../nn/tensorflow.js';
import { registerTracedKernel, type Unary } from '../trace_backend.js';

interface RangeAttributes {
  start: number;
  stop: number;
  step: number;
  dtype: 'float32' | 'int32';
}

/** Registers the kernels of constants, whose values depend on no input. */
export function registerConstantKernels(): void {
  registerTracedKernel<object, { shape: number[]; value: number; dtype: DataType }>(
    tf.Fill,
    (backend, _, { shape, value, dtype }) => backend.filled(value, shape, dtype),
  );
  registerTracedKernel<Unary>(tf.ZerosLike, (backend, { x }) => backend.filled(0, x.shape, x.dtype));
  registerTracedKernel<Unary>(tf.OnesLike, (backend, { x }) => backend.filled(1, x.shape, x.dtype));
  registerTracedKernel<object, RangeAttributes>(tf.Range, (_, __, { start, stop, step, dtype }) => {
    const length = Math.max(0, Math.ceil((stop - start) / step));
    return tf.tensor1d(
      Array.from({ length }, (_, i) => start + i * step),
      dtype,
    );
  });
}

import type { DataStorage, DataType, TensorInfo } from '@tensorflow/tfjs';
import { type Shape, sizeOf } from '../nn/parameters.js';
import { tf } from '../nn/tensorflow.js';
import { Graph } from './graph.js';

export const TRACE_BACKEND = 'rlpd-trace';

/**
 * A TensorFlow.js backend that computes nothing: its kernels record what they are asked to do in a {@link Graph}.
 *
 * A tensor stands for a value of the graph, whose own shape may be smaller than the tensor's and then broadcasts to it.
 * Gradients of sums and means multiply by arrays of ones of the batch's size; kept as scalars they cost nothing.
 */
export class TraceBackend extends tf.KernelBackend {
  graph = new Graph();
  private readonly data: DataStorage<string> = new tf.DataStorage(this, tf.engine());

  /** The graph value behind a tensor, which broadcasts to the tensor's shape. */
  broadcastable({ dataId }: TensorInfo): string {
    return this.data.get(dataId);
  }

  /** The graph value behind a tensor, with the tensor's own shape. */
  full(tensor: TensorInfo): string {
    const value = this.broadcastable(tensor);
    if (sameShape(this.graph.shapeOf(value), tensor.shape)) return value;
    return this.graph.emit('Expand', [value, this.graph.integers(tensor.shape)], [tensor.shape])[0];
  }

  /** A tensor of `shape` that stands for `value`, which must broadcast to it. */
  tensor(value: string, shape: Shape, dtype: DataType = 'float32'): TensorInfo {
    const dataId = {};
    this.data.set(dataId, value);
    return { dataId, shape: [...shape], dtype };
  }

  /** Records an operator with one output of this shape. */
  emit(
    operator: string,
    inputs: readonly string[],
    shape: Shape,
    attributes = {},
    dtype: DataType = 'float32',
  ) {
    return this.tensor(this.graph.emit(operator, inputs, [shape], attributes)[0], shape, dtype);
  }

  /** The same number everywhere in `shape`. */
  filled(number: number, shape: Shape): TensorInfo {
    return this.tensor(this.graph.floats(Float32Array.of(number), []), shape);
  }

  override write(values: tf.BackendValues, shape: number[], dtype: DataType): object {
    if (dtype !== 'float32') throw new Error(`only float32 constants can be compiled, not ${dtype}`);
    const numbers = values as Float32Array;
    const uniform = numbers.length > 0 && numbers.every((number) => number === numbers[0]);
    const info = uniform
      ? this.filled(numbers[0], shape)
      : this.tensor(this.graph.floats(Float32Array.from(numbers), shape), shape);
    return info.dataId;
  }

  override readSync(): never {
    throw new Error('a compiled function cannot read the values of its tensors');
  }

  override read(): never {
    return this.readSync();
  }

  override numDataIds(): number {
    return this.data.numDataIds();
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  // What is recorded lives as long as the graph: nothing is counted and nothing is freed.
  override refCount(): number {
    return 1;
  }

  override incRef(): void {}

  override disposeData(): boolean {
    return true;
  }

  override dispose(): void {}
}

/** Registers one traced kernel. `record` receives the backend, the inputs and the attributes. */
export function registerTracedKernel<Inputs, Attrs = object>(
  kernelName: string,
  record: (backend: TraceBackend, inputs: Inputs, attributes: Attrs) => TensorInfo | TensorInfo[],
): void {
  tf.registerKernel({
    kernelName,
    backendName: TRACE_BACKEND,
    kernelFunc: ({ inputs, backend, attrs }) =>
      record(backend as TraceBackend, inputs as Inputs, (attrs ?? {}) as Attrs),
  });
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, i) => dimension === b[i]);
}

/** The number of elements in the dimensions `axes` of `shape`. */
export function sizeAlong(shape: Shape, axes: readonly number[]): number {
  return sizeOf(axes.map((axis) => shape[axis]));
}

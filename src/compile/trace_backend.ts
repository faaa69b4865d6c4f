import type { DataStorage, DataType, TensorInfo } from '@tensorflow/tfjs';
import { type Shape, sizeOf } from '../nn/parameters.js';
import { tf } from '../nn/tensorflow.js';
import { type Attributes, Graph } from './graph.js';

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
    const own = this.graph.shapeOf(value);
    if (sameShape(own, tensor.shape)) return value;
    const first = tensor.shape.length - own.length;
    // Dimensions that the value has need no number, so that a policy can be used with other numbers of rows.
    const wanted = tensor.shape.map((size, axis) => (size === own[axis - first] ? 1 : size));
    return this.graph.emit('Expand', [value, this.graph.integers(wanted)], [tensor.shape])[0];
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
    attributes: Attributes = {},
    dtype: DataType = 'float32',
  ) {
    return this.tensor(this.graph.emit(operator, inputs, [shape], attributes)[0], shape, dtype);
  }

  /** Records an operator that computes element by element; the inputs broadcast to each other. */
  emitElementwise(
    operator: string,
    inputs: readonly TensorInfo[],
    attributes: Attributes = {},
    dtype: DataType = inputs[0].dtype,
  ): TensorInfo {
    const values = inputs.map((input) => this.broadcastable(input));
    const smallest = broadcastShape(values.map((value) => this.graph.shapeOf(value)));
    const [result] = this.graph.emit(operator, values, [smallest], attributes);
    return this.tensor(result, broadcastShape(inputs.map(({ shape }) => shape)), dtype);
  }

  /** Records an operator that moves, repeats or leaves out elements of `x`, unless they are all the same. */
  emitMove(
    operator: string,
    x: TensorInfo,
    parameters: readonly string[],
    shape: Shape,
    attributes: Attributes = {},
  ): TensorInfo {
    return this.isUniform(x)
      ? this.tensor(this.broadcastable(x), shape, x.dtype)
      : this.emit(operator, [this.full(x), ...parameters], shape, attributes, x.dtype);
  }

  /** True if a tensor stands for one number, the same everywhere. */
  isUniform(x: TensorInfo): boolean {
    return this.graph.shapeOf(this.broadcastable(x)).length === 0;
  }

  /** A tensor with the same number everywhere in `shape`. */
  filled(number: number, shape: Shape, dtype: DataType = 'float32'): TensorInfo {
    return this.tensor(this.constant([number], [], dtype), shape, dtype);
  }

  override write(values: tf.BackendValues, shape: number[], dtype: DataType): object {
    const numbers = Array.from(values as ArrayLike<number>);
    const uniform = numbers.length > 0 && numbers.every((number) => number === numbers[0]);
    const info = uniform
      ? this.filled(numbers[0], shape, dtype)
      : this.tensor(this.constant(numbers, shape, dtype), shape, dtype);
    return info.dataId;
  }

  private constant(numbers: readonly number[], shape: Shape, dtype: DataType): string {
    switch (dtype) {
      case 'float32':
        return this.graph.floats(Float32Array.from(numbers), shape);
      case 'int32':
        return this.graph.integers(numbers, shape);
      case 'bool':
        return this.graph.booleans(Uint8Array.from(numbers), shape);
      case 'complex64':
      case 'string':
        throw new Error(`constants of type ${dtype} cannot be compiled`);
    }
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

/** The inputs of most kernels: for those that pass them on to operations of TensorFlow.js, tensors. */
export interface Unary<T extends TensorInfo = TensorInfo> {
  x: T;
}

export interface Binary<T extends TensorInfo = TensorInfo> {
  a: T;
  b: T;
}

/**
 * Registers one traced kernel. `record` receives the backend, the inputs and the attributes; it may also compute its
 * result by other operations of TensorFlow.js.
 */
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

/** The shape that all of these broadcast to. */
export function broadcastShape(shapes: readonly Shape[]): number[] {
  return shapes.map((shape) => [...shape]).reduce((a, b) => tf.backend_util.assertAndGetBroadcastShape(a, b));
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, i) => dimension === b[i]);
}

/** The number of elements in the dimensions `axes` of `shape`. */
export function sizeAlong(shape: Shape, axes: readonly number[]): number {
  return sizeOf(axes.map((axis) => shape[axis]));
}

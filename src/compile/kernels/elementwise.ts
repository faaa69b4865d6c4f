import type { TensorInfo } from '@tensorflow/tfjs';
import { tf } from '../../nn/tensorflow.js';
import type { Attributes } from '../graph.js';
import { registerTracedKernel, type TraceBackend } from '../trace_backend.js';

interface Pair {
  a: TensorInfo;
  b: TensorInfo;
}

interface Single {
  x: TensorInfo;
}

interface BinaryRule {
  operator: string;
  /** The operator on two constants. */
  fold(a: number, b: number): number;
  /** A constant that leaves the other operand as it is, on the left or on the right. */
  leftIdentity?: number;
  rightIdentity?: number;
}

const BINARY: Record<string, BinaryRule> = {
  [tf.Add]: { operator: 'Add', fold: (a, b) => a + b, leftIdentity: 0, rightIdentity: 0 },
  [tf.Sub]: { operator: 'Sub', fold: (a, b) => a - b, rightIdentity: 0 },
  [tf.Multiply]: { operator: 'Mul', fold: (a, b) => a * b, leftIdentity: 1, rightIdentity: 1 },
  [tf.RealDiv]: { operator: 'Div', fold: (a, b) => a / b, rightIdentity: 1 },
  [tf.Maximum]: { operator: 'Max', fold: Math.max },
  [tf.Minimum]: { operator: 'Min', fold: Math.min },
};

const UNARY: Record<string, string> = {
  [tf.Relu]: 'Relu',
  [tf.Tanh]: 'Tanh',
  [tf.Exp]: 'Exp',
  [tf.Log]: 'Log',
  [tf.Sqrt]: 'Sqrt',
  [tf.Neg]: 'Neg',
  [tf.Softplus]: 'Softplus',
  [tf.Sigmoid]: 'Sigmoid',
};

export function registerElementwiseKernels(): void {
  for (const [kernel, rule] of Object.entries(BINARY)) {
    registerTracedKernel<Pair>(kernel, (backend, pair) => binary(backend, pair, rule));
  }
  for (const [kernel, operator] of Object.entries(UNARY)) {
    registerTracedKernel<Single>(kernel, (backend, { x }) => unary(backend, x, operator));
  }
  registerTracedKernel<Pair>(tf.Greater, (backend, { a, b }) => {
    const [left, right] = [backend.broadcastable(a), backend.broadcastable(b)];
    const shape = broadcastShape(backend, left, right);
    const [value] = backend.graph.emit('Greater', [left, right], [shape]);
    return backend.tensor(value, tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape), 'bool');
  });
  registerTracedKernel<Single>(tf.Square, (backend, { x }) =>
    binary(backend, { a: x, b: x }, BINARY[tf.Multiply]),
  );
  registerTracedKernel<Single>(tf.Rsqrt, (backend, { x }) =>
    unary(backend, unary(backend, x, 'Sqrt'), 'Reciprocal'),
  );
  // 1 where x is positive and 0 elsewhere, as min(1, max(0, x · huge)): ONNX Runtime's own Sign is ten times slower.
  registerTracedKernel<Single>(tf.Step, (backend, { x }) =>
    unary(backend, x, 'HardSigmoid', { alpha: 3e38, beta: 0 }),
  );
  registerTracedKernel<Single>(tf.Identity, (backend, { x }) =>
    backend.tensor(backend.broadcastable(x), x.shape, x.dtype),
  );
  registerTracedKernel<Single, { dtype: string }>(tf.Cast, (backend, { x }, { dtype }) =>
    cast(backend, x, dtype),
  );
  registerTracedKernel<TensorInfo[]>(tf.AddN, (backend, inputs) => {
    const terms = Object.values(inputs);
    return backend.emit(
      'Sum',
      terms.map((term) => backend.full(term)),
      terms[0].shape,
    );
  });
}

function binary(backend: TraceBackend, { a, b }: Pair, rule: BinaryRule): TensorInfo {
  const { graph } = backend;
  const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const [left, right] = [backend.broadcastable(a), backend.broadcastable(b)];
  const [leftNumber, rightNumber] = [graph.scalarConstant(left), graph.scalarConstant(right)];
  if (leftNumber !== undefined && rightNumber !== undefined) {
    return backend.filled(rule.fold(leftNumber, rightNumber), shape);
  }
  if (leftNumber !== undefined && leftNumber === rule.leftIdentity) return backend.tensor(right, shape);
  if (rightNumber !== undefined && rightNumber === rule.rightIdentity) return backend.tensor(left, shape);
  const [value] = graph.emit(rule.operator, [left, right], [broadcastShape(backend, left, right)]);
  return backend.tensor(value, shape);
}

function unary(
  backend: TraceBackend,
  x: TensorInfo,
  operator: string,
  attributes: Attributes = {},
): TensorInfo {
  const value = backend.broadcastable(x);
  const [result] = backend.graph.emit(operator, [value], [backend.graph.shapeOf(value)], attributes);
  return backend.tensor(result, x.shape);
}

function cast(backend: TraceBackend, x: TensorInfo, dtype: string): TensorInfo {
  const value = backend.broadcastable(x);
  if (dtype === x.dtype) return backend.tensor(value, x.shape, x.dtype);
  if (dtype !== 'float32') throw new Error(`a compiled function can cast to float32 only, not to ${dtype}`);
  const onnxFloat = 1;
  const [result] = backend.graph.emit('Cast', [value], [backend.graph.shapeOf(value)], { to: onnxFloat });
  return backend.tensor(result, x.shape);
}

function broadcastShape(backend: TraceBackend, left: string, right: string): number[] {
  const shapes = [left, right].map((name) => [...backend.graph.shapeOf(name)]);
  return tf.backend_util.assertAndGetBroadcastShape(shapes[0], shapes[1]);
}

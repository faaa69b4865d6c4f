import type { TensorInfo } from '@tensorflow/tfjs';
import { tf } from '../../nn/tensorflow.js';
import type { Attributes } from '../graph.js';
import {
  type Binary,
  broadcastShape,
  registerTracedKernel,
  type TraceBackend,
  type Unary,
} from '../trace_backend.js';

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
  [tf.Pow]: { operator: 'Pow', fold: (a, b) => a ** b, rightIdentity: 1 },
};

const UNARY: Record<string, string> = {
  [tf.Relu]: 'Relu',
  [tf.Elu]: 'Elu',
  [tf.Selu]: 'Selu',
  [tf.Softplus]: 'Softplus',
  [tf.Sigmoid]: 'Sigmoid',
  [tf.Erf]: 'Erf',
  [tf.Exp]: 'Exp',
  [tf.Log]: 'Log',
  [tf.Sqrt]: 'Sqrt',
  [tf.Neg]: 'Neg',
  [tf.Abs]: 'Abs',
  [tf.Reciprocal]: 'Reciprocal',
  [tf.Floor]: 'Floor',
  [tf.Ceil]: 'Ceil',
  [tf.Round]: 'Round',
  [tf.Sin]: 'Sin',
  [tf.Cos]: 'Cos',
  [tf.Tan]: 'Tan',
  [tf.Asin]: 'Asin',
  [tf.Acos]: 'Acos',
  [tf.Atan]: 'Atan',
  [tf.Sinh]: 'Sinh',
  [tf.Cosh]: 'Cosh',
  [tf.Tanh]: 'Tanh',
  [tf.Asinh]: 'Asinh',
  [tf.Acosh]: 'Acosh',
  [tf.Atanh]: 'Atanh',
};

/** Registers arithmetic and functions of each number, or of each pair. */
export function registerElementwiseKernels(): void {
  for (const [kernel, rule] of Object.entries(BINARY)) {
    registerTracedKernel<Binary>(kernel, (backend, pair) => binary(backend, pair, rule));
  }
  for (const [kernel, operator] of Object.entries(UNARY)) {
    registerTracedKernel<Unary>(kernel, (backend, { x }) => unary(backend, x, operator));
  }
  registerTracedKernel<Unary, { alpha: number }>(tf.LeakyRelu, (backend, { x }, { alpha }) =>
    unary(backend, x, 'LeakyRelu', { alpha }),
  );
  registerTracedKernel<Unary>(tf.Square, (backend, { x }) =>
    binary(backend, { a: x, b: x }, BINARY[tf.Multiply]),
  );
  registerTracedKernel<Unary>(tf.Rsqrt, (backend, { x }) =>
    unary(backend, unary(backend, x, 'Sqrt'), 'Reciprocal'),
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

function binary(backend: TraceBackend, { a, b }: Binary, rule: BinaryRule): TensorInfo {
  if (a.dtype === 'bool') throw new Error(`${rule.operator} of bool cannot be compiled; cast it to float32`);
  const { graph } = backend;
  const shape = broadcastShape([a.shape, b.shape]);
  const [left, right] = [backend.broadcastable(a), backend.broadcastable(b)];
  const [leftNumber, rightNumber] = [graph.scalarConstant(left), graph.scalarConstant(right)];
  if (leftNumber !== undefined && rightNumber !== undefined) {
    return backend.filled(rule.fold(leftNumber, rightNumber), shape, a.dtype);
  }
  if (leftNumber !== undefined && leftNumber === rule.leftIdentity)
    return backend.tensor(right, shape, a.dtype);
  if (rightNumber !== undefined && rightNumber === rule.rightIdentity)
    return backend.tensor(left, shape, a.dtype);
  return backend.emitElementwise(rule.operator, [a, b]);
}

function unary(
  backend: TraceBackend,
  x: TensorInfo,
  operator: string,
  attributes: Attributes = {},
): TensorInfo {
  if (x.dtype !== 'float32')
    throw new Error(`${operator} of ${x.dtype} cannot be compiled; cast it to float32`);
  return backend.emitElementwise(operator, [x], attributes);
}

import { tf } from '../../nn/tensorflow.js';
import { type Binary, registerTracedKernel, type Unary } from '../trace_backend.js';

const COMPARISONS: Record<string, string> = {
  [tf.Equal]: 'Equal',
  [tf.Greater]: 'Greater',
  [tf.GreaterEqual]: 'GreaterOrEqual',
  [tf.Less]: 'Less',
  [tf.LessEqual]: 'LessOrEqual',
  [tf.LogicalAnd]: 'And',
  [tf.LogicalOr]: 'Or',
};

/** A factor near float32's limit: any number that is not tiny becomes at least one when multiplied by it. */
const HUGE = 3e38;

/** Registers comparisons, logic and step functions. */
export function registerComparisonKernels(): void {
  for (const [kernel, operator] of Object.entries(COMPARISONS)) {
    registerTracedKernel<Binary>(kernel, (backend, { a, b }) =>
      backend.emitElementwise(operator, [a, b], {}, 'bool'),
    );
  }
  registerTracedKernel<Unary>(tf.LogicalNot, (backend, { x }) => backend.emitElementwise('Not', [x]));
  registerTracedKernel<Binary<tf.Tensor>>(tf.NotEqual, (_, { a, b }) => tf.logicalNot(tf.equal(a, b)));
  // 1 where x is positive and alpha elsewhere. ONNX Runtime's own Sign is ten times slower than min(1, max(0, x · huge)).
  registerTracedKernel<Unary<tf.Tensor>, { alpha: number }>(tf.Step, (backend, { x }, { alpha }) =>
    alpha === 0
      ? backend.emitElementwise('HardSigmoid', [x], { alpha: HUGE, beta: 0 })
      : tf.add(tf.mul(tf.step(x), 1 - alpha), alpha),
  );
  registerTracedKernel<Unary<tf.Tensor>>(tf.Sign, (_, { x }) => tf.clipByValue(tf.mul(x, HUGE), -1, 1));
}

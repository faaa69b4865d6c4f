import type { tf } from '../nn/tensorflow.js';
import type { CallableNetwork, Source, Subset, Value } from './algorithm.js';

/**
 * A step's view of the rest of an algorithm. "Its rows" are all rows of the batch in a step over an ensemble, and in a
 * step over rows one of the equal parts that are computed apart: two halves, or the whole if their number is odd. So a
 * step over rows must not mix rows: a loss is a sum, divided by `batchSize` for a mean.
 */
export interface Scope {
  /**
   * A column, noise or a value on the step's rows, [rows, …]: of a value of the same ensemble, its own member's. A setting,
   * or the logarithm of a dual variable: a scalar. A value of another ensemble is read by `members` or `chosen`.
   */
  read(source: Source): tf.Tensor;
  /** The values that all members of an ensemble have given, on the step's rows, each [rows, …]. */
  members(value: Value): tf.Tensor[];
  /** The values of the members that were drawn, in the order in which they were, on the step's rows. */
  chosen(value: Value, subset: Subset): tf.Tensor[];
  /**
   * The output of a network for these inputs. Only a step over rows can apply a single network, and only a step over an
   * ensemble its own member; others read a value of such a step.
   */
  apply<Inputs extends tf.Tensor[], Output>(
    network: CallableNetwork<Inputs, Output>,
    ...inputs: Inputs
  ): Output;
  /** The same with the moving average of the network's weights. */
  applyAverage<Inputs extends tf.Tensor[], Output>(
    network: CallableNetwork<Inputs, Output>,
    ...inputs: Inputs
  ): Output;
}

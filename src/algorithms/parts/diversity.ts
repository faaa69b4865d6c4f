import { tf } from '../../nn/tensorflow.js';
import { actionGradient } from './losses.js';

/** The length below which a slope is taken for 0, as in the authors' code of EDAC (An et al. 2021). */
const LEAST_LENGTH = 1e-10;

/**
 * ∂Q/∂a, scaled to length 1 in each row, [rows, actionDim], for a critic's values [rows] of actions [rows, actionDim]. It can be
 * differentiated by the critic's weights.
 */
export function unitSlope(actions: tf.Tensor, critic: (actions: tf.Tensor) => tf.Tensor): tf.Tensor {
  const { gradient } = actionGradient(actions, critic);
  // Under the root, since the length of a slope of 0 has no derivative.
  const squares = tf.add(tf.sum(tf.square(gradient), 1, true), LEAST_LENGTH ** 2);
  return tf.div(gradient, tf.sqrt(squares));
}

/**
 * Σᵢ≠ⱼ⟨gᵢ, gⱼ⟩ / (N − 1) of N unit slopes, each [rows, actionDim], [rows]: N where all are the same, 0 where they are at right angles
 * (An et al. 2021, algorithm 1).
 */
export function slopeSimilarity(slopes: readonly tf.Tensor[]): tf.Tensor {
  const ofSum = squaredLength(tf.addN([...slopes]));
  const ofEach = slopes.map(squaredLength).reduce((a, b) => tf.add(a, b));
  return tf.div(tf.sub(ofSum, ofEach), slopes.length - 1);
}

/**
 * One member's part 2⟨g, Σⱼ gⱼ⟩ / (N − 1) of that similarity, [rows], for its own slope and the sum of all others', which is a constant
 * to its gradient: every pair is in the similarity twice. So each member's gradient is that of the whole.
 */
export function shareOfSimilarity(slope: tf.Tensor, others: tf.Tensor, count: number): tf.Tensor {
  return tf.mul(tf.sum(tf.mul(slope, others), 1), 2 / (count - 1));
}

function squaredLength(slope: tf.Tensor): tf.Tensor {
  return tf.sum(tf.square(slope), 1);
}

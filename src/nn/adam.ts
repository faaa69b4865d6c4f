import { tf } from './tensorflow.js';

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** The two scalars of one Adam step that change from step to step. */
export interface AdamScalars {
  stepSize: number;
  epsilon: number;
}

/**
 * Adam (Kingma and Ba 2015) with the moments stored without their (1 − β) factors, m = Σ β₁ᵏg and v = Σ β₂ᵏg², so that
 * each needs one multiplication less per element. Those factors and the bias corrections are the same for every
 * element and go into the step size and ε: with c = √((1 − β₂)/(1 − β₂ᵗ)),
 * lr·m̂/(√v̂ + ε) = [lr·(1 − β₁)/(1 − β₁ᵗ)/c] · m/(√v + ε/c).
 *
 * @param step number of this step, counted from 1
 */
export function adamScalars(learningRate: number, step: number): AdamScalars {
  const correction = Math.sqrt((1 - BETA_2) / (1 - BETA_2 ** step));
  const stepSize = (learningRate * (1 - BETA_1)) / (1 - BETA_1 ** step) / correction;
  return { stepSize, epsilon: EPSILON / correction };
}

/** Parameters and their moments, tensors of one shape. */
export interface AdamState {
  parameters: tf.Tensor;
  firstMoments: tf.Tensor;
  secondMoments: tf.Tensor;
}

/** One Adam step; `stepSize` and `epsilon` are scalars from {@link adamScalars}. */
export function adam(
  { parameters, firstMoments, secondMoments }: AdamState,
  gradient: tf.Tensor,
  stepSize: tf.Tensor,
  epsilon: tf.Tensor,
): AdamState {
  const first = tf.add(tf.mul(firstMoments, BETA_1), gradient);
  const second = tf.add(tf.mul(secondMoments, BETA_2), tf.square(gradient));
  const direction = tf.div(first, tf.add(tf.sqrt(second), epsilon));
  return {
    parameters: tf.sub(parameters, tf.mul(direction, stepSize)),
    firstMoments: first,
    secondMoments: second,
  };
}

/** The moments of a single number. */
export interface ScalarMoments {
  first: number;
  second: number;
}

/** One Adam step of a single number: how much is to be taken from it, and the new moments. */
export function adamScalar(
  { first, second }: ScalarMoments,
  gradient: number,
  { stepSize, epsilon }: AdamScalars,
): ScalarMoments & { change: number } {
  const next = { first: first * BETA_1 + gradient, second: second * BETA_2 + gradient * gradient };
  return { ...next, change: (stepSize * next.first) / (Math.sqrt(next.second) + epsilon) };
}

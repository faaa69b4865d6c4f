import type { NamedTensors } from './parameters.js';
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

export interface AdamState {
  parameters: NamedTensors;
  firstMoments: NamedTensors;
  secondMoments: NamedTensors;
}

/** One Adam step; `stepSize` and `epsilon` are scalars from {@link adamScalars}. */
export function adam(
  { parameters, firstMoments, secondMoments }: AdamState,
  gradients: NamedTensors,
  stepSize: tf.Tensor,
  epsilon: tf.Tensor,
): AdamState {
  const next: AdamState = { parameters: {}, firstMoments: {}, secondMoments: {} };
  for (const [name, gradient] of Object.entries(gradients)) {
    const first = tf.add(tf.mul(firstMoments[name], BETA_1), gradient);
    const second = tf.add(tf.mul(secondMoments[name], BETA_2), tf.square(gradient));
    const direction = tf.div(first, tf.add(tf.sqrt(second), epsilon));
    next.firstMoments[name] = first;
    next.secondMoments[name] = second;
    next.parameters[name] = tf.sub(parameters[name], tf.mul(direction, stepSize));
  }
  return next;
}

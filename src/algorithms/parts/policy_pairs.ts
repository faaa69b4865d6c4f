import { batch, compute } from '../../learner/declare.js';
import type { CallableNetwork, DeclaredNetwork, StepGiving, Value } from '../../learner/step.js';
import type { Normal } from '../../nn/normal.js';
import type { tf } from '../../nn/tensorflow.js';
import { actionGradient, bellmanTarget, lowestSlope } from './losses.js';

/** The network of several policies. */
export type PairedActor = CallableNetwork<[observations: tf.Tensor], Normal[]>;

/** Critics of which two, one after the other, belong to each policy. */
export type PairedCritics = CallableNetwork<[observations: tf.Tensor, actions: tf.Tensor], tf.Tensor>;

/** The handles of a step's results that are numbered: `name0`, `name1`, … */
export function numbered(step: StepGiving<string>, name: string, count: number): Value[] {
  return Array.from({ length: count }, (_, k) => step.values[`${name}${k}`]);
}

/** Results by numbered names. */
export function byNumber(name: string, tensors: readonly tf.Tensor[]): Record<string, tf.Tensor> {
  return Object.fromEntries(tensors.map((tensor, k) => [`${name}${k}`, tensor]));
}

/** The two tensors of each pair, out of those of all critics. */
export function pairsOf<T>(ofCritics: readonly T[]): T[][] {
  return Array.from({ length: ofCritics.length / 2 }, (_, k) => ofCritics.slice(2 * k, 2 * k + 2));
}

/**
 * A step over the batch with the target of each pair: r + γ·mask·min of its two values of the next action, `nextQ` of all critics. Its
 * results are called `name` and numbered.
 */
export function pairTargets(name: string, nextQ: Value) {
  return compute({ name: `${name} of pairs`, over: 'batch' }, ({ read, members }) => {
    const targets = pairsOf(members(nextQ)).map((pair) =>
      bellmanTarget(read(batch.rewards), read(batch.discounts), pair),
    );
    return byNumber(name, targets);
  });
}

/** A step over the critics with their values and slopes at actions: those of `actions` that belong to a critic's pair. */
export function pairSlopes(name: string, critics: PairedCritics, actions: readonly Value[]) {
  const [values, slopes] = [`${name}Q`, `${name}Slope`];
  const step = compute({ name: `${name} slopes`, over: critics }, ({ read, own, apply }) => {
    const { value, gradient } = actionGradient(own(actions), (candidate) =>
      apply(critics, read(batch.observations), candidate),
    );
    return { [values]: value, [slopes]: gradient };
  });
  return { step, q: step.values[values], slope: step.values[slopes] };
}

/** ∂Q/∂a [rows, actionDim] of each pair's lower critic. */
export function lowerSlopes(values: readonly tf.Tensor[], slopes: readonly tf.Tensor[]): tf.Tensor[] {
  const ofPairs = pairsOf(slopes);
  return pairsOf(values).map((pair, k) => lowestSlope(pair, ofPairs[k]));
}

/** The number of pairs of an ensemble of critics. */
export function pairCount({ members }: Pick<DeclaredNetwork, 'members'>): number {
  return members / 2;
}

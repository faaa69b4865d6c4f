import { batch, compute, train } from '../../learner/declare.js';
import type { CallableNetwork, Optimiser, Value } from '../../learner/step.js';
import type { tf } from '../../nn/tensorflow.js';
import { bellmanTarget, betweenExtremes, criticLoss } from './losses.js';

/**
 * The steps of critics that are pulled to the best of several next actions [rows, n, actionDim], by the targets' values between their
 * extremes (Fujimoto et al. 2019, arXiv 1812.02900, equation 13; Kumar et al. 2019, arXiv 1906.00949, algorithm 1).
 */
export function candidateCritics(
  critics: CallableNetwork<[observations: tf.Tensor, actions: tf.Tensor], tf.Tensor>,
  optimiser: Optimiser,
  nextPolicyActions: Value,
  lowestWeight: number,
) {
  const targetStep = compute({ name: 'next values', over: critics }, ({ read, applyAverage }) => ({
    nextQ: applyAverage(critics, read(batch.nextObservations), read(nextPolicyActions)),
  }));
  const criticStep = train({ name: 'critic', network: critics, optimiser }, ({ read, members, apply }) => {
    const nextQ = betweenExtremes(members(targetStep.values.nextQ), lowestWeight);
    const targetQ = bellmanTarget(read(batch.rewards), read(batch.discounts), [nextQ]);
    const criticQ = apply(critics, read(batch.observations), read(batch.actions));
    return { loss: criticLoss(criticQ, targetQ, 1), criticQ, targetQ };
  });
  return { targetStep, criticStep };
}

import type { PolicyDeclaration, PolicyScope } from '../../learner/algorithm.js';
import type { CallableNetwork, DeclaredNetwork } from '../../learner/step.js';
import { tf } from '../../nn/tensorflow.js';
import { RandomStream } from '../../rng.js';

/** The seed of the numbers that candidates are made of: they are part of the policy, the same in all runs. */
const SEED = 20_181_207;

/** The parts of a policy that makes several actions for each observation and does the best. */
export interface CandidatePolicy {
  /** The networks that make the candidates. */
  makers: readonly DeclaredNetwork[];
  /** The critics, of which the first one chooses. */
  critics: CallableNetwork<[observations: tf.Tensor, actions: tf.Tensor], tf.Tensor>;
  /** Candidates for each observation. */
  count: number;
  /** Normal numbers that each candidate is made of. */
  width: number;
  /** Candidates [n, count, actionDim] in [−1, 1] for observations [n, observationDim], by standard normal numbers [n, count, width]. */
  candidates(scope: PolicyScope, observations: tf.Tensor, noise: tf.Tensor): tf.Tensor;
  shown: PolicyDeclaration['shown'];
}

/**
 * A policy made of several networks: some make candidates, and the first critic chooses among them (Fujimoto et al. 2019, algorithm 1;
 * Kumar et al. 2019, algorithm 1). The authors draw the candidates' noise anew for each action. Here it was drawn once and for all, so that
 * acting, evaluation and the exported policy all do the same, and no program needs random numbers.
 */
export function bestCandidatePolicy(o: CandidatePolicy): PolicyDeclaration {
  const best = (scope: PolicyScope, observations: tf.Tensor) => {
    const noise = forEachRow(observations, fixedNoise(o.count, o.width));
    const actions = o.candidates(scope, observations, noise);
    return bestOf(actions, scope.apply(o.critics, observations, actions));
  };
  return {
    networks: [...o.makers, o.critics],
    averaged: false,
    distribution: 'deterministic',
    act: best,
    describe: (scope, observations) => ({ action: best(scope, observations) }),
    shown: o.shown,
  };
}

/** The action [rows, actionDim] of each row's [rows, n, actionDim] that has the highest value, [rows, n]; the first of equal ones. */
export function bestOf(actions: tf.Tensor, values: tf.Tensor): tf.Tensor {
  const count = values.shape[1]!;
  // No constant may have as many rows: see `PolicyDeclaration.describe`.
  const best = tf.reshape(tf.argMax(values, 1), [-1, 1]);
  const isBest = tf.cast(tf.equal(best, tf.range(0, count, 1, 'int32')), 'float32');
  return tf.sum(tf.mul(tf.reshape(isBest, [-1, count, 1]), actions), 1);
}

/** The same numbers [count, width] in each row, [rows, count, width], for any number of rows. */
function forEachRow(observations: tf.Tensor, numbers: tf.Tensor): tf.Tensor {
  const zeros = tf.mul(tf.sum(observations, 1), 0);
  return tf.add(tf.reshape(zeros, [-1, 1, 1]), numbers);
}

function fixedNoise(count: number, width: number): tf.Tensor {
  const numbers = new Float32Array(count * width);
  new RandomStream(SEED).fillNormal(numbers);
  return tf.tensor2d(numbers, [count, width]);
}

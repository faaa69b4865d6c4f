import type { Sizes } from '../../learner/algorithm.js';
import { batch, compute, normal, uniform } from '../../learner/declare.js';
import type { CallableNetwork, Scope } from '../../learner/step.js';
import type { Normal } from '../../nn/normal.js';
import { tf } from '../../nn/tensorflow.js';
import { uniformLogDensity } from './conservative_penalty.js';
import { samplesOf } from './squashed_samples.js';

/** The actions which a conservative critic is to value low, [rows, 3·count, actionDim], with log μ of each [rows, 3·count]. */
interface Candidates {
  actions: tf.Tensor;
  logDensities: tf.Tensor;
}

/** The random numbers of candidates, each [rows, count × actionDim]: uniform from −1 to 1, and standard normal. */
export interface CandidateDraws {
  spread: tf.Tensor;
  noise: tf.Tensor;
  nextNoise: tf.Tensor;
}

/**
 * The candidates of a policy, as it is in the rows' observations and in their next ones: `count` that are uniform, `count` of the policy, and
 * `count` of the policy at the next observation, which are valued at this one, too (Kumar et al. 2020, appendix F), in this order.
 */
export function candidatesOf(own: Normal, next: Normal, draws: CandidateDraws, count: number): Candidates {
  const [rows, actionDim] = own.mean.shape as [number, number];
  const uniformActions = tf.reshape(draws.spread, [-1, count, actionDim]);
  const uniformDensities = tf.fill([rows, count], uniformLogDensity(actionDim));
  const ofOwn = samplesOf(own, draws.noise, count);
  const ofNext = samplesOf(next, draws.nextNoise, count);
  return {
    actions: tf.concat([uniformActions, ofOwn.actions, ofNext.actions], 1),
    logDensities: tf.concat([uniformDensities, ofOwn.logProbability(), ofNext.logProbability()], 1),
  };
}

/** The next observations of a step's rows; where nothing follows, since the task terminated, what is recorded may be of another episode: there it is this one. */
export function nextWhereGoingOn({ read }: Pick<Scope, 'read'>): tf.Tensor {
  const goesOn = tf.greater(tf.expandDims(read(batch.discounts), 1), 0);
  return tf.where(goesOn, read(batch.nextObservations), read(batch.observations));
}

/** The noises that candidates of `width` numbers each are drawn by. */
export function candidateNoises(width: number) {
  return {
    spread: uniform('candidateSpread', width, 'candidate-actions'),
    noise: normal('candidateNoise', width, 'candidate-actions'),
    nextNoise: normal('nextCandidateNoise', width, 'candidate-actions'),
  };
}

/** A step that draws the candidates of a policy, the same for all critics: `candidateActions` and `candidateLogDensities`. */
export function candidateStep(
  actor: CallableNetwork<[observations: tf.Tensor], Normal>,
  count: number,
  { actionDim }: Pick<Sizes, 'actionDim'>,
) {
  const { spread, noise, nextNoise } = candidateNoises(count * actionDim);
  return compute({ name: 'candidate actions', over: 'rows' }, (scope) => {
    const { read, apply } = scope;
    const { actions, logDensities } = candidatesOf(
      apply(actor, read(batch.observations)),
      apply(actor, nextWhereGoingOn(scope)),
      { spread: read(spread), noise: read(noise), nextNoise: read(nextNoise) },
      count,
    );
    return { candidateActions: actions, candidateLogDensities: logDensities };
  });
}

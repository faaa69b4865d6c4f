import type { Sizes } from '../../learner/algorithm.js';
import { batch, compute, normal, uniform } from '../../learner/declare.js';
import type { CallableNetwork } from '../../learner/step.js';
import type { Normal } from '../../nn/normal.js';
import { tf } from '../../nn/tensorflow.js';
import { uniformLogDensity } from './conservative_penalty.js';
import { samplesOf } from './squashed_samples.js';

/**
 * A step that draws the actions which a conservative critic is to value low: `count` that are uniform, `count` of the policy, and
 * `count` of the policy at the next observation, which are valued at this one, too (Kumar et al. 2020, appendix F). All critics
 * get the same: `candidateActions` [rows, 3·count, actionDim], in this order, with `candidateLogDensities` [rows, 3·count].
 */
export function candidateStep(
  actor: CallableNetwork<[observations: tf.Tensor], Normal>,
  count: number,
  { actionDim }: Pick<Sizes, 'actionDim'>,
) {
  const width = count * actionDim;
  const spread = uniform('candidateSpread', width, 'candidate-actions');
  const noise = normal('candidateNoise', width, 'candidate-actions');
  const nextNoise = normal('nextCandidateNoise', width, 'candidate-actions');

  return compute({ name: 'candidate actions', over: 'rows' }, ({ read, apply }) => {
    const observations = read(batch.observations);
    // Nothing follows where the task terminated: what is recorded there may be of another episode.
    const goesOn = tf.greater(tf.expandDims(read(batch.discounts), 1), 0);
    const nextObservations = tf.where(goesOn, read(batch.nextObservations), observations);
    const uniformActions = tf.reshape(read(spread), [-1, count, actionDim]);
    const own = samplesOf(apply(actor, observations), read(noise), count);
    const next = samplesOf(apply(actor, nextObservations), read(nextNoise), count);
    const [rows] = observations.shape;
    const uniformDensities = tf.fill([rows, count], uniformLogDensity(actionDim));
    return {
      candidateActions: tf.concat([uniformActions, own.actions, next.actions], 1),
      candidateLogDensities: tf.concat([uniformDensities, own.logProbability(), next.logProbability()], 1),
    };
  });
}

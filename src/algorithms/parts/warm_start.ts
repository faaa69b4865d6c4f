import type { Declaration, Sizes } from '../../learner/algorithm.js';
import { batch, schedule } from '../../learner/declare.js';
import { changeStep } from '../../learner/extend.js';
import { squashedLogDensity } from '../../nn/tanh_normal.js';
import { tf } from '../../nn/tensorflow.js';
import type { softActorCritic } from './soft_actor_critic.js';

/**
 * A soft actor-critic whose actor clones the data in its first `steps` steps, down mean(α·log π − log π(a|s)), while the critics
 * learn as ever (Kumar et al. 2020, in the authors' code).
 */
export function cloneFirst(
  declaration: Declaration,
  {
    actor,
    actorStep,
    temperature,
  }: Pick<ReturnType<typeof softActorCritic>, 'actor' | 'actorStep' | 'temperature'>,
  steps: number,
  { batchSize }: Pick<Sizes, 'batchSize'>,
): Declaration {
  if (steps === 0) return declaration;
  const clones = schedule('clones', actorStep.trains!.optimiser, (made) => (made < steps ? 1 : 0));
  return changeStep(declaration, 'actor', ({ read, apply }, { loss, values }) => {
    const logDensity = squashedLogDensity(apply(actor, read(batch.observations)), read(batch.actions));
    const entropyTerm = tf.mul(tf.exp(read(temperature)), tf.sum(values['logProbability']));
    const cloning = tf.div(tf.sub(entropyTerm, tf.sum(logDensity)), batchSize);
    return { loss: tf.where(tf.greater(read(clones), 0), cloning, loss!) };
  });
}

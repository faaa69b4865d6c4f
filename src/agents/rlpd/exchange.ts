import type { RlpdOptions } from './options.js';
import { policyParts } from './shapes.js';

/** Updates that are handed to the threads at a time. */
export const CHUNK = 16;

/** What the entries of `criticMetrics` mean: of one critic; the gradient's norm is squared. */
export const CRITIC_METRICS = ['critic_loss', 'q', 'q_min', 'q_max', 'critic_grad_norm'] as const;

/** What the entries of `actorMetrics` mean; the last one counts only with a behaviour-cloning term. */
export const ACTOR_METRICS = [
  'q_std',
  'actor_loss',
  'entropy',
  'temperature',
  'temperature_loss',
  'actor_grad_norm',
  'bc_loss',
] as const;

/**
 * The sizes of the arrays through which the threads that train one learner exchange numbers: those for a whole chunk,
 * most of which the main thread writes before it, and those that hold what concerns the current update.
 */
export function exchangeSizes(options: RlpdOptions): Record<string, number> {
  const { batchSize, observationDim, actionDim, numQs, numMinQs } = options;
  const [observations, actions] = [batchSize * observationDim, batchSize * actionDim];
  const perUpdate = {
    observations,
    actions,
    rewards: batchSize,
    discounts: batchSize,
    nextObservations: observations,
    nextNoise: actions,
    nextActions: actions,
    nextLogProbability: batchSize,
    noise: actions,
    /** Which target critics the minimum is taken over. */
    chosen: numMinQs,
    /** 1 where the actor is to be stepped, too. */
    stepsActor: 1,
    criticStepSize: 1,
    criticEpsilon: 1,
    actorStepSize: 1,
    actorEpsilon: 1,
    temperatureStepSize: 1,
    temperatureEpsilon: 1,
    targetMetrics: 1,
    criticMetrics: numQs * CRITIC_METRICS.length,
    actorMetrics: ACTOR_METRICS.length,
  };
  const perChunk = Object.entries(perUpdate).map(([name, size]) => [name, CHUNK * size] as const);
  return {
    ...Object.fromEntries(perChunk),
    bcWeight: 1,
    /** Of each row: 1 / the number of demonstration rows, or 0 in others. */
    imitationWeights: batchSize,
    policyActions: actions,
    logProbability: batchSize,
    imitationLosses: batchSize,
    /** Of two updates: one thread may write those of the next while another still reads those of the last. */
    nextQ: 2 * numQs * batchSize,
    criticQ: numQs * batchSize,
    targetQ: numQs * batchSize,
    policyQ: numQs * batchSize,
    actionGradient: numQs * actions,
    criticSquaredNorm: numQs,
    actorSquaredNorm: policyParts(options),
  };
}

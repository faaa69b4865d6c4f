import { latentDimOf } from '../../learner/action_vae.js';
import type { Sizes } from '../../learner/algorithm.js';
import { adam, batch, compute, dual, normal, schedule, steer, train } from '../../learner/declare.js';
import { mean, metric, type UpdateRecord } from '../../learner/metrics.js';
import type { CallableNetwork, Scope } from '../../learner/step.js';
import { type Normal, normalSample, perSample } from '../../nn/normal.js';
import { tf } from '../../nn/tensorflow.js';
import { clippedLatents, type VaeNetwork } from './action_vae_step.js';
import { type Kernel, maximumMeanDiscrepancy } from './discrepancy.js';
import { linearisedValue } from './losses.js';

/** Choices of a policy that is held near the data's actions. */
export interface Matching {
  /** m: samples of the policy, and of the data's actions, that are compared in an observation. */
  matchSamples: number;
  kernel: Kernel;
  /** σ of the kernel. */
  kernelWidth: number;
  /** ε: the discrepancy that the policy is held at. */
  matchThreshold: number;
  /** First steps of the actor, in which it does nothing but come near the data. */
  warmupSteps: number;
  actorLearningRate: number;
  penaltyLearningRate: number;
}

/** Limits of log α, as in the authors' code of BEAR. */
const LOG_PENALTY_LIMITS = [-5, 10] as const;

/**
 * A squashed policy that climbs critics while the discrepancy between its samples and the data's actions, both before tanh, is held at a
 * threshold by a weight α that is learnt (Kumar et al. 2019, arXiv 1906.00949, algorithm 1).
 */
export function supportMatching(
  o: Matching,
  actor: CallableNetwork<[observations: tf.Tensor], Normal>,
  vae: VaeNetwork,
  { actionDim, batchSize }: Sizes,
) {
  const { matchSamples } = o;
  const latentDim = latentDimOf({ actionDim });
  const noise = normal('noise', matchSamples * actionDim);
  const latents = normal('latents', matchSamples * latentDim);
  const penalty = dual('logPenalty', 1);
  const actorAdam = adam('actor', o.actorLearningRate);
  const climbs = schedule('climbs', actorAdam, (made) => (made < o.warmupSteps ? 0 : 1));

  const samples = ({ read, apply }: Scope) =>
    normalSample(
      perSample(apply(actor, read(batch.observations))),
      tf.reshape(read(noise), [-1, matchSamples, actionDim]),
    );

  /** `policyActions` and, before tanh, `likelyActions` of the data: both [rows, m, actionDim]. */
  const sampleStep = compute({ name: 'policy actions', over: 'rows' }, (scope) => {
    const { read, apply } = scope;
    const drawn = clippedLatents(tf.reshape(read(latents), [-1, matchSamples, latentDim]));
    return {
      policyActions: tf.tanh(samples(scope)),
      likelyActions: apply(vae).decode(read(batch.observations), drawn),
    };
  });

  /** The actor's step, by the slope [rows, m · actionDim] of what it climbs, a number of each row's samples. */
  const actorStepBy = (slopeOf: (scope: Scope) => tf.Tensor) =>
    train({ name: 'actor', network: actor, optimiser: actorAdam }, (scope) => {
      const { read } = scope;
      const own = samples(scope);
      const likely = read(sampleStep.values.likelyActions);
      const discrepancy = maximumMeanDiscrepancy(own, likely, o.kernel, o.kernelWidth);
      const gains = linearisedValue(slopeOf(scope), tf.reshape(tf.tanh(own), [-1, matchSamples * actionDim]));
      const weight = tf.exp(tf.clipByValue(read(penalty), ...LOG_PENALTY_LIMITS));
      const losses = tf.sub(tf.mul(weight, discrepancy), tf.mul(read(climbs), gains));
      return { loss: tf.div(tf.sum(losses), batchSize), discrepancy };
    });

  type ActorStep = ReturnType<typeof actorStepBy>;
  const discrepancyIn = (step: ActorStep) => (record: UpdateRecord) =>
    mean(record.rows(step.values.discrepancy));

  /** α rises while the discrepancy is above ε. */
  const penaltyStepAfter = (step: ActorStep) =>
    steer({ name: 'penalty', dual: penalty, optimiser: adam('penalty', o.penaltyLearningRate) }, (record) => {
      const [least, most] = LOG_PENALTY_LIMITS.map(Math.exp);
      const now = record.dual(penalty);
      const held = Math.min(Math.max(now, least), most);
      const slope = -held * (discrepancyIn(step)(record) - o.matchThreshold);
      if (now > most) return Math.max(slope, 0);
      return now < least ? Math.min(slope, 0) : slope;
    });

  const metricsOf = (step: ActorStep) => [
    metric('discrepancy', step, discrepancyIn(step)),
    metric('penalty_weight', step, (record) => record.dual(penalty)),
    metric('actor_grad_norm', step, (record) => Math.sqrt(record.squaredNorm(actorAdam, 0))),
  ];
  return { penalty, sampleStep, actorStepBy, penaltyStepAfter, metricsOf };
}

import { z } from 'zod';
import type { Algorithm, Declaration, Sizes } from '../learner/algorithm.js';
import { adam, batch, dual, steer } from '../learner/declare.js';
import { changeStep, extendPhase, withDefaults } from '../learner/extend.js';
import { mean, memberMetric, metric, type UpdateRecord } from '../learner/metrics.js';
import type { Scope, Step, Value } from '../learner/step.js';
import type { NamedTensors } from '../nn/parameters.js';
import { tf } from '../nn/tensorflow.js';
import { candidateStep } from './parts/candidate_actions.js';
import { type CandidateValues, conservativeGaps } from './parts/conservative_penalty.js';
import { count, rate, softActorCriticOptions, weight } from './parts/options.js';
import { softActorCritic } from './parts/soft_actor_critic.js';
import { cloneFirst } from './parts/warm_start.js';
import { sacChoices } from './sac.js';

/** The options that all algorithms with a conservative penalty have. */
export const conservativeOptions = {
  conservativeWeight: weight()
    .default(5)
    .describe(
      'w: how strongly values of other actions are pushed below those of actions in the data; 0: SAC',
    ),
  conservativeTemperature: z
    .number()
    .min(1e-3)
    .max(1e3)
    .default(1)
    .describe('T: how soft the maximum over those actions is'),
  numCandidates: count()
    .max(1000)
    .default(10)
    .describe('other actions of each kind: uniform, of the policy, of the policy at the next observation'),
};

const options = z.strictObject({
  ...softActorCriticOptions,
  ...conservativeOptions,
  maxBackup: z
    .boolean()
    .default(false)
    .describe('the best of num_candidates next actions counts in the target, not a single one'),
  lagrangeThreshold: weight()
    .nullable()
    .default(null)
    .describe(
      'gap between those values that a learnt factor of w holds them at; null: there is no such factor',
    ),
  lagrangeLearningRate: rate().default(3e-4).describe('learning rate of that factor'),
  bcSteps: z
    .int()
    .nonnegative()
    .default(0)
    .describe("first steps of the actor, in which it clones the data's actions while the critics learn"),
});

export type CqlOptions = z.output<typeof options>;

/** Conservative Q-learning: SAC whose critics value actions that are not in the data low. */
export const cql: Algorithm<CqlOptions> = {
  name: 'cql',
  paper: 'Kumar et al. 2020, arXiv 2006.04779',
  options: withDefaults(options, {
    actorFeatures: [256, 256, 256],
    criticFeatures: [256, 256, 256],
    backupEntropy: false,
    actorLearningRate: 1e-4,
    temperatureLearningRate: 1e-4,
  }),
  declare: (o, sizes) => conservative(o, sizes, gapsOfRows(o)).declaration,
};

/** The most that w is multiplied by, as in the authors' code. */
const MOST = 1e6;

/**
 * SAC with a conservative penalty: its declaration, and the step of its critics. The penalty is the mean of the gaps [rows] that
 * `gapsOf` gives for a critic's values of the candidates [rows, 3 × numCandidates] and of the batch's actions [rows], with further
 * values [rows, …] of that step.
 */
export function conservative(
  o: CqlOptions,
  sizes: Sizes,
  gapsOf: (
    scope: Scope,
    candidates: CandidateValues,
    criticQ: tf.Tensor,
  ) => { gap: tf.Tensor } & NamedTensors,
): { declaration: Declaration; criticStep: Step } {
  const choices = { ...sacChoices(o, sizes), nextSamples: o.maxBackup ? o.numCandidates : 1 };
  const base = softActorCritic(choices, sizes);
  const criticStep: Step = base.criticStep;
  const drawing = candidateStep(base.actor, o.numCandidates, sizes);
  const { candidateActions, candidateLogDensities } = drawing.values;
  const { gap } = criticStep.values;
  const lagrange = o.lagrangeThreshold === null ? null : lagrangeFactor(o, criticStep, gap);

  // Equation 4, by the importance sampling of appendix F.
  const penalised = changeStep(base.declaration, criticStep.name, (scope, { loss, values }) => {
    const { read, apply } = scope;
    const candidateQ = apply(base.critics, read(batch.observations), read(candidateActions));
    const candidates = { values: candidateQ, logDensities: read(candidateLogDensities) };
    const gaps = gapsOf(scope, candidates, values['criticQ']);
    const penalty = tf.mul(tf.mean(gaps.gap), o.conservativeWeight);
    const held = lagrange ? tf.mul(penalty, tf.minimum(tf.exp(read(lagrange.factor)), MOST)) : penalty;
    return { loss: tf.add(loss!, held), values: gaps };
  });
  const started = cloneFirst(penalised, base, o.bcSteps, sizes);

  const gapMetric = memberMetric('conservative_gap', criticStep, 'mean', (record, k) =>
    mean(record.member(gap, k)),
  );
  const extended = extendPhase(started, 'online', {
    before: [drawing],
    after: lagrange ? [lagrange.step] : [],
    metrics: [gapMetric, ...(lagrange ? [lagrange.metric] : [])],
  });
  const duals = [...(started.duals ?? []), ...(lagrange ? [lagrange.factor] : [])];
  return { declaration: { ...extended, duals }, criticStep };
}

/** The gaps of CQL(H), in all rows alike. */
function gapsOfRows({ conservativeTemperature: temperature }: Pick<CqlOptions, 'conservativeTemperature'>) {
  return (_: Scope, candidates: CandidateValues, criticQ: tf.Tensor) => ({
    gap: conservativeGaps(candidates, criticQ, temperature),
  });
}

/**
 * A factor of w that rises while the mean gap is above the threshold and falls while it is below (appendix F). The threshold is
 * one of the gap itself, as in the code of Cal-QL, not of w times the gap.
 */
function lagrangeFactor(o: CqlOptions, criticStep: Step, gap: Value) {
  const factor = dual('logLagrange', 1);
  const optimiser = adam('lagrange', o.lagrangeLearningRate);
  const gradient = (record: UpdateRecord) => {
    const excess = mean(record.rows(gap)) - o.lagrangeThreshold!;
    const now = record.dual(factor);
    const slope = -now * o.conservativeWeight * excess;
    return now < MOST ? slope : Math.max(slope, 0);
  };
  return {
    factor,
    step: steer({ name: 'lagrange', dual: factor, optimiser }, gradient),
    metric: metric('lagrange_factor', criticStep, (record) => record.dual(factor)),
  };
}

import { z } from 'zod';
import type { Algorithm, Declaration, Sizes } from '../learner/algorithm.js';
import { batch, compute } from '../learner/declare.js';
import { changeStep, extendPhase, withDefaults } from '../learner/extend.js';
import { mean, metric } from '../learner/metrics.js';
import type { Scope } from '../learner/step.js';
import { tf } from '../nn/tensorflow.js';
import { shareOfSimilarity, slopeSimilarity, unitSlope } from './parts/diversity.js';
import { members, softActorCriticOptions, weight } from './parts/options.js';
import { softActorCritic } from './parts/soft_actor_critic.js';
import { sacChoices } from './sac.js';

const options = z.strictObject({
  ...softActorCriticOptions,
  numQs: members().min(2).default(10).describe('critics in the ensemble, of which the lowest counts'),
  diversityWeight: weight()
    .default(1)
    .describe("η: how strongly the critics' slopes at the data's actions are turned apart; 0: SAC-N"),
});

export type EdacOptions = z.output<typeof options>;

/**
 * Ensemble-diversified actor-critic: SAC-N whose critics' slopes by the action are turned away from each other, so that fewer of them
 * are enough to be pessimistic about actions that the data lack. Fresh weights and the order of the steps are those of SAC here; the
 * authors' code begins with last layers near 0, and moves the actor before the critics.
 */
export const edac: Algorithm<EdacOptions> = {
  name: 'edac',
  paper: 'An et al. 2021, arXiv 2110.01548',
  options: withDefaults(options, { actorFeatures: [256, 256, 256], criticFeatures: [256, 256, 256] }),
  declare,
};

function declare(o: EdacOptions, sizes: Sizes): Declaration {
  const { critics, criticStep, declaration } = softActorCritic(sacChoices(o, sizes), sizes);
  const ownSlope = ({ read, apply }: Scope) =>
    unitSlope(read(batch.actions), (actions) => apply(critics, read(batch.observations), actions));

  const slopeStep = compute({ name: 'slopes', over: critics }, (scope) => ({ slope: ownSlope(scope) }));
  const { slope } = slopeStep.values;

  const sumStep = compute({ name: 'sum of slopes', over: 'batch' }, ({ members: all }) => {
    const slopes = all(slope);
    return { slopeSum: tf.addN(slopes), similarity: slopeSimilarity(slopes) };
  });
  const { slopeSum, similarity } = sumStep.values;

  // The critics of algorithm 1: its sum over all pairs, seen by one member.
  const diversified = changeStep(declaration, criticStep.name, (scope, { loss }) => {
    const others = tf.sub(scope.read(slopeSum), scope.read(slope));
    const shares = shareOfSimilarity(ownSlope(scope), others, o.numQs);
    return { loss: tf.add(loss!, tf.mul(tf.mean(shares), o.diversityWeight)) };
  });

  const cosine = metric(
    'slope_similarity',
    sumStep,
    (record) => mean(record.rows(similarity)) / critics.members,
  );
  return extendPhase(diversified, 'online', { before: [slopeStep, sumStep], metrics: [cosine] });
}

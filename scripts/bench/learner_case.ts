import { rlpd } from '../../src/algorithms/rlpd.js';
import type { OptionalColumn } from '../../src/buffers/columns.js';
import { allocateBatches, type TransitionBatches } from '../../src/buffers/transitions.js';
import type { Agent } from '../../src/learner/agent.js';
import { createLearner as createLearnerOf } from '../../src/learner/learner.js';
import { RandomStream } from '../../src/rng.js';

/** ManiSkill's PickCube-v1 with the networks of both reference configurations. */
export const SIZES = { batchSize: 256, observationDim: 42, actionDim: 8, width: 256 };
export const NUM_MIN_QS = 2;
/** Updates of a training step in both reference configurations. */
export const UPDATES_PER_CALL = 16;

/** Options on which a learner's time depends most. */
export interface LearnerCase {
  numQs: number;
  actorUpdateFreq: number;
}

/** A learner of this size. `threads` null: as in training. */
export function createLearner(
  { numQs, actorUpdateFreq }: LearnerCase,
  threads: number | null,
): Promise<Agent> {
  const { width, ...sizes } = SIZES;
  const features = [width, width, width];
  const options = {
    actorFeatures: features,
    criticFeatures: features,
    numQs,
    numMinQs: NUM_MIN_QS,
    actorUpdateFreq,
  };
  return createLearnerOf(rlpd, options, sizes, { seed: 0, threads });
}

type BatchSizes = Pick<typeof SIZES, 'batchSize' | 'observationDim' | 'actionDim'>;

/** Batches for this many updates: rows in the range of real ones, half of them demonstrations. */
export function randomBatches(
  updates: number,
  seed = 1,
  { batchSize, observationDim, actionDim }: BatchSizes = SIZES,
  optional: readonly OptionalColumn[] = ['intendedActions'],
): TransitionBatches {
  const batches = allocateBatches(updates, batchSize, batchSize / 2, observationDim, actionDim, optional);
  const stream = new RandomStream(seed);
  stream.fillNormal(batches.observations);
  stream.fillUniform(batches.actions, -1, 1);
  stream.fillUniform(batches.rewards, 0, 1);
  stream.fillNormal(batches.nextObservations);
  batches.discounts.fill(0.9);
  for (const name of optional) {
    if (name === 'intendedActions') batches.intendedActions!.set(batches.actions);
    else stream.fillUniform(batches[name]!, -1, 1);
  }
  return batches;
}

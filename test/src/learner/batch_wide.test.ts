import { expect, it } from 'vitest';
import { batchWide } from '../../../src/algorithms/parts/losses.js';
import { batch, compute } from '../../../src/learner/declare.js';
import { createLearner } from '../../../src/learner/learner.js';
import { highest, lowest, mean, metric } from '../../../src/learner/metrics.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { dispose, randomBatches } from './support.js';
import { algorithmOf, declarationOf, TINY, tinyParts } from './tiny_algorithm.js';

/** An algorithm whose step over rows reads the mean reward of the whole batch. */
const centring = algorithmOf((sizes) => {
  const parts = tinyParts(sizes);
  const whole = compute({ name: 'whole', over: 'batch' }, ({ read }) => ({
    meanReward: batchWide(tf.mean(read(batch.rewards)), sizes.batchSize),
  }));
  const rows = compute({ name: 'rows', over: 'rows' }, ({ read }) => {
    const meanReward = read(whole.values.meanReward);
    return { known: meanReward, centred: tf.sub(read(batch.rewards), meanReward) };
  });
  const { known, centred } = rows.values;
  const metrics = [
    metric('lowest', rows, (record) => lowest(record.rows(known))),
    metric('highest', rows, (record) => highest(record.rows(known))),
    metric('centre', rows, (record) => mean(record.rows(centred))),
  ];
  return declarationOf(parts, [], { phases: { online: { steps: [parts.fit, whole, rows], metrics } } });
});

it.each([1, 2])(
  'a number about the whole batch is the same in all of its parts, on %i threads',
  async (threads) => {
    const learner = await createLearner(centring, {}, TINY, { seed: 1, threads });
    const batches = randomBatches(1, 1, TINY);
    const metrics = await learner.update(batches);
    expect(metrics['lowest']).toBeCloseTo(mean(batches.rewards), 6);
    expect(metrics['highest']).toBe(metrics['lowest']);
    expect(metrics['centre']).toBeCloseTo(0, 6);
    await dispose(learner);
  },
);

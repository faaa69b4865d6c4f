import { expect, it } from 'vitest';
import type { Algorithm } from '../../../src/learner/algorithm.js';
import { adam, batch, compute, train } from '../../../src/learner/declare.js';
import { createLearner } from '../../../src/learner/learner.js';
import { mean, metric, sum } from '../../../src/learner/metrics.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { dispose, randomBatches } from './support.js';
import { algorithmOf, declarationOf, squaredError, TINY, tinyParts } from './tiny_algorithm.js';

/** An algorithm whose step over the batch reads rows and members, and is read by rows, members and another such step. */
const whole: Algorithm<object> = algorithmOf((sizes) => {
  const parts = tinyParts(sizes);
  const { fit, crowd } = parts;
  const doubled = compute({ name: 'doubled', over: 'rows' }, ({ read }) => ({
    twice: tf.mul(read(batch.rewards), 2),
  }));
  const opinions = compute({ name: 'opinions', over: crowd }, ({ read, apply }) => ({
    opinion: apply(crowd, read(batch.observations)),
  }));
  const shares = compute({ name: 'shares', over: 'batch' }, ({ read, members }) => {
    const [first, second] = members(opinions.values.opinion);
    return {
      share: tf.softmax(read(doubled.values.twice)),
      spread: tf.sub(first, tf.mean(second)),
    };
  });
  const again = compute({ name: 'again', over: 'batch' }, ({ read }) => ({
    squared: tf.square(read(shares.values.share)),
  }));
  const rows = compute({ name: 'rows', over: 'rows' }, ({ read }) => ({
    both: tf.add(read(again.values.squared), read(shares.values.spread)),
  }));
  const back = compute({ name: 'back', over: crowd }, ({ read }) => ({
    ofShare: tf.mul(read(opinions.values.opinion), tf.sum(read(shares.values.share))),
  }));
  const metrics = [
    metric('total', shares, (record) => sum(record.rows(shares.values.share))),
    metric('first', shares, (record) => record.rows(shares.values.share)[0]),
    metric('both', rows, (record) => mean(record.rows(rows.values.both))),
    metric('opinion', back, (record) => mean(record.member(opinions.values.opinion, 1))),
    metric('ofShare', back, (record) => mean(record.member(back.values.ofShare, 1))),
  ];
  const steps = [fit, doubled, opinions, shares, again, rows, back];
  return declarationOf(parts, [], { phases: { online: { steps, metrics } } });
});

it.each([4, 5])(
  'a step over the batch sees all of its %i rows, on any number of threads',
  async (batchSize) => {
    const sizes = { ...TINY, batchSize };
    const batches = randomBatches(18, 1, sizes);
    const [one, two, three] = await Promise.all(
      [1, 2, 3].map((threads) => createLearner(whole, {}, sizes, { seed: 1, threads })),
    );
    const wanted = await one.update(batches);
    const weights = Array.from({ length: 18 }, (_, update) => {
      const rewards = [...batches.rewards.slice(update * batchSize, (update + 1) * batchSize)];
      return Math.exp(2 * rewards[0]) / sum(rewards.map((reward) => Math.exp(2 * reward)));
    });
    expect(wanted['total']).toBeCloseTo(1, 6);
    expect(wanted['first']).toBeCloseTo(mean(weights), 6);
    expect(wanted['ofShare']).toBeCloseTo(wanted['opinion'], 6);
    for (const other of [two, three]) {
      expect(await other.update(batches)).toEqual(wanted);
      expect(await other.getState()).toEqual(await one.getState());
    }
    await dispose(one, two, three);
  },
);

it('weight decay adds its share of the weights to their gradient, and not to its norm', async () => {
  const decaying = (weightDecay: number) =>
    algorithmOf((sizes) => {
      const parts = tinyParts(sizes);
      const { net } = parts;
      const optimiser = adam('net', 1e-2, { weightDecay });
      const fit = train({ name: 'fit', network: net, optimiser }, ({ read, apply }) => ({
        loss: squaredError(apply(net, read(batch.observations)), read(batch.rewards), sizes),
      }));
      const norm = metric('norm', fit, (record) => record.squaredNorm(optimiser, 0));
      return declarationOf({ ...parts, fit }, [], { phases: { online: { steps: [fit], metrics: [norm] } } });
    });
  const [plain, decayed] = await Promise.all(
    [0, 0.1].map((weightDecay) => createLearner(decaying(weightDecay), {}, TINY, { seed: 1, threads: 2 })),
  );
  const { tensors: weights } = await plain.getState();
  const batches = randomBatches(1, 1, TINY);
  expect(await decayed.update(batches)).toEqual(await plain.update(batches));
  const [before, after] = [(await plain.getState()).tensors, (await decayed.getState()).tensors];
  for (const name of ['hidden0/kernel', 'vectors']) {
    after[`netFirst/${name}`].data.forEach((moment, i) => {
      const wanted = before[`netFirst/${name}`].data[i] + 0.1 * weights[`net/${name}`].data[i];
      expect(moment).toBeCloseTo(wanted, 6);
    });
  }
  await dispose(plain, decayed);
});

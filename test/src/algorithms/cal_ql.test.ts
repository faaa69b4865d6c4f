import { beforeAll, describe, expect, it } from 'vitest';
import { calibrated, calQl } from '../../../src/algorithms/cal_ql.js';
import { cql } from '../../../src/algorithms/cql.js';
import { startBackend } from '../../../src/compile/backends.js';
import { createLearner } from '../../../src/learner/learner.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { dispose, randomBatches, SEED, SMALL, SMALL_NETWORKS, stateDifference } from '../learner/support.js';

beforeAll(async () => {
  await startBackend('cpu');
});

describe('calibrated values', () => {
  const values = tf.tensor2d([
    [-5, 1, -2, 7, 3],
    [0, 0, 0, 0, 9],
  ]);
  const returns = tf.tensor2d([[2], [1]]);

  it('of the policy are at least the returns, those of uniform actions stay', () => {
    const { values: found, raised } = calibrated(values, 2, returns);
    expect([...found.dataSync()]).toEqual([-5, 1, 2, 7, 3, 0, 0, 1, 1, 9]);
    expect([...raised.dataSync()]).toEqual([1 / 3, 2 / 3].map(Math.fround));
  });

  it('have no gradient where they were raised', () => {
    const slope = tf.grad((x: tf.Tensor) => tf.sum(calibrated(x, 2, returns).values))(values);
    expect([...slope.dataSync()]).toEqual([1, 1, 0, 1, 1, 1, 1, 0, 0, 1]);
  });
});

describe('calibrated Q-learning', () => {
  const options = { ...SMALL_NETWORKS, numCandidates: 3, maxBackup: true };

  /** An agent, its metrics, and the batches' returns, all set to one number. */
  async function learnt(algorithm: typeof cql, returns: number) {
    const learner = await createLearner(algorithm, options, SMALL, { seed: SEED, threads: 1 });
    const batches = randomBatches(4);
    batches.returnsToGo!.fill(returns);
    return { learner, metrics: await learner.update(batches) };
  }

  it('without returns is CQL', async () => {
    const [plain, free] = [await learnt(cql, 0), await learnt(calQl, Number.NEGATIVE_INFINITY)];
    const { calibration_rate: rate, ...metrics } = free.metrics;
    expect(rate).toBe(0);
    expect(metrics).toEqual(plain.metrics);
    expect((await stateDifference(free.learner, plain.learner)).difference).toBe(0);
    expect(free.learner.columns).toEqual(['returnsToGo']);
    expect(plain.learner.columns).toEqual([]);
    await dispose(free.learner, plain.learner);
  });

  it('pulls no value of the policy down that is below the returns', async () => {
    const [low, high] = [await learnt(calQl, -100), await learnt(calQl, 100)];
    expect([low.metrics['calibration_rate'], high.metrics['calibration_rate']]).toEqual([0, 1]);
    expect(high.metrics['q']).toBeGreaterThan(low.metrics['q']);
    await dispose(low.learner, high.learner);
  });
});

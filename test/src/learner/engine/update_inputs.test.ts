import { describe, expect, it } from 'vitest';
import { adam, batch, compute, normal, schedule, train, uniform } from '../../../../src/learner/declare.js';
import { modelOf } from '../../../../src/learner/engine/model.js';
import { createLearner } from '../../../../src/learner/learner.js';
import { metric, sum } from '../../../../src/learner/metrics.js';
import { tf } from '../../../../src/nn/tensorflow.js';
import { namedStream } from '../../../../src/rng.js';
import { dispose, randomBatches, someOf } from '../support.js';
import { algorithmOf, declarationOf, squaredError, TINY, tinyParts } from '../tiny_algorithm.js';

/** An algorithm that tells what its steps read: random numbers, and a number that follows from its own updates. */
const telling = algorithmOf((sizes) => {
  const parts = tinyParts(sizes);
  const [even, round] = [uniform('even', 3, 'candidate-actions'), normal('round', 1)];
  const planned = schedule('planned', parts.fit.trains!.optimiser, (steps) => steps ** 2);
  const looks = compute({ name: 'looks', over: 'rows' }, ({ read }) => ({
    evens: read(even),
    rounds: read(round),
    plan: tf.add(tf.mul(read(batch.rewards), 0), read(planned)),
  }));
  const { evens, rounds, plan } = looks.values;
  const metrics = [
    metric('even', looks, (record) => sum(record.rows(evens))),
    metric('least', looks, (record) => Math.min(...record.rows(evens))),
    metric('most', looks, (record) => Math.max(...record.rows(evens))),
    metric('round', looks, (record) => sum(record.rows(rounds))),
    metric('plan', looks, (record) => record.rows(plan)[0]),
  ];
  return declarationOf(parts, [], { phases: { online: { steps: [parts.fit, looks], metrics } } });
});

const learnerOf = (threads = 1, seed = 1) => createLearner(telling, {}, TINY, { seed, threads });

describe('random numbers', () => {
  it('are those of their named streams, uniform ones from −1 to 1', async () => {
    const learner = await learnerOf();
    const found = await learner.update(randomBatches(1, 1, TINY));
    const even = new Float32Array(3 * TINY.batchSize);
    namedStream(1, 'candidate-actions').fillUniform(even, -1, 1);
    const round = new Float32Array(TINY.batchSize);
    namedStream(1, 'agent-noise').fillNormal(round);
    expect(found['even']).toBe(Math.fround(sum(even)));
    expect(found['round']).toBe(Math.fround(sum(round)));
    const many = await learner.update(randomBatches(100, 1, TINY));
    expect(many['least']).toBeGreaterThan(-1);
    expect(many['least']).toBeLessThan(-0.7);
    expect(many['most']).toBeGreaterThan(0.7);
    expect(many['most']).toBeLessThan(1);
    await dispose(learner);
  });
});

describe('a schedule', () => {
  it('follows the steps before each update, however the batches are divided over calls, on any number of threads', async () => {
    const [whole, parts] = [await learnerOf(), await learnerOf(2)];
    const batches = randomBatches(20, 1, TINY);
    const found = [];
    for (let update = 0; update < 20; update++) {
      found.push((await parts.update(someOf(batches, update, 1)))['plan']);
    }
    expect(found).toEqual(found.map((_, update) => update ** 2));
    expect((await whole.update(batches))['plan']).toBe(sum(found) / 20);
    await dispose(whole, parts);
  });

  it('goes on where a saved state was', async () => {
    const [learner, restored] = [await learnerOf(), await learnerOf(1, 9)];
    await learner.update(randomBatches(5, 1, TINY));
    await restored.setState(await learner.getState());
    const metrics = await restored.update(randomBatches(1, 2, TINY));
    expect(metrics).toEqual(await learner.update(randomBatches(1, 2, TINY)));
    expect(metrics['plan']).toBe(25);
    await dispose(learner, restored);
  });

  it('is refused if it follows an optimiser that makes no steps', () => {
    const parts = tinyParts();
    const lost = schedule('lost', adam('nobody', 1), () => 1);
    const step = train(
      { name: 'scaled', network: parts.net, optimiser: parts.fit.trains!.optimiser },
      ({ read, apply }) => {
        const error = squaredError(apply(parts.net, read(batch.observations)), read(batch.rewards));
        return { loss: tf.mul(error, read(lost)) };
      },
    );
    expect(() => modelOf(declarationOf(parts, [step]), TINY, 1)).toThrow(
      'step "scaled" reads "lost", which follows "nobody": no step counts that',
    );
  });
});

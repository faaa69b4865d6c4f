import { describe, expect, it } from 'vitest';
import type { AgentState } from '../../../src/learner/agent.js';
import type { Algorithm, PhaseStep } from '../../../src/learner/algorithm.js';
import { adam, batch, compute, ensemble, follow, single, train } from '../../../src/learner/declare.js';
import { createLearner } from '../../../src/learner/learner.js';
import { mean, metric } from '../../../src/learner/metrics.js';
import { stateValue } from '../../../src/learner/networks.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { actionsOf, dispose, randomBatches, someOf } from './support.js';
import { algorithmOf, declarationOf, squaredError, TINY, tinyParts } from './tiny_algorithm.js';

const LAYERS = { features: [3], layerNorm: false };

/** A network and an ensemble that learn rewards, with averages that move by steps of their own. */
function followed(averaged = false): Algorithm<object> {
  return algorithmOf((sizes) => {
    const net = single('net', stateValue(sizes, LAYERS), { name: 'slow', rate: null });
    const crowd = ensemble('crowd', 3, stateValue(sizes, LAYERS), { name: 'slowCrowd', rate: null });
    const fit = train({ name: 'fit', network: net, optimiser: adam('net', 1e-2) }, ({ read, apply }) => ({
      loss: squaredError(apply(net, read(batch.observations)), read(batch.rewards), sizes),
    }));
    const fitAll = train(
      { name: 'fit all', network: crowd, optimiser: adam('crowd', 1e-2) },
      ({ read, apply }) => ({
        loss: tf.mean(tf.square(tf.sub(apply(crowd, read(batch.observations)), read(batch.rewards)))),
      }),
    );
    const before = compute({ name: 'before', over: 'rows' }, ({ read, applyAverage }) => ({
      slowValue: applyAverage(net, read(batch.observations)),
    }));
    const steps: PhaseStep[] = [
      before,
      follow({ name: 'slow', network: net, rate: 0.25 }),
      fit,
      fitAll,
      follow({ name: 'slow crowd', network: crowd, rate: 0.5, every: 3 }),
    ];
    const slowValue = metric('slow_value', before, (record) => mean(record.rows(before.values.slowValue)));
    const phases = { online: { steps, metrics: [slowValue] } };
    const { policy } = declarationOf({ ...tinyParts(sizes), net }, []);
    return { networks: [net, crowd], phases, policy: { ...policy, averaged } };
  });
}

type Tensors = AgentState['tensors'];

/** The largest difference of an average from the mixture of the average and the weights of earlier states. */
function error(
  average: string,
  weights: string,
  rate: number,
  [old, source, now]: [Tensors, Tensors, Tensors],
): number {
  const names = Object.keys(now).filter((name) => name.startsWith(`${average}/`));
  expect(names.length).toBeGreaterThan(1);
  const differences = names.flatMap((name) => {
    const from = source[name.replace(average, weights)].data;
    const wanted = old[name].data.map((value, i) => (1 - rate) * value + rate * from[i]);
    return [...now[name].data].map((value, i) => Math.abs(value - wanted[i]));
  });
  return Math.max(...differences);
}

describe('an average that moves by steps of its own', () => {
  it('moves by them alone: before the weights do, or every third time', async () => {
    const learner = await createLearner(followed(), {}, TINY, { seed: 1, threads: 1 });
    const batches = randomBatches(7, 1, TINY);
    let before = (await learner.getState()).tensors;
    for (let update = 0; update < 7; update++) {
      await learner.update(someOf(batches, update, 1));
      const { tensors } = await learner.getState();
      expect(tensors['net/vectors']).not.toEqual(before['net/vectors']);
      // By the weights as they were before their step.
      expect(error('slow', 'net', 0.25, [before, before, tensors])).toBeLessThan(1e-6);
      for (const member of [0, 1, 2]) {
        const rate = update % 3 === 2 ? 0.5 : 0;
        const states: [Tensors, Tensors, Tensors] = [before, tensors, tensors];
        expect(error(`slowCrowd${member}`, `crowd${member}`, rate, states)).toBeLessThan(1e-6);
      }
      before = tensors;
    }
    await dispose(learner);
  });

  it('has the same bits on any number of threads, and on another backend nearly so', async () => {
    const batches = randomBatches(20, 1, TINY);
    const learnt = async (threads: number, backend = 'compiled') => {
      const learner = await createLearner(followed(), {}, TINY, { seed: 1, threads, backend });
      const metrics = await learner.update(batches);
      const { tensors } = await learner.getState();
      await dispose(learner);
      return { metrics, tensors };
    };
    const wanted = await learnt(1);
    expect(await learnt(2)).toEqual(wanted);
    expect(await learnt(3)).toEqual(wanted);
    const eager = await learnt(1, 'cpu');
    for (const name of ['slow/vectors', 'slowCrowd2/vectors']) {
      eager.tensors[name].data.forEach((value, i) => {
        expect(value).toBeCloseTo(wanted.tensors[name].data[i], 5);
      });
    }
  });
});

it('steps over rows see the average of a single network as it is', async () => {
  const learner = await createLearner(followed(), {}, TINY, { seed: 1, threads: 2 });
  const state = await learner.getState();
  const bias = state.tensors['slow/vectors'].data;
  bias[bias.length - 1] += 5;
  const batches = randomBatches(1, 1, TINY);
  const { slow_value: plain } = await learner.update(batches);
  await learner.setState(state);
  const { slow_value: raised } = await learner.update(batches);
  expect(raised - plain).toBeCloseTo(5, 4);
  await dispose(learner);
});

it('a policy acts by its weights, or by their average where it says so', async () => {
  const observations = Float32Array.of(0.3, -0.2);
  for (const averaged of [false, true]) {
    const learner = await createLearner(followed(averaged), {}, TINY, { seed: 1, threads: 1 });
    const actions = async () => [
      (await actionsOf(learner, observations, 'mode'))[0],
      (await actionsOf(learner, observations, 'sample'))[0],
    ];
    const before = await actions();
    const state = await learner.getState();
    const vectors = state.tensors['slow/vectors'].data;
    vectors[vectors.length - 1] += 5;
    await learner.setState(state);
    const [mode, sample] = await actions();
    expect(mode - before[0]).toBeCloseTo(averaged ? 5 : 0, 5);
    // Exploration is by the weights in training.
    expect(sample).toBe(before[1]);
    await dispose(learner);
  }
});

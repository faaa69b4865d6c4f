import { describe, expect, it } from 'vitest';
import type { Agent } from '../../../src/learner/agent.js';
import type { PhaseName } from '../../../src/learner/algorithm.js';
import { namedStream } from '../../../src/rng.js';
import {
  actionsOf,
  dispose,
  randomBatches,
  SEED,
  SMALL,
  smallLearner,
  someObservations,
  someOf,
  stateDifference,
} from './support.js';

const copy = <T>(value: T): T => structuredClone(value);

describe('the state', () => {
  it.each(['compiled', 'cpu'])('continues exactly on the %s backend', async (backend) => {
    const options = { numQs: 3, numMinQs: 2, bcWeight: 0.2 };
    const learner = await smallLearner(options, { backend });
    await learner.update(randomBatches(4));
    await learner.update(randomBatches(2), 'clone');
    const state = copy(await learner.getState());

    const goOn = async (continued: Agent) => {
      const metrics = await continued.update(randomBatches(6, 2));
      await continued.update(randomBatches(1, 3), 'clone');
      const actions = await actionsOf(continued, someObservations(2), 'sample');
      return { metrics, actions, state: await continued.getState() };
    };
    const wanted = await goOn(learner);
    const restored = await smallLearner(options, { backend, seed: 99 });
    await restored.setState(state);
    expect(await goOn(restored)).toEqual(wanted);
    await dispose(learner, restored);
  });

  it('is a copy', async () => {
    const learner = await smallLearner();
    const before = await learner.getState();
    const kept = copy(before);
    await learner.update(randomBatches(2));
    expect(before).toEqual(kept);
    before.tensors['actor/vectors'].data.fill(7);
    expect((await learner.getState()).tensors['actor/vectors'].data[0]).not.toBe(7);
    await dispose(learner);
  });

  it('of another learner is refused, naming the tensor, and changes nothing', async () => {
    const learner = await smallLearner();
    const wide = await smallLearner({ criticFeatures: [16, 13] });
    const many = await smallLearner({ numQs: 3 });
    const before = await learner.getState();
    await expect(learner.setState(await wide.getState())).rejects.toThrow(
      /"critic0\/hidden1\/kernel" has shape \[16,13\].*\[16,12\]/,
    );
    await expect(learner.setState(await many.getState())).rejects.toThrow(
      /has a tensor "critic2\/hidden0\/kernel"/,
    );
    await expect(many.setState(await learner.getState())).rejects.toThrow(
      /lacks the tensor "critic2\/hidden0\/kernel"/,
    );
    const { 'agent-noise': _, ...streams } = before.streams;
    await expect(learner.setState({ ...before, streams })).rejects.toThrow(/lacks the stream "agent-noise"/);
    expect(await learner.getState()).toEqual(before);
    await dispose(learner, wide, many);
  });

  it('starts with targets equal to the critics, critics that differ, and a given temperature', async () => {
    const learner = await smallLearner({ initialTemperature: 0.05 });
    const { tensors } = await learner.getState();
    expect(tensors['target1/hidden0/kernel']).toEqual(tensors['critic1/hidden0/kernel']);
    expect(tensors['critic1/hidden0/kernel'].data).not.toEqual(tensors['critic0/hidden0/kernel'].data);
    expect(Math.exp(tensors['logTemperature'].data[0])).toBeCloseTo(0.05, 6);
    await dispose(learner);
  });

  it('takes as many bytes as it says', async () => {
    const learner = await smallLearner();
    const { tensors } = await learner.getState();
    const bytes = Object.values(tensors).reduce((sum, { data }) => sum + data.byteLength, 0);
    expect(learner.stateBytes).toBe(bytes);
    await dispose(learner);
  });
});

describe('training', () => {
  it('gives the same result for the same seed, and another for another seed', async () => {
    const learners = await Promise.all([1, 1, 2].map((seed) => smallLearner({}, { seed })));
    for (const learner of learners) await learner.update(randomBatches(4));
    expect(await learners[1].getState()).toEqual(await learners[0].getState());
    expect((await stateDifference(learners[0], learners[2])).difference).toBeGreaterThan(0.01);
    await dispose(...learners);
  });

  it('does not depend on how the batches are divided over calls, or on those between the actor’s steps', async () => {
    const options = { actorUpdateFreq: 4 };
    const [whole, parts] = [await smallLearner(options), await smallLearner(options)];
    const batches = randomBatches(22);
    await whole.update(batches);
    const divided = [];
    for (const [first, count] of [
      [0, 3],
      [3, 3],
      [6, 16],
    ]) {
      divided.push(await parts.update(someOf(batches, first, count)));
    }
    expect((await whole.getState()).counters).toMatchObject({ criticSteps: 22, actorSteps: 5 });
    expect(await parts.getState()).toEqual(await whole.getState());
    expect(parts.lastBatch()).toEqual(whole.lastBatch());
    expect(divided.map((metrics) => 'entropy' in metrics)).toEqual([false, true, true]);
    await dispose(whole, parts);
  });

  it('draws the subset of target critics from its own stream, once per critic step', async () => {
    const learner = await smallLearner({ numQs: 5, numMinQs: 2 });
    await learner.update(randomBatches(3));
    const stream = namedStream(SEED, 'critic-subset');
    for (let i = 0; i < 3; i++) stream.choose(2, 5);
    expect((await learner.getState()).streams['critic-subset']).toEqual(stream.getState());
    await dispose(learner);
  });

  it('reports a loss that is not a number as it is', async () => {
    const learner = await smallLearner();
    const batches = randomBatches(1);
    batches.rewards[0] = Number.NaN;
    expect((await learner.update(batches))['critic_loss']).toBeNaN();
    await dispose(learner);
  });

  it('goes at a learning rate that was changed, of that optimiser alone', async () => {
    const learner = await smallLearner();
    const before = copy((await learner.getState()).tensors);
    learner.setLearningRate('actor', 0);
    await learner.update(randomBatches(2));
    const { tensors } = await learner.getState();
    expect(tensors['actor/vectors']).toEqual(before['actor/vectors']);
    expect(tensors['critic0/vectors']).not.toEqual(before['critic0/vectors']);
    await dispose(learner);
  });
});

describe('act', () => {
  it('gives the same mode for a row whatever the number of rows', async () => {
    const learner = await smallLearner();
    const five = await actionsOf(learner, someObservations(5), 'mode');
    const one = await actionsOf(learner, someObservations(1), 'mode');
    one.forEach((value, i) => {
      expect(value).toBeCloseTo(five[i], 6);
    });
    await dispose(learner);
  });

  it('samples around the mode, new noise each time, and draws nothing for the mode', async () => {
    const learner = await smallLearner();
    const { streams } = await learner.getState();
    const mode = await actionsOf(learner, someObservations(2), 'mode');
    expect((await learner.getState()).streams).toEqual(streams);
    const a = await actionsOf(learner, someObservations(2), 'sample');
    const b = await actionsOf(learner, someObservations(2), 'sample');
    expect(a).not.toEqual(mode);
    expect(a).not.toEqual(b);
    expect((await learner.getState()).streams).not.toEqual(streams);
    await dispose(learner);
  });

  it('sees observations normalised as set', async () => {
    const learner = await smallLearner();
    const raw = await actionsOf(learner, someObservations(1), 'mode');
    learner.setObservationNormalisation(new Float32Array(6).fill(10), new Float32Array(6).fill(0.5));
    const scaled = someObservations(1).map((x) => 2 * x + 10);
    const shifted = await actionsOf(learner, scaled, 'mode');
    shifted.forEach((value, i) => {
      expect(value).toBeCloseTo(raw[i], 5);
    });
    expect(() => learner.setObservationNormalisation(new Float32Array(5), new Float32Array(6))).toThrow(
      /observationMean/,
    );
    await dispose(learner);
  });

  it('refuses arrays of the wrong size', async () => {
    const learner = await smallLearner();
    const act = (observations: number, actions: number, choice: 'mode' | Float32Array = 'mode') =>
      learner.act(new Float32Array(observations), new Float32Array(actions), choice);
    await expect(act(7, 3)).rejects.toThrow(/\[n, 6\].*7 and 3/);
    await expect(act(12, 3)).rejects.toThrow(/\[n, 3\]/);
    await expect(act(12, 6, new Float32Array(5))).rejects.toThrow(/5 numbers as noise for 6/);
    await dispose(learner);
  });
});

describe('bad input', () => {
  it.each([
    [{ batchSize: 0 }, /batchSize must be a positive integer, not 0/],
    [{ observationDim: 1.5 }, /observationDim must be a positive integer, not 1.5/],
    [{ actionDim: -1 }, /actionDim must be a positive integer, not -1/],
  ])('sizes %o', async (sizes, message) => {
    await expect(smallLearner({}, {}, { ...SMALL, ...sizes })).rejects.toThrow(message);
  });

  it.each([
    [{ threads: 0 }, /threads must be null or a positive integer, not 0/],
    [{ threads: 1.5 }, /threads must be null or a positive integer, not 1.5/],
    [
      { device: 'gpu' as const, backend: 'wasm' },
      /device gpu goes with the backend "compiled", not with "wasm"/,
    ],
    [{ backend: 'gpu' }, /unknown backend "gpu"; valid backends: compiled, cpu, wasm, tensorflow/],
  ])('a place to compute %o', async (place, message) => {
    await expect(smallLearner({}, place)).rejects.toThrow(message);
  });

  it('batches of the wrong size, and leaves the state as it is', async () => {
    const learner = await smallLearner();
    const before = await learner.getState();
    const batches = randomBatches(2);
    await expect(learner.update({ ...batches, batchSize: 4 })).rejects.toThrow(/batches of 8 rows, not 4/);
    await expect(learner.update({ ...batches, rewards: new Float32Array(15) })).rejects.toThrow(
      /rewards of 2 batches \[8, 1\] must hold 16 numbers, not 15/,
    );
    await expect(learner.update({ ...batches, nextObservations: new Float32Array(80) })).rejects.toThrow(
      /nextObservations of 2 batches \[8, 6\] must hold 96 numbers, not 80/,
    );
    expect(await learner.getState()).toEqual(before);
    await dispose(learner);
  });

  it('a phase or optimiser that the algorithm does not have', async () => {
    const learner = await smallLearner();
    await expect(learner.update(randomBatches(1), 'offline')).rejects.toThrow(
      'rlpd has no phase "offline"; it has: online, clone',
    );
    await expect(learner.update(randomBatches(1), 'toString' as PhaseName)).rejects.toThrow(
      'no phase "toString"',
    );
    expect(() => learner.setLearningRate('policy', 1)).toThrow(
      'no optimiser "policy"; there are: critic, actor, temperature, clone',
    );
    await dispose(learner);
  });
});

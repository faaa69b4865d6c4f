import { describe, expect, it } from 'vitest';
import type { ActionChoice } from '../../../src/agents/agent.js';
import type { RlpdAgent } from '../../../src/agents/rlpd.js';
import { namedStream } from '../../../src/rng.js';
import { randomBatches, SMALL, smallAgent, stateDifference } from './support.js';

const copy = <T>(value: T): T => structuredClone(value);

describe('the state', () => {
  it.each(['compiled', 'cpu'])('continues exactly on the %s backend', async (backend) => {
    const options = { backend, numQs: 3, numMinQs: 2, bcWeight: 0.2 };
    const agent = await smallAgent(options);
    await agent.update(randomBatches(4));
    await agent.cloneBehaviour(randomBatches(2));
    const state = copy(await agent.getState());

    const goOn = async (continued: typeof agent) => {
      const metrics = await continued.update(randomBatches(6, 2));
      await continued.cloneBehaviour(randomBatches(1, 3));
      const actions = new Float32Array(2 * SMALL.actionDim);
      await continued.act(
        randomBatches(1).observations.slice(0, 2 * SMALL.observationDim),
        actions,
        'sample',
      );
      return { metrics, actions, state: await continued.getState() };
    };
    const wanted = await goOn(agent);
    const restored = await smallAgent({ ...options, seed: 99 });
    await restored.setState(state);
    expect(await goOn(restored)).toEqual(wanted);
    await Promise.all([agent.dispose(), restored.dispose()]);
  });

  it('is a copy', async () => {
    const agent = await smallAgent();
    const before = await agent.getState();
    const kept = copy(before);
    await agent.update(randomBatches(2));
    expect(before).toEqual(kept);
    before.tensors['actor/vectors'].data.fill(7);
    expect((await agent.getState()).tensors['actor/vectors'].data[0]).not.toBe(7);
    await agent.dispose();
  });

  it('of another learner is refused, naming the tensor, and changes nothing', async () => {
    const agent = await smallAgent();
    const wide = await smallAgent({ criticFeatures: [16, 13] });
    const many = await smallAgent({ numQs: 3 });
    const before = await agent.getState();
    await expect(agent.setState(await wide.getState())).rejects.toThrow(
      /"critic0\/hidden1\/kernel" has shape \[16,13\].*\[16,12\]/,
    );
    await expect(agent.setState(await many.getState())).rejects.toThrow(
      /has a tensor "critic2\/hidden0\/kernel"/,
    );
    await expect(many.setState(await agent.getState())).rejects.toThrow(
      /lacks the tensor "critic2\/hidden0\/kernel"/,
    );
    const { 'agent-noise': _, ...streams } = before.streams;
    await expect(agent.setState({ ...before, streams })).rejects.toThrow(/lacks the stream "agent-noise"/);
    expect(await agent.getState()).toEqual(before);
    await Promise.all([agent, wide, many].map((each) => each.dispose()));
  });

  it('starts with targets equal to the critics, critics that differ, and a given temperature', async () => {
    const agent = await smallAgent({ initialTemperature: 0.05 });
    const { tensors } = await agent.getState();
    expect(tensors['target1/hidden0/kernel']).toEqual(tensors['critic1/hidden0/kernel']);
    expect(tensors['critic1/hidden0/kernel'].data).not.toEqual(tensors['critic0/hidden0/kernel'].data);
    expect(Math.exp(tensors['logTemperature'].data[0])).toBeCloseTo(0.05, 6);
    await agent.dispose();
  });
});

describe('training', () => {
  it('gives the same result for the same seed, and another for another seed', async () => {
    const agents = await Promise.all([1, 1, 2].map((seed) => smallAgent({ seed })));
    for (const agent of agents) await agent.update(randomBatches(4));
    expect(await agents[1].getState()).toEqual(await agents[0].getState());
    expect((await stateDifference(agents[0], agents[2])).difference).toBeGreaterThan(0.01);
    await Promise.all(agents.map((agent) => agent.dispose()));
  });

  it('does not depend on how the batches are divided over calls', async () => {
    const [whole, parts] = [await smallAgent(), await smallAgent()];
    const batches = randomBatches(4);
    await whole.update(batches);
    const rows = (
      key: 'observations' | 'actions' | 'rewards' | 'discounts' | 'nextObservations',
      half: number,
    ) => {
      const middle = batches[key].length / 2;
      return batches[key].slice(half * middle, (half + 1) * middle);
    };
    for (const half of [0, 1]) {
      await parts.update({
        ...batches,
        count: 2,
        observations: rows('observations', half),
        actions: rows('actions', half),
        rewards: rows('rewards', half),
        discounts: rows('discounts', half),
        nextObservations: rows('nextObservations', half),
      });
    }
    expect(await parts.getState()).toEqual(await whole.getState());
    await Promise.all([whole.dispose(), parts.dispose()]);
  });

  it('draws the subset of target critics from its own stream, once per critic step', async () => {
    const agent = await smallAgent({ numQs: 5, numMinQs: 2 });
    await agent.update(randomBatches(3));
    const stream = namedStream(SMALL.seed, 'critic-subset');
    for (let i = 0; i < 3; i++) stream.choose(2, 5);
    expect((await agent.getState()).streams['critic-subset']).toEqual(stream.getState());
    await agent.dispose();
  });

  it('takes the minimum over more critics as a lower target', async () => {
    const [one, all] = [
      await smallAgent({ numQs: 5, numMinQs: 1 }),
      await smallAgent({ numQs: 5, numMinQs: 5 }),
    ];
    const batches = randomBatches(1);
    const [high, low] = [await one.update(batches), await all.update(batches)];
    expect(low['target_q']).toBeLessThan(high['target_q']);
    await Promise.all([one.dispose(), all.dispose()]);
  });

  it('steps the actor once per actorUpdateFreq batches and refuses a broken round', async () => {
    const agent = await smallAgent({ actorUpdateFreq: 4 });
    await agent.update(randomBatches(8));
    expect((await agent.getState()).counters).toMatchObject({ criticSteps: 8, actorSteps: 2 });
    await expect(agent.update(randomBatches(6))).rejects.toThrow(/6 batches.*actorUpdateFreq = 4/);
    await agent.dispose();
  });

  it('learns the value of a bandit', async () => {
    const agent = await smallAgent({ criticLearningRate: 3e-3 });
    const batches = randomBatches(200);
    batches.discounts.fill(0);
    batches.rewards.fill(0.7);
    await agent.update(batches);
    expect((await agent.update(randomBatches(1, 9)))['q']).toBeCloseTo(0.7, 1);
    await agent.dispose();
  });

  it.each([
    ['raises', 1e3, (before: number, after: number) => after > before],
    ['lowers', -1e3, (before: number, after: number) => after < before],
  ])('%s the temperature while the entropy is on the other side of %d', async (_, targetEntropy, holds) => {
    const agent = await smallAgent({ targetEntropy, temperatureLearningRate: 1e-2 });
    await agent.update(randomBatches(5));
    expect(holds(0, (await agent.getState()).tensors['logTemperature'].data[0])).toBe(true);
    await agent.dispose();
  });

  it('reports a loss that is not a number as it is', async () => {
    const agent = await smallAgent();
    const batches = randomBatches(1);
    batches.rewards[0] = Number.NaN;
    expect((await agent.update(batches))['critic_loss']).toBeNaN();
    await agent.dispose();
  });
});

describe('imitation', () => {
  it('cloning brings the policy to the demonstrated actions', async () => {
    const agent = await smallAgent({ cloneLearningRate: 3e-3 });
    const batches = randomBatches(1);
    const first = await agent.cloneBehaviour(batches);
    for (let i = 0; i < 400; i++) await agent.cloneBehaviour(batches);
    const last = await agent.cloneBehaviour(batches);
    expect(last['bc_loss']).toBeLessThan(0.02 * first['bc_loss']);
    const actions = new Float32Array(batches.actions.length);
    await agent.act(batches.observations, actions, 'mode');
    const error =
      actions.reduce((sum, value, i) => sum + (value - batches.actions[i]) ** 2, 0) / actions.length;
    expect(error).toBeCloseTo(last['bc_loss'], 2);
    await agent.dispose();
  });

  it('counts only demonstration rows, and its weight can be changed', async () => {
    const agent = await smallAgent({ bcWeight: 1 });
    const plain = await smallAgent();
    const batches = randomBatches(1);
    agent.setBcWeight(0);
    const { bc_loss: loss, ...metrics } = await agent.update(batches);
    expect(metrics).toEqual(await plain.update(batches));
    expect((await stateDifference(agent, plain)).difference).toBeLessThan(1e-7);
    expect(loss).toBeGreaterThan(0);
    expect((await agent.update({ ...batches, demoRows: 0 }))['bc_loss']).toBe(0);
    expect(() => plain.setBcWeight(1)).toThrow(/positive bcWeight/);
    await Promise.all([agent.dispose(), plain.dispose()]);
  });
});

describe('the averaged policy', () => {
  const TAU = 0.25;

  /** The same learner without an average, whose policy has the weights `group` of `agent`. */
  async function withWeights(agent: RlpdAgent, group: 'actor' | 'averageActor'): Promise<RlpdAgent> {
    const { tensors, ...rest } = await agent.getState();
    const own = Object.entries(tensors).filter(([name]) => !name.startsWith('averageActor/'));
    const renamed = own.map(([name, tensor]) => [
      name,
      name.startsWith('actor/') ? tensors[name.replace('actor', group)] : tensor,
    ]);
    const plain = await smallAgent();
    await plain.setState({ ...rest, tensors: Object.fromEntries(renamed) });
    return plain;
  }

  it('follows the policy, which trains as without it, a share at each of its steps', async () => {
    const [agent, plain] = [await smallAgent({ actorTau: TAU }), await smallAgent()];
    let { 'averageActor/vectors': average } = (await agent.getState()).tensors;
    expect(average).toEqual((await agent.getState()).tensors['actor/vectors']);
    for (const train of ['update', 'cloneBehaviour', 'update'] as const) {
      expect(await agent[train](randomBatches(1))).toEqual(await plain[train](randomBatches(1)));
      const { tensors } = await agent.getState();
      const policy = tensors['actor/vectors'].data;
      expect(policy).toEqual((await plain.getState()).tensors['actor/vectors'].data);
      tensors['averageActor/vectors'].data.forEach((value, i) => {
        expect(value).toBeCloseTo((1 - TAU) * average.data[i] + TAU * policy[i], 6);
      });
      average = tensors['averageActor/vectors'];
    }
    await Promise.all([agent.dispose(), plain.dispose()]);
  });

  it.each(['compiled', 'cpu'])('acts, but does not explore, on the %s backend', async (backend) => {
    const agent = await smallAgent({ actorTau: 0.01, backend });
    await agent.update(randomBatches(8));
    const [trained, averaged] = [await withWeights(agent, 'actor'), await withWeights(agent, 'averageActor')];
    const observations = randomBatches(1).observations.slice(0, SMALL.observationDim);
    const noise = new Float32Array([0.5, -1, 1]);
    const chosen = async (from: RlpdAgent, choice: ActionChoice) => {
      const actions = new Float32Array(SMALL.actionDim);
      await from.act(observations, actions, choice);
      return actions;
    };
    for (const choice of ['mode', noise] as const) {
      const [wanted, other] = [await chosen(averaged, choice), await chosen(trained, choice)];
      const actions = await chosen(agent, choice);
      for (const [i, action] of actions.entries()) expect(action).toBeCloseTo(wanted[i], 6);
      expect(Math.abs(actions[0] - other[0])).toBeGreaterThan(1e-4);
    }
    const [sampled, wanted] = [await chosen(agent, 'sample'), await chosen(trained, 'sample')];
    for (const [i, action] of sampled.entries()) expect(action).toBeCloseTo(wanted[i], 6);
    await Promise.all([agent, trained, averaged].map((each) => each.dispose()));
  });
});

describe('act', () => {
  const observations = (rows: number) => randomBatches(4).observations.slice(0, rows * SMALL.observationDim);

  it('gives the same mode for a row whatever the number of rows', async () => {
    const agent = await smallAgent();
    const [five, one] = [new Float32Array(15), new Float32Array(3)];
    await agent.act(observations(5), five, 'mode');
    await agent.act(observations(1), one, 'mode');
    one.forEach((value, i) => {
      expect(value).toBeCloseTo(five[i], 6);
    });
    await agent.dispose();
  });

  it('samples around the mode, new noise each time, and draws nothing for the mode', async () => {
    const agent = await smallAgent();
    const [mode, a, b] = [new Float32Array(6), new Float32Array(6), new Float32Array(6)];
    const { streams } = await agent.getState();
    await agent.act(observations(2), mode, 'mode');
    expect((await agent.getState()).streams).toEqual(streams);
    await agent.act(observations(2), a, 'sample');
    await agent.act(observations(2), b, 'sample');
    expect(a).not.toEqual(mode);
    expect(a).not.toEqual(b);
    expect((await agent.getState()).streams).not.toEqual(streams);
    await agent.dispose();
  });

  it('sees observations normalised as set', async () => {
    const agent = await smallAgent();
    const [raw, shifted] = [new Float32Array(3), new Float32Array(3)];
    await agent.act(observations(1), raw, 'mode');
    agent.setObservationNormalisation(new Float32Array(6).fill(10), new Float32Array(6).fill(0.5));
    await agent.act(
      observations(1).map((x) => 2 * x + 10),
      shifted,
      'mode',
    );
    shifted.forEach((value, i) => {
      expect(value).toBeCloseTo(raw[i], 5);
    });
    expect(() => agent.setObservationNormalisation(new Float32Array(5), new Float32Array(6))).toThrow(
      /observationMean/,
    );
    await agent.dispose();
  });

  it('refuses arrays of the wrong size', async () => {
    const agent = await smallAgent();
    await expect(agent.act(new Float32Array(7), new Float32Array(3), 'mode')).rejects.toThrow(
      /\[n, 6\].*7 and 3/,
    );
    await expect(agent.act(new Float32Array(12), new Float32Array(3), 'mode')).rejects.toThrow(/\[n, 3\]/);
    await agent.dispose();
  });
});

describe('bad input', () => {
  it.each([
    [{ numMinQs: 3 }, /numMinQs \(3\) cannot be larger than numQs \(2\)/],
    [{ batchSize: 0 }, /batchSize must be a positive integer, not 0/],
    [{ tau: 0 }, /tau must be in \(0, 1\]/],
    [{ actorTau: 1.1 }, /actorTau must be in \(0, 1\]/],
    [{ initialTemperature: 0 }, /initialTemperature must be positive/],
    [{ actorFeatures: [] }, /actorFeatures must be a list of positive integers/],
    [{ criticLearningRate: Number.NaN }, /criticLearningRate/],
    [
      { device: 'gpu' as const, backend: 'wasm' },
      /device gpu goes with the backend "compiled", not with "wasm"/,
    ],
    [{ backend: 'gpu' }, /unknown backend "gpu"; valid backends: compiled, cpu, wasm, tensorflow/],
  ])('%o', async (options, message) => {
    await expect(smallAgent(options)).rejects.toThrow(message);
  });

  it('batches of the wrong size', async () => {
    const agent = await smallAgent();
    const batches = randomBatches(2);
    await expect(agent.update({ ...batches, batchSize: 4 })).rejects.toThrow(/batches of 8 rows, not 4/);
    await expect(agent.update({ ...batches, rewards: new Float32Array(15) })).rejects.toThrow(
      /rewards of 2 batches \[8, 1\] must hold 16 numbers, not 15/,
    );
    await agent.dispose();
  });
});

import { describe, expect, it } from 'vitest';
import { rlpd } from '../../../src/algorithms/rlpd.js';
import { sac } from '../../../src/algorithms/sac.js';
import { ReplayBuffer } from '../../../src/buffers/replay_buffer.js';
import { SymmetricSampler } from '../../../src/buffers/symmetric_sampler.js';
import { allocateBatches, type TransitionBatches } from '../../../src/buffers/transitions.js';
import { ALGORITHM_NAMES, algorithmOf } from '../../../src/config/algorithm_sections.js';
import type { Agent } from '../../../src/learner/agent.js';
import { batch } from '../../../src/learner/declare.js';
import { changeStep, extend } from '../../../src/learner/extend.js';
import { createLearner, readsRewards } from '../../../src/learner/learner.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { dispose, randomBatches, SMALL, SMALL_NETWORKS } from './support.js';

/** SAC whose targets are lower the further the next actions are from 0, and whose critics learn returns to go besides. */
const toy = extend(sac, {
  name: 'toy',
  paper: 'none',
  declare: (declaration) => {
    const penalised = changeStep(declaration, 'next values', ({ read }, { values }) => ({
      values: { nextQ: tf.sub(values['nextQ'], tf.sum(tf.square(read(batch.nextActions)), 1)) },
    }));
    return changeStep(penalised, 'critic', ({ read }, { loss, values }) => {
      const error = tf.sub(values['criticQ'], read(batch.returnsToGo));
      return { loss: tf.add(loss!, tf.mean(tf.square(error))) };
    });
  },
});

function learnerOf(algorithm: typeof sac, threads = 1): Promise<Agent> {
  return createLearner(algorithm, SMALL_NETWORKS, SMALL, { seed: 1, threads });
}

/** Batches for an agent, drawn from two episodes that terminated. */
function batchesFor(agent: Agent): TransitionBatches {
  const { observationDim, actionDim, batchSize } = SMALL;
  const { observations, actions, rewards, nextObservations } = randomBatches(5);
  const demos = new ReplayBuffer({ capacity: 100, numEnvs: 1, observationDim, actionDim });
  const terminated = Uint8Array.from(rewards, (_, row) => Number(row % 20 === 19));
  demos.add({
    observations,
    actions,
    rewards,
    nextObservations,
    terminated,
    truncated: new Uint8Array(rewards.length),
  });
  const batches = allocateBatches(18, batchSize, batchSize, observationDim, actionDim, agent.columns);
  const sampler = { online: null, demos, discount: 0.9, nSteps: 1, augmentation: null, seed: 1 };
  new SymmetricSampler(sampler).fill(batches);
  return batches;
}

describe('an algorithm that reads columns which not all batches have', () => {
  it('says so, and others have none', async () => {
    const agents = [
      await learnerOf(toy),
      await learnerOf(sac),
      await createLearner(rlpd, {}, SMALL, { seed: 1 }),
    ];
    expect(agents.map(({ columns }) => [...columns].sort())).toEqual([
      ['nextActions', 'returnsToGo'],
      [],
      ['intendedActions'],
    ]);
    await dispose(...agents);
  });

  it('learns from them, with the same bits on 1 and 2 threads', async () => {
    const [one, two, plain] = [await learnerOf(toy), await learnerOf(toy, 2), await learnerOf(sac)];
    const batches = batchesFor(one);
    const metrics = await one.update(batches);
    expect(await two.update(batches)).toEqual(metrics);
    expect(await two.getState()).toEqual(await one.getState());
    expect((await plain.update(batches))['target_q']).not.toBeCloseTo(metrics['target_q'], 2);
    await dispose(one, two, plain);
  });

  it('learns differently from other next actions, and from other returns', async () => {
    const states = [];
    for (const name of [null, 'nextActions', 'returnsToGo'] as const) {
      const agent = await learnerOf(toy);
      const batches = batchesFor(agent);
      if (name) batches[name]!.fill(0.5);
      await agent.update(batches);
      states.push((await agent.getState()).tensors['critic0/vectors']);
      await dispose(agent);
    }
    const [original, ...others] = states;
    for (const other of others) expect(other).not.toEqual(original);
    expect(others[0]).not.toEqual(others[1]);
  });

  it('refuses batches without them, or of another size', async () => {
    const agent = await learnerOf(toy);
    const { nextActions, ...batches } = batchesFor(agent);
    await expect(agent.update(batches)).rejects.toThrow(
      'the batches have no nextActions, which the learner reads: allocate them with agent.columns',
    );
    await expect(agent.update({ ...batches, nextActions: nextActions!.subarray(1) })).rejects.toThrow(
      'nextActions of 18 batches [8, 3] must hold 432 numbers, not 431',
    );
    await dispose(agent);
  });
});

it('algorithms learn from rewards, but for those that imitate', () => {
  const imitating = ALGORITHM_NAMES.filter((name) => !readsRewards(algorithmOf(name), {}));
  expect(imitating).toEqual(['bc']);
});

import { describe, expect, it } from 'vitest';
import type { Declaration, PhaseStep } from '../../../../src/learner/algorithm.js';
import {
  adam,
  batch,
  compute,
  dual,
  ensemble,
  follow,
  single,
  steer,
  train,
} from '../../../../src/learner/declare.js';
import { modelOf } from '../../../../src/learner/engine/model.js';
import { createLearner } from '../../../../src/learner/learner.js';
import { mean, metric } from '../../../../src/learner/metrics.js';
import { stateValue } from '../../../../src/learner/networks.js';
import { tf } from '../../../../src/nn/tensorflow.js';
import { randomBatches } from '../support.js';
import { algorithmOf, declarationOf, squaredError, TINY, tinyParts } from '../tiny_algorithm.js';

const parts = tinyParts();
const { net, crowd, fit } = parts;

function refusal(steps: readonly PhaseStep[], others: Partial<Declaration> = {}): () => void {
  return () => void modelOf(declarationOf(parts, steps, others), TINY, 1);
}

/** An ensemble whose average moves with its weights by `rate`; null: by steps of its own. */
function averaging(rate: number | null) {
  const layers = { features: [3], layerNorm: false };
  return ensemble('slow', 2, stateValue(TINY, layers), { name: 'slower', rate });
}

describe('a declaration is refused', () => {
  it('whose step reads what was not given in the same update', () => {
    const rare = compute({ name: 'rare', over: 'rows', every: 2 }, ({ read }) => ({
      seldom: read(batch.rewards),
    }));
    const often = compute({ name: 'often', over: 'rows' }, ({ read }) => ({
      again: read(rare.values.seldom),
    }));
    expect(refusal([rare, often])).toThrow(/"often" reads "seldom"/);
    const multiple = compute({ name: 'fourth', over: 'rows', every: 4 }, ({ read }) => ({
      f: read(rare.values.seldom),
    }));
    expect(refusal([rare, multiple])).not.toThrow();
  });

  it('whose dual variable is steered by what was not given in the same update', () => {
    const rare = compute({ name: 'rare', over: 'rows', every: 2 }, ({ read }) => ({
      seldom: read(batch.rewards),
    }));
    const weight = dual('weight', 1);
    const step = steer({ name: 'weight', dual: weight, optimiser: adam('weight', 1e-2) }, (record) =>
      mean(record.rows(rare.values.seldom)),
    );
    const phases = { online: { steps: [fit, rare, step], metrics: [] } };
    expect(refusal([], { phases, duals: [weight] })).toThrow(/"weight" reads "seldom"/);
  });

  it('with a metric after a step that does not run where it reads', () => {
    const rare = compute({ name: 'rare', over: 'rows', every: 2 }, ({ read }) => ({
      seldom: read(batch.rewards),
    }));
    const phases = {
      online: {
        steps: [fit, rare],
        metrics: [metric('m', fit, (record) => mean(record.rows(rare.values.seldom)))],
      },
    };
    expect(refusal([], { phases })).toThrow(/"m" reads "seldom"/);
  });

  it('with a phase in which nothing learns in every update, so that nothing counts them', () => {
    const { optimiser } = fit.trains!;
    const rare = train({ name: 'rare', network: net, optimiser, every: 2 }, ({ read, apply }) => ({
      loss: squaredError(apply(net, read(batch.observations)), read(batch.rewards)),
    }));
    const phases = { online: { steps: [rare], metrics: [] } };
    expect(refusal([], { phases })).toThrow('no step of the phase "online" learns in every update');
  });

  it('with two steps of the same name, of which one would run twice', () => {
    const down = train({ name: 'fit', network: net, optimiser: adam('other', 1e-2) }, ({ read, apply }) => ({
      loss: squaredError(apply(net, read(batch.observations)), tf.sub(read(batch.rewards), 9)),
    }));
    const phases = { online: { steps: [fit], metrics: [] }, later: { steps: [down], metrics: [] } };
    expect(refusal([], { phases })).toThrow('two parts of an algorithm are called "fit"');
  });

  it('with no phase but one that clones', () => {
    const phases = { clone: { steps: [fit], metrics: [] } };
    expect(refusal([], { phases })).toThrow('an algorithm needs a phase "offline" or "online"');
    expect(refusal([], { phases: { offline: phases.clone } })).not.toThrow();
  });

  it('with a step that is called like one that moves an average', () => {
    const step = compute({ name: 'follow', over: 'rows' }, ({ read }) => ({ reward: read(batch.rewards) }));
    const slow = averaging(null);
    const moves = follow({ name: 'follow', network: slow, rate: 0.1 });
    expect(refusal([step, moves], { networks: [net, crowd, slow] })).toThrow(
      'two parts of an algorithm are called "follow"',
    );
  });

  it('with an average that nothing moves, or that two things move', () => {
    const [own, both] = [averaging(null), averaging(0.1)];
    expect(refusal([], { networks: [net, crowd, own] })).toThrow(
      'nothing moves the average of "slow": it has neither a rate nor a step',
    );
    const moves = (network: typeof own) => [follow({ name: 'moves', network, rate: 0.1 })];
    expect(refusal(moves(own), { networks: [net, crowd, own] })).not.toThrow();
    expect(refusal(moves(both), { networks: [net, crowd, both] })).toThrow(
      'step "moves" moves the average of "slow", which moves by itself: leave its rate to the step',
    );
  });

  it('with an average that is not there, or not declared', () => {
    const moves = (network: typeof net) => [follow({ name: 'moves', network, rate: 0.1 })];
    expect(refusal(moves(net))).toThrow('step "moves" moves an average of "net", which has none');
    expect(refusal(moves(averaging(null)))).toThrow(
      'step "moves" uses the network "slow", which is not declared',
    );
    const { policy } = declarationOf(parts, []);
    expect(refusal([], { policy: { ...policy, averaged: true } })).toThrow(
      'the policy acts by an average of "net", which has none',
    );
  });

  it('with two networks of the same name, which would share their weights', () => {
    const twin = single('net', stateValue(TINY, { features: [3], layerNorm: false }));
    const other = train(
      { name: 'twin', network: twin, optimiser: adam('twin', 1e-2) },
      ({ read, apply }) => ({
        loss: squaredError(apply(twin, read(batch.observations)), read(batch.rewards)),
      }),
    );
    expect(refusal([other], { networks: [net, crowd, twin] })).toThrow(
      'two parts of an algorithm are called "net"',
    );
  });

  it('with a dual variable that is called like a value', () => {
    const copies = compute({ name: 'copies', over: 'rows' }, ({ read }) => ({ reward: read(batch.rewards) }));
    expect(refusal([copies], { duals: [dual('reward', 1)] })).toThrow(
      'two parts of an algorithm are called "reward"',
    );
  });
});

it("a member's value is not mistaken for a value called `opinion0`", async () => {
  const algorithm = algorithmOf((sizes) => {
    const own = tinyParts(sizes);
    const opinions = compute({ name: 'opinions', over: own.crowd }, ({ read, apply }) => ({
      opinion: apply(own.crowd, read(batch.observations)),
    }));
    const rewards = compute({ name: 'rewards', over: 'rows' }, ({ read }) => ({
      opinion0: read(batch.rewards),
    }));
    const compare = compute({ name: 'compare', over: 'rows' }, ({ read, members }) => {
      const [first] = members(opinions.values.opinion);
      return { difference: tf.sub(first, read(rewards.values.opinion0)) };
    });
    const told = metric('difference', compare, (record) => mean(record.rows(compare.values.difference)));
    const phases = { online: { steps: [own.fit, opinions, rewards, compare], metrics: [told] } };
    return declarationOf(own, [], { phases });
  });
  const learner = await createLearner(algorithm, {}, TINY, { seed: 1, threads: 1 });
  expect((await learner.update(randomBatches(1, 1, TINY)))['difference']).not.toBe(0);
  await learner.dispose();
});

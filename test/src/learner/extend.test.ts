import { describe, expect, it } from 'vitest';
import { rlpd } from '../../../src/algorithms/rlpd.js';
import { sac } from '../../../src/algorithms/sac.js';
import { batch, compute, setting } from '../../../src/learner/declare.js';
import { changeStep, extend, extendPhase } from '../../../src/learner/extend.js';
import { createLearner } from '../../../src/learner/learner.js';
import { mean, metric } from '../../../src/learner/metrics.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { dispose, randomBatches, SMALL, SMALL_NETWORKS, smallLearner } from './support.js';

const changed = extend(sac, {
  name: 'changed',
  paper: 'none',
  defaults: { numQs: 7, tau: 0.5 },
  declare: (declaration, { numQs }) => ({
    ...declaration,
    settings: [setting('x', () => numQs)],
  }),
});

it('an algorithm made from another has its options with other defaults, which can be given', () => {
  expect(changed.options.parse({})).toEqual({ ...sac.options.parse({}), numQs: 7, tau: 0.5 });
  expect(changed.options.parse({ numQs: 3 })).toMatchObject({ numQs: 3, tau: 0.5 });
});

it('refuses what the original refuses', () => {
  expect(() => changed.options.parse({ numQs: 0 })).toThrow(/numQs/);
  expect(() => changed.options.parse({ numMinQs: 2 })).toThrow(/numMinQs/);
});

it('has a declaration made from the original’s', () => {
  const { settings, networks } = changed.declare(changed.options.parse({}), SMALL);
  expect(settings?.map(({ name, at }) => [name, at(0)])).toEqual([['x', 7]]);
  expect(networks.map(({ name, members }) => [name, members])).toEqual([
    ['actor', 1],
    ['critic', 7],
  ]);
});

describe('a changed step', () => {
  /** The first metrics and the state of RLPD with a step changed. */
  async function learnt(name: string, change: Parameters<typeof changeStep>[2], threads = 1) {
    const algorithm = extend(rlpd, {
      name: 'rlpd',
      paper: 'none',
      declare: (declaration) => changeStep(declaration, name, change),
    });
    const options = { ...SMALL_NETWORKS, numQs: 3, actorUpdateFreq: 2 };
    const agent = await createLearner(algorithm, options, SMALL, { seed: 1, threads });
    const metrics = await agent.update(randomBatches(1));
    await agent.update(randomBatches(5, 2));
    const [state, shown] = [await agent.getState(), agent.lastBatch()];
    await dispose(agent);
    return { metrics, state, shown };
  }

  const unchanged = () => ({});

  it('keeps what its change leaves out, to the bit, on any number of threads', async () => {
    const original = await smallLearner({ numQs: 3, actorUpdateFreq: 2 });
    const metrics = await original.update(randomBatches(1));
    await original.update(randomBatches(5, 2));
    const wanted = { metrics, state: await original.getState(), shown: original.lastBatch() };
    await dispose(original);
    for (const step of ['next actions', 'critic', 'actor', 'cloning']) {
      expect(await learnt(step, unchanged), step).toEqual(wanted);
    }
    expect(await learnt('critic', unchanged, 3)).toEqual(wanted);
  });

  it('learns by another loss, which may be made from its own', async () => {
    const own = await learnt('critic', unchanged);
    const twice = await learnt('critic', (_, { loss }) => ({ loss: tf.mul(loss!, 2) }));
    const norm = own.metrics['critic_grad_norm'];
    expect(norm).toBeGreaterThan(0);
    expect(twice.metrics['critic_grad_norm']).toBeCloseTo(2 * norm, 5);
  });

  it('gives other values to the steps and metrics that read it', async () => {
    const { metrics } = await learnt('next values', (_, { values }) => ({
      values: { nextQ: tf.mul(values['nextQ'], 0) },
    }));
    expect(metrics['target_q']).toBeCloseTo(mean(randomBatches(1).rewards), 6);
  });

  it('is refused if there is no such step, with those that there are', () => {
    const declaration = sac.declare(sac.options.parse({}), SMALL);
    expect(() => changeStep(declaration, 'critics', unchanged)).toThrow(
      'no step "critics" to change; there are: next actions, next values, critic, policy actions, action gradient, actor',
    );
  });
});

describe('a phase with more to do', () => {
  const declaration = sac.declare(sac.options.parse({}), SMALL);
  const step = (name: string) =>
    compute({ name, over: 'rows' }, ({ read }) => ({ [name]: read(batch.rewards) }));

  it('has the steps before and after its own, and the metrics', () => {
    const [first, last] = [step('first'), step('last')];
    const told = metric('told', last, () => 1);
    const { phases } = extendPhase(declaration, 'online', {
      before: [first],
      after: [last],
      metrics: [told],
    });
    const own = declaration.phases.online!;
    expect(phases.online!.steps).toEqual([first, ...own.steps, last]);
    expect(phases.online!.metrics).toEqual([...own.metrics, told]);
  });

  it('is refused if there is none of that name', () => {
    expect(() => extendPhase(declaration, 'clone', {})).toThrow('no phase "clone" to add to');
  });
});

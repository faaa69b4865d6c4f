import { describe, expect, it } from 'vitest';
import type { Declaration } from '../../../../src/learner/algorithm.js';
import { batch, compute, dual, ensemble, normal, setting, subset } from '../../../../src/learner/declare.js';
import { modelOf } from '../../../../src/learner/engine/model.js';
import { memberMetric, metric } from '../../../../src/learner/metrics.js';
import { stateValue } from '../../../../src/learner/networks.js';
import type { Scope, Step, Value } from '../../../../src/learner/step.js';
import { tf } from '../../../../src/nn/tensorflow.js';
import { declarationOf, TINY, type TinyParts, tinyParts } from '../tiny_algorithm.js';

const parts = tinyParts();
const { net, crowd } = parts;

/** Makes the model of a declaration with these steps, which is to be refused. */
function refusal(
  steps: readonly Step[],
  others: Partial<Declaration> = {},
  of: TinyParts = parts,
): () => void {
  return () => void modelOf(declarationOf(of, steps, others), TINY, 2);
}

/** A step over rows that gives what a function of its scope does. */
const looks = (run: (scope: Scope) => tf.Tensor) =>
  compute({ name: 'looks', over: 'rows' }, (scope) => ({ seen: run(scope) }));

const opinions = compute({ name: 'opinions', over: crowd }, ({ read, apply }) => ({
  opinion: apply(crowd, read(batch.observations)),
}));

const copies = compute({ name: 'copies', over: 'rows' }, ({ read }) => ({ reward: read(batch.rewards) }));

describe('a step that looks at what it may', () => {
  it('is accepted', () => {
    const drawn = subset('drawn', crowd, 1, 'critic-subset');
    const noise = normal('noise', 1);
    const [weight, share] = [dual('weight', 1), setting('share', () => 0.5)];
    const all = looks(({ read, members, chosen, apply }) => {
      const scalars = tf.mul(read(weight), read(share));
      const [first, second] = members(opinions.values.opinion);
      const [some] = chosen(opinions.values.opinion, drawn);
      const own = tf.add(apply(net, read(batch.nextObservations)), read(copies.values.reward));
      return tf.mul(scalars, tf.addN([first, second, some, own, tf.reshape(read(noise), [-1])]));
    });
    const back = compute({ name: 'back', over: crowd }, ({ read }) => ({
      both: tf.add(read(all.values.seen), read(opinions.values.opinion)),
    }));
    expect(refusal([copies, opinions, all, back], { duals: [weight], settings: [share] })).not.toThrow();
  });
});

describe('a step is refused by its name that', () => {
  it('reads what no step before it gives', () => {
    const reads = looks(({ read }) => read(copies.values.reward));
    expect(refusal([reads, copies])).toThrow('step "looks" reads "reward", which no step before it gives');
    expect(refusal([reads])).toThrow('step "looks" reads "reward", which no step before it gives');
  });

  it('reads what a step before it leaves out', () => {
    const maybe = compute({ name: 'maybe', over: 'rows' }, ({ read }) => ({
      given: read(batch.rewards),
      left: tf.tidy((): tf.Tensor | undefined => undefined),
    }));
    const reads = looks(({ read }) => read(maybe.values.left));
    expect(refusal([maybe, reads])).toThrow('step "looks" reads "left", which no step before it gives');
  });

  it('applies an ensemble in a step over rows, or a single network in one over an ensemble', () => {
    const asRows = looks(({ read, apply }) => apply(crowd, read(batch.observations)));
    expect(refusal([asRows])).toThrow(
      'step "looks" applies the network "crowd", which only a step over "crowd" can: hand its result on',
    );
    const asMember = compute({ name: 'asks', over: crowd }, ({ read, apply }) => ({
      answer: apply(net, read(batch.observations)),
    }));
    expect(refusal([asMember])).toThrow(
      'step "asks" applies the network "net", which only a step over rows can: hand its result on',
    );
  });

  it('applies a network over the batch', () => {
    const whole = (run: (scope: Scope) => tf.Tensor) =>
      compute({ name: 'whole', over: 'batch' }, (scope) => ({ answer: run(scope) }));
    const asSingle = whole(({ read, apply }) => apply(net, read(batch.observations)));
    expect(refusal([asSingle])).toThrow(
      'step "whole" applies the network "net", which only a step over rows can',
    );
    const asMember = whole(({ read, apply }) => apply(crowd, read(batch.observations)));
    expect(refusal([asMember])).toThrow('applies the network "crowd", which only a step over "crowd" can');
  });

  it('applies an average that does not exist', () => {
    const averaged = looks(({ read, applyAverage }) => applyAverage(net, read(batch.observations)));
    expect(refusal([averaged])).toThrow('step "looks" applies an average of "net", which has none');
  });

  it('reads one value of an ensemble over rows, or over another ensemble', () => {
    const reads = looks(({ read }) => read(opinions.values.opinion));
    expect(refusal([opinions, reads])).toThrow(
      'step "looks" reads "opinion" of another ensemble: it has one of each member',
    );
    const others = ensemble('others', 2, stateValue(TINY, { features: [3], layerNorm: false }));
    const across = compute({ name: 'across', over: others }, ({ read }) => ({
      foreign: read(opinions.values.opinion),
    }));
    expect(refusal([opinions, across])).toThrow('step "across" reads "opinion" of another ensemble');
  });

  it('takes a value over rows for one of an ensemble', () => {
    const members = looks((scope) => scope.members(copies.values.reward)[0]);
    expect(refusal([copies, members])).toThrow('step "looks" takes "reward" for a value of an ensemble');
    const drawn = subset('drawn', crowd, 1, 'critic-subset');
    const chosen = looks((scope) => scope.chosen(copies.values.reward, drawn)[0]);
    expect(refusal([copies, chosen])).toThrow(
      'step "looks" chooses "reward" among members of another ensemble',
    );
  });

  it('shares values among members unevenly, of unequal shapes, of an ensemble, or with none', () => {
    const { reward } = copies.values;
    const wide = compute({ name: 'wide', over: 'batch' }, ({ read }) => ({
      seenAll: read(batch.observations),
    }));
    const sharing = (over: Step['over'], values: readonly Value[]) =>
      compute({ name: 'shares', over }, ({ own }) => ({ shared: own(values) }));
    expect(refusal([copies, sharing(crowd, [reward])])).not.toThrow();
    expect(refusal([copies, sharing(crowd, [reward, reward, reward])])).toThrow(
      'step "shares" can\'t share "reward|reward|reward" among the 2 members of "crowd"',
    );
    expect(refusal([copies, wide, sharing(crowd, [reward, wide.values.seenAll])])).toThrow(
      'step "shares" can\'t share "reward|seenAll" among the 2 members of "crowd"',
    );
    expect(refusal([opinions, sharing(crowd, [opinions.values.opinion])])).toThrow(
      'step "shares" shares "opinion", of which some are values of an ensemble',
    );
    expect(refusal([copies, sharing('rows', [reward])])).toThrow(
      'step "shares" takes a value of its own member, and is not over an ensemble',
    );
    expect(refusal([sharing(crowd, [reward]), copies])).toThrow('which no step before it gives');
  });

  it('gives what has not a row for each transition', () => {
    const total = looks(({ read }) => tf.sum(read(batch.rewards)));
    expect(refusal([total])).toThrow('step "looks" gives "seen" []; expected 2 rows');
    const doubled = looks(({ read }) => tf.concat([read(batch.rewards), read(batch.rewards)]));
    expect(refusal([doubled])).toThrow('step "looks" gives "seen" [4]; expected 2 rows');
  });
});

describe('two parts of the same name are refused', () => {
  const named = (name: string) => `two parts of an algorithm are called "${name}"`;

  it('as values of two steps', () => {
    const again = compute({ name: 'again', over: 'rows' }, ({ read }) => ({ reward: read(batch.discounts) }));
    expect(refusal([copies, again])).toThrow(named('reward'));
  });

  it('as a value and a column', () => {
    const column = compute({ name: 'column', over: 'rows' }, ({ read }) => ({
      actions: read(batch.rewards),
    }));
    expect(refusal([column])).toThrow(named('actions'));
  });

  it('as noise and a setting', () => {
    const noisy = looks(({ read }) => tf.sum(read(normal('level', 1)), 1));
    expect(refusal([noisy], { settings: [setting('level', () => 1)] })).toThrow(named('level'));
  });
});

describe('a metric is refused', () => {
  it('that reads what no step gives', () => {
    const phases = {
      online: {
        steps: [parts.fit],
        metrics: [metric('reward', parts.fit, (record) => record.rows(copies.values.reward)[0])],
      },
    };
    expect(refusal([], { phases })).toThrow('a metric reads "reward", which no step gives');
  });

  it('of the members of a step that has none', () => {
    expect(() => memberMetric('reward', copies, 'mean', () => 0)).toThrow(
      'metric reward: step copies has no members',
    );
  });
});

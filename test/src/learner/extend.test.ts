import { expect, it } from 'vitest';
import { sac } from '../../../src/algorithms/sac.js';
import { setting } from '../../../src/learner/declare.js';
import { extend } from '../../../src/learner/extend.js';
import { SMALL } from './support.js';

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

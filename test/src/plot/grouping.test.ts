import { describe, expect, it } from 'vitest';
import { groupByConfig, groupByLabel } from '../../../src/plot/grouping.js';
import type { RunCurve } from '../../../src/plot/run_curve.js';
import { tinyConfig } from '../training/tiny_run.js';

const run = (...overrides: string[]): RunCurve => ({
  path: overrides.join(' '),
  metric: 'eval/return',
  config: tinyConfig('exps', overrides),
  points: [{ x: 0, y: 0 }],
});

const summary = (runs: readonly RunCurve[], keys: readonly string[] = []) =>
  groupByConfig(runs, keys).map(({ label, runs: members }) => [label, members.length]);

describe('groupByConfig', () => {
  it('puts runs together that differ only in seed, name and length', () => {
    const runs = [
      run('seed=0', 'logger.exp_name=a'),
      run('seed=1', 'logger.exp_name=b', 'train.steps=400', 'train.eval_freq=40'),
    ];
    expect(summary(runs)).toEqual([['base_rlpd_ms3.yml', 2]]);
  });

  it('labels groups with the keys in which any differ, also where a recipe has its own value', () => {
    const runs = [
      run('seed=0', 'rlpd.num_qs=2'),
      run('seed=1', 'rlpd.num_qs=2'),
      run('rlpd.num_qs=10'),
      run('rlpd.num_qs=10', 'rlpd.tau=0.01'),
    ];
    expect(summary(runs)).toEqual([
      ['num_qs=2, tau=0.005', 2],
      ['num_qs=10, tau=0.005', 1],
      ['num_qs=10, tau=0.01', 1],
    ]);
  });

  it('groups by the given keys alone', () => {
    const runs = [run('rlpd.num_qs=3'), run('rlpd.num_qs=4', 'rlpd.tau=0.01'), run('rlpd.num_qs=4')];
    expect(summary(runs, ['rlpd.num_qs'])).toEqual([
      ['num_qs=3', 1],
      ['num_qs=4', 2],
    ]);
    expect(() => summary(runs, ['sac.num_q'])).toThrow('did you mean "rlpd.num_qs"');
  });
});

describe('groupByLabel', () => {
  it('puts runs of one label together, in the order of the labels', () => {
    const [a, b, c] = [run('seed=0'), run('seed=1'), run('seed=2')];
    const groups = groupByLabel([
      { label: 'x', run: a },
      { label: 'y', run: b },
      { label: 'x', run: c },
    ]);
    expect(groups).toEqual([
      { label: 'x', runs: [a, c] },
      { label: 'y', runs: [b] },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { sweepGrid } from '../../../src/sweep/grid.js';

const RECIPE = 'configs/base_rlpd_ms3.yml';
const names = (...words: string[]) => sweepGrid(RECIPE, words).points.map(({ name }) => name);

describe('sweepGrid', () => {
  it('makes every combination of ranges and lists, by seed first', () => {
    const { axes, points } = sweepGrid(RECIPE, ['seed=1..2', 'rlpd.num_qs=2,10', 'train.steps=20_000']);
    expect(axes).toEqual([
      { key: 'seed', values: ['1', '2'] },
      { key: 'rlpd.num_qs', values: ['2', '10'] },
    ]);
    expect(points.map(({ name }) => name)).toEqual([
      'num_qs-2_seed-1',
      'num_qs-10_seed-1',
      'num_qs-2_seed-2',
      'num_qs-10_seed-2',
    ]);
    expect(points[3].values).toEqual({ seed: '2', 'rlpd.num_qs': '10' });
    expect(points[3].overrides).toEqual(['train.steps=20_000', 'seed=2', 'rlpd.num_qs=10']);
    expect(points[3].config).toMatchObject({ seed: 2, rlpd: { num_qs: 10 }, train: { steps: 20_000 } });
  });

  it('joins ranges and lists, and keeps lists that are values whole', () => {
    expect(names('seed=1..3,7')).toEqual(['seed-1', 'seed-2', 'seed-3', 'seed-7']);
    const { points } = sweepGrid(RECIPE, ['network.actor.arch_cfg.features=[64, 64],[128]', 'rlpd.tau=0.01']);
    expect(points.map(({ config }) => config.network.actor.arch_cfg.features)).toEqual([[64, 64], [128]]);
    expect(points.map(({ name }) => name)).toEqual([
      'network.actor.arch_cfg.features-64-64',
      'network.actor.arch_cfg.features-128',
    ]);
  });

  it('gives each point a folder name of its own', () => {
    expect(names('train.dataset_path=../a b.h5,../a-b.h5')).toEqual([
      'dataset_path-..-a-b.h5',
      'dataset_path-..-a-b.h5.2',
    ]);
    expect(names('rlpd.target_entropy=-16,16')).toEqual(['target_entropy--16', 'target_entropy-16']);
  });

  it.each([
    [['agent.num_qs=2,10'], 'unknown key "agent.num_qs"; did you mean "rlpd.num_qs"'],
    [['seed=1..3', 'train.batch_size=255'], 'must be even'],
    [['rlpd.num_qs=1,2'], 'rlpd.num_min_qs: must not exceed the number of critics (got 2)'],
    [['rlpd.num_qs=2,ten'], 'rlpd.num_qs'],
    [['seed=5..1'], 'write 1..5'],
    [['seed=1,,2'], 'a value is missing'],
    [['seed=1,1'], 'seed-1 and seed-1.2 are the same training'],
    [['seed=1..3', 'seed=4'], 'seed is given twice'],
    [['seed=1'], 'nothing varies'],
    [['seed=1..3', 'logger.exp_name=x'], '--name'],
    [['logger.wandb=True,False'], "can't vary"],
    [['seed=1..20000'], 'more than 10,000 values'],
    [['seed=1..5000', 'demo_seed=1..5'], '25,000 runs are too many'],
    [['seed=1..3', 'tau'], 'key.sub=value'],
  ])('refuses %j', (words, message) => {
    expect(() => sweepGrid(RECIPE, words)).toThrow(UserError);
    expect(() => sweepGrid(RECIPE, words)).toThrow(message);
  });
});

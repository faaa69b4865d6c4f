import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../../src/console_text.js';
import type { Variant } from '../../../src/sweep/results.js';
import type { PointStatus } from '../../../src/sweep/sweep_run.js';
import { progressTable, resultsTable } from '../../../src/sweep/tables.js';
import { tinyConfig } from '../training/tiny_run.js';

const AXES = ['rlpd.num_qs', 'rlpd.tau', 'seed'].map((key) => ({ key, values: [] }));
const SPREAD = { mean: 0.95, std: 0.02, min: 0.9, max: 1 };

function variant(values: Record<string, string>, points = 10): Variant {
  const scores = { last_score: SPREAD, final_score: SPREAD, best_score: SPREAD };
  const others = { final_normalized: null, best_normalized: null, updates: SPREAD };
  const successes = { judged_by: 'success_at_end' as const, ...scores, ...others };
  return { values, points, finished: points, ...successes, seconds: { ...SPREAD, mean: 4000 } };
}

describe('the results of a sweep', () => {
  it.each([
    ['num_qs=2, tau=0.01', { 'rlpd.num_qs': '2', 'rlpd.tau': '0.01' }],
    [`num_qs=${'1,'.repeat(60)}`, { 'rlpd.num_qs': '1,'.repeat(60), 'rlpd.tau': '0.01' }],
  ])('fit in 80 columns with the variant %s', (name, values) => {
    const table = resultsTable(AXES, { recipe: 'x.yml', points: [], variants: [variant(values)] });
    expect(displayWidth(table)).toBeLessThanOrEqual(80);
    expect(table.replace(/[│\s]/g, '')).toContain(name.replace(' ', ''));
    expect(table).toMatch(/│ 10 of 10 │ 0\.95 ± 0\.02 │ 0\.90 │ 1\.00 │/);
  });

  it('say of a variant by which success it is judged, if not by that at the end', () => {
    const once = { ...variant({}, 2), judged_by: 'success_once' as const };
    const table = resultsTable([AXES[2]], { recipe: 'x.yml', points: [], variants: [once] });
    expect(table).toContain('│ all (at any step)');
  });

  it('have one row where only the seed varies', () => {
    const table = resultsTable([AXES[2]], { recipe: 'x.yml', points: [], variants: [variant({}, 2)] });
    expect(table).toMatch(/│ all +│ +2 of 2 │/);
  });
});

describe('the progress of a sweep', () => {
  const point = (name: string, state: PointStatus['state']): PointStatus => ({
    point: { name, config: tinyConfig('exps'), path: name, action: 'start' } as never,
    state,
    progress: { cloneSteps: 0, offlineSteps: 0, envSteps: 40, score: null, rate: 20 },
    error: null,
  });
  const names = Array.from(
    { length: 20 },
    (_, i) => `num_qs-${i}_tau-0.005_actor_use_layer_norm-True_seed-1`,
  );
  const statuses = [...names.map((name) => point(name, 'waiting')), point('the_last', 'running')];

  it.each([
    [10, 80],
    [24, 80],
    [10, 120],
  ])('leaves one of %d lines of %d columns free, and shows what runs first', (lines, columns) => {
    const table = progressTable(statuses, lines, columns);
    expect(table.split('\n').length).toBeLessThan(lines);
    expect(table).toMatch(/┤\n│ the_last +│ running/);
    expect(displayWidth(table)).toBeLessThanOrEqual(columns);
    expect(table).toMatch(/and \d+ more; 1 running, 20 waiting/);
  });

  it('is whole where there is room', () => {
    expect(progressTable(statuses, 50, 120)).not.toContain('more;');
  });
});

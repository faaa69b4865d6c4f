import { describe, expect, it } from 'vitest';
import { rowPoints } from '../../../../scripts/results/points.js';
import { ROWS } from '../../../../scripts/results/rows/all_rows.js';

const trainingRows = ROWS.flatMap((row) => (row.kind === 'training' ? [row] : []));

describe('the rows of RESULTS.md', () => {
  it('have names of their own', () => {
    expect(new Set(ROWS.map(({ id }) => id)).size).toBe(ROWS.length);
    for (const { variants } of trainingRows) {
      expect(new Set(variants.map(({ name }) => name)).size).toBe(variants.length);
    }
  });

  it.each(trainingRows.map((row) => [row.id, row] as const))('%s has valid configurations', (_, row) => {
    const points = rowPoints(row, row.seeds, 'real.h5');
    expect(points).toHaveLength(row.seeds.length * row.variants.length);
    for (const { name } of points) expect(name).toMatch(/^[\w.@+-]+$/);
    const paths = row.datasets.map(({ path }) => path);
    for (const { config } of points) expect([null, 'real.h5', ...paths]).toContain(config.train.dataset_path);
  });

  it("name the user's file only where it is used", () => {
    const row = trainingRows.find(({ id }) => id === 'real_demos')!;
    const [point] = rowPoints(row, [3], '/home/me/real.h5');
    expect(point.config.train.dataset_path).toBe('/home/me/real.h5');
    expect(point.command).toContain('seed=3 train.dataset_path=$REAL_DEMOS');
  });
});

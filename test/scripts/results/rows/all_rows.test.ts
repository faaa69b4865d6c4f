import { describe, expect, it } from 'vitest';
import { environmentEntry } from '../../../../envs/registry.js';
import { type RowPoint, rowPoints } from '../../../../scripts/results/points.js';
import { ROWS } from '../../../../scripts/results/rows/all_rows.js';
import { needsRealDemos } from '../../../../scripts/results/rows/row.js';

/** The name that ManiSkill's tool gives demonstrations that it has replayed. */
const REPLAYED = 'trajectory.state.pd_joint_delta_pos.physx_cpu.h5';

const trainingRows = ROWS.flatMap((row) => (row.kind === 'training' ? [row] : []));

describe('the rows of RESULTS.md', () => {
  it('have names of their own', () => {
    expect(new Set(ROWS.map(({ id }) => id)).size).toBe(ROWS.length);
    for (const { variants } of trainingRows) {
      expect(new Set(variants.map(({ name }) => name)).size).toBe(variants.length);
    }
  });

  it.each(trainingRows.map((row) => [row.id, row] as const))('%s has valid configurations', (_, row) => {
    const points = rowPoints(row, row.seeds, 'real');
    expect(points).toHaveLength(row.seeds.length * row.variants.length);
    for (const { name } of points) expect(name).toMatch(/^[\w.@+-]+$/);
    const paths = row.datasets.map(({ path }) => path);
    const own = ({ config: { env } }: RowPoint) => `real/${env.env_id}/motionplanning/${REPLAYED}`;
    for (const point of points)
      expect([null, own(point), ...paths]).toContain(point.config.train.dataset_path);
  });

  it("name the user's folder only where it is used", () => {
    const row = trainingRows.find(({ id }) => id === 'real_demos')!;
    const [point] = rowPoints(row, [3], '/home/me/real');
    const file = `PickCube-v1/motionplanning/${REPLAYED}`;
    expect(point.config.train.dataset_path).toBe(`/home/me/real/${file}`);
    expect(point.command).toContain(`seed=3 train.dataset_path=$REAL_DEMOS/${file}`);
  });

  it("take ManiSkill's demonstrations of each task, and give its policy as long as these are", () => {
    const row = trainingRows.find(({ id }) => id === 'maniskill_demos')!;
    expect(needsRealDemos(row)).toBe(true);
    for (const { variant, config } of rowPoints(row, [0], 'real')) {
      expect(config.env.env_id).toBe(variant);
      expect(config.train.dataset_path).toBe(`real/${variant}/motionplanning/${REPLAYED}`);
      expect(config.train.phases).toEqual(['clone']);
      expect(config.eval_env.max_episode_steps).toBeGreaterThan(environmentEntry(variant).maxEpisodeSteps);
    }
  });
});

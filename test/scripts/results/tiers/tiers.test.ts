import { expect, it } from 'vitest';
import { expertEnvIds } from '../../../../envs/experts/make_expert.js';
import { offline, tiers } from '../../../../scripts/results/rows/comparison_rows.js';
import { mediumWords, TIERS, tierWords } from '../../../../scripts/results/tiers/tiers.js';
import { comparisonGrid } from '../../../../src/compare/grid.js';
import { loadConfig } from '../../../../src/config/load.js';

it('each tier is made by one command, with a file of its own', () => {
  expect(TIERS.map((tier) => tierWords('PushCube-v1', tier)[0])).toEqual([
    'make_demos',
    'collect',
    'data',
    'make_demos',
    'make_demos',
    'make_demos',
  ]);
  expect(tierWords('PushCube-v1', 'half-failed').join(' ')).toBe(
    'make_demos --output exps/results/demos/tiers/PushCube-v1-half-failed.h5 --env-id PushCube-v1 --num-episodes 200 ' +
      '--failed-share 0.5 --action-noise 0.2',
  );
});

it.each(expertEnvIds())('the training of a medium policy of %s keeps its experience', (envId) => {
  const [, ...words] = mediumWords(envId, 4000);
  const { env, train } = loadConfig('configs/default.yml', words);
  expect(env.env_id).toBe(envId);
  expect(train).toMatchObject({ steps: 4000, save_buffer_in_checkpoints: true });
  // Whole rounds of steps of eight environments: it ends at a multiple of 2,000, where it is looked at.
  expect(2000 % (env.num_envs * train.steps_per_env)).toBe(0);
});

it.each([tiers, offline])('$id has valid trainings, of which none is there twice', async ({ blocks }) => {
  const names: string[] = [];
  for (const { algorithms, datasets, seeds, overrides } of blocks) {
    const { points } = await comparisonGrid({
      algorithms: [...algorithms],
      datasets: datasets.map(({ path }) => path),
      environments: datasets.map(({ envId }) => envId),
      seeds: seeds.map(String),
      overrides: [...overrides],
    });
    expect(points).toHaveLength(algorithms.length * datasets.length * seeds.length);
    for (const { values } of points) expect(datasets.map(({ label }) => label)).toContain(values['dataset']);
    names.push(...points.map(({ name }) => name));
  }
  expect(new Set(names).size).toBe(names.length);
});

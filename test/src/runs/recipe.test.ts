import { expect, it } from 'vitest';
import { loadConfig, recipePaths } from '../../../src/config/load.js';
import { RecipeBook } from '../../../src/runs/recipe.js';

it.each(recipePaths())('a run by %s is known by it, and by what was given to it', (path) => {
  // One learns from experience alone, and others from nothing but data.
  const given = path === 'configs/sac.yml' ? ['train.batch_size', '64'] : ['train.dataset_path', '"mine.h5"'];
  const config = loadConfig(path, [given.join('='), 'train.discount=0.5']);
  const { recipe, overrides } = new RecipeBook([]).compare(config);
  expect(`configs/${recipe}`).toBe(path);
  expect([...overrides]).toEqual([given, ['train.discount', '0.5']]);
});

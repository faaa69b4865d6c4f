import { expect, it } from 'vitest';
import { loadConfig, recipePaths } from '../../../src/config/load.js';
import { RecipeBook } from '../../../src/runs/recipe.js';

it.each(recipePaths())('a run by %s is known by it, and by what was given to it', (path) => {
  const config = loadConfig(path, ['train.dataset_path=mine.h5', 'train.discount=0.5']);
  const { recipe, overrides } = new RecipeBook([]).compare(config);
  expect(`configs/${recipe}`).toBe(path);
  expect([...overrides]).toEqual([
    ['train.dataset_path', '"mine.h5"'],
    ['train.discount', '0.5'],
  ]);
});

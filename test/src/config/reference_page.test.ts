import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { referencePage } from '../../../src/config/reference_page.js';
import { configKeys } from '../../../src/config/suggest.js';

const page = readFileSync('docs/configuration.md', 'utf8');

it('docs/configuration.md is what `npm run docs` writes', () => {
  expect(page).toBe(referencePage());
});

it('has a line for every key, with its default', () => {
  for (const key of configKeys()) expect(page).toContain(`| \`${key}\` | \``);
  expect(page).toContain('| `rlpd.num_min_qs` | `2` | target critics drawn');
  expect(page).toContain('| `train.actor_lr` | `None` |');
  expect(page).toContain('| `iql.expectile` | `0.7` |');
});

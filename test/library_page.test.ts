import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as envs from '../envs/index.js';
import * as datasets from '../src/datasets/index.js';
import * as library from '../src/index.js';

/** The names in the first column of the page's table of what is exported from `entry`. */
function namesOnPage(entry: string): string[] {
  const page = readFileSync('docs/library.md', 'utf8');
  const [table] = page.split(`| From \`${entry}\` |`)[1].split('\n\n');
  const cells = table.split('\n').map((row) => row.split('|')[1] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name));
}

it.each([
  ['rlpd', library],
  ['rlpd/envs', envs],
  ['rlpd/datasets', datasets],
])("the library's page has every export of %s, and no more", (entry, module) => {
  expect(namesOnPage(entry).toSorted()).toEqual(Object.keys(module).toSorted());
});

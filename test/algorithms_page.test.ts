import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALGORITHMS } from '../src/algorithms/registry.js';

const page = readFileSync('docs/algorithms.md', 'utf8');
const [, list] = page.split('\n## The algorithms\n');
const entries = list.split('\n## ')[0].split(/\n- /).slice(1);

/** The two lines about an algorithm. */
function entryOf(name: string): string {
  return entries.find((entry) => entry.startsWith(`\`${name}\`: `))!;
}

describe.each(Object.values(ALGORITHMS))('the page about $name', ({ name, paper }) => {
  it('cites its paper and its recipe', () => {
    const [source] = /(arXiv \S+|doi \S+)$/.exec(paper)!;
    expect(entryOf(name).replace(/\s+/g, ' ')).toContain(source);
    const recipes = [...entryOf(name).matchAll(/`(configs\/\w+\.yml)`/g)].map(([, path]) => path);
    for (const path of recipes) expect(existsSync(path), path).toBe(true);
    const own = `configs/${name}.yml`;
    if (existsSync(own)) expect(recipes).toContain(own);
    else expect(recipes.length > 0 || entryOf(name).includes(`algo=${name}`)).toBe(true);
  });
});

it('the page has no algorithm that there is not', () => {
  const names = entries.map((entry) => /^`(\w+)`/.exec(entry)![1]);
  expect(names.toSorted()).toEqual(Object.keys(ALGORITHMS).toSorted());
});

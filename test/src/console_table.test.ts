import { describe, expect, it } from 'vitest';
import { consoleTable, type TableContent } from '../../src/console_table.js';
import { displayWidth } from '../../src/console_text.js';

const LONG_NAME = 'sweep/num_qs-10_seed-12';

const content: TableContent = {
  head: ['run', 'status', { long: 'success at end', short: 'success' }],
  textColumns: 2,
  rows: [
    ['a', 'finished', { long: '0.50 at 160', short: '0.50' }],
    [LONG_NAME, 'failed', '-'],
  ],
  notes: { head: 'note', texts: ['as it is', 'no space left\non the disk'] },
};

const linesOf = (table: string) => table.split('\n');

describe('a console table', () => {
  it('has notes in a column where they have room', () => {
    const lines = linesOf(consoleTable(content, 80));
    expect(lines[1]).toMatch(/^│ run +│ status +│ success at end │ note +│$/);
    expect(lines[3]).toMatch(/^│ a +│ finished │ +0\.50 at 160 │ as it is +│$/);
  });

  it('has notes below their rows where they have not', () => {
    const lines = linesOf(consoleTable(content, 60));
    expect(lines[3]).toMatch(/^│ a +│ finished │ +0\.50 at 160 │$/);
    expect(lines[4]).toMatch(/^│ {3}as it is +│$/);
    expect(lines.slice(6, 8).map((line) => line.slice(1, -1).trim())).toEqual([
      'no space left',
      'on the disk',
    ]);
  });

  it('shortens cells, and gives names a line of their own, where it would be too wide', () => {
    const lines = linesOf(consoleTable(content, 40));
    expect(lines[1]).toMatch(/^│ run +│ status +│ success │$/);
    expect(lines[3]).toMatch(/^│ a +│ finished │ +0\.50 │$/);
    expect(lines[5]).toMatch(new RegExp(`^│ ${LONG_NAME} +│$`));
    expect(lines[6]).toMatch(/^│ +│ failed +│ +- │$/);
  });

  it.each([30, 40, 60, 80, 120])('fits in %d columns, and all lines end in one column', (width) => {
    const names = ['日本語のラン', 'Käse/größer', '👩‍🚀', LONG_NAME.repeat(4)];
    const rows = names.map((name) => [name, 'finished', '1']);
    const table = consoleTable({ ...content, rows, notes: { head: 'note', texts: names } }, width);
    const widths = new Set(linesOf(table).map(displayWidth));
    expect(widths.size).toBe(1);
    expect([...widths][0]).toBeLessThanOrEqual(width);
  });

  it('loses nothing of a name that is longer than the table', () => {
    const name = LONG_NAME.repeat(4);
    const lines = linesOf(consoleTable({ ...content, rows: [[name, 'failed', '-']] }, 40));
    const letters = lines.slice(3).join('').replace(/[│ ]/g, '');
    expect(letters).toContain(name);
  });
});

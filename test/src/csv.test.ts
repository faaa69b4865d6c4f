import { expect, it } from 'vitest';
import { csvText } from '../../src/csv.js';

it('cells with commas or quotes are quoted, and nothing stands for null', () => {
  const rows = [
    { name: 'a "b", c', value: 0.5 },
    { name: 'd', value: null },
  ];
  expect(csvText(['name', 'value'], rows)).toBe('name,value\n"a ""b"", c",0.5\nd,\n');
});

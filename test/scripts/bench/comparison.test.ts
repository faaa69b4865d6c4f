import { expect, it } from 'vitest';
import { comparisonTable, formatTime } from '../../../scripts/bench/comparison.js';

it('writes times in the unit that suits them', () => {
  expect([0.0512, 8.294, 39.06, 2104, 1.8204e6].map(formatTime)).toEqual([
    '51.2 µs',
    '8.29 ms',
    '39.1 ms',
    '2.10 s',
    '1820 s',
  ]);
});

it('puts what was compared side by side', () => {
  const table = comparisonTable([
    { name: 'update', milliseconds: 9, other: 'JAX', otherMilliseconds: 12, ratio: 0.75 },
  ]);
  expect(table).toMatch(/update.*9\.00 ms.*JAX.*12\.0 ms.*0\.75/);
});

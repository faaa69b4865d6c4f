import { expect, test } from 'vitest';
import { cutAtFlags, timeoutsByLimit } from '../../../../../src/datasets/formats/d4rl/cuts.js';

function flagged(rows: number, ...set: number[]): Uint8Array {
  return Uint8Array.from({ length: rows }, (_, row) => (set.includes(row) ? 1 : 0));
}

const starts = (terminals: Uint8Array, timeouts: Uint8Array) =>
  cutAtFlags(terminals, timeouts).map(({ from }) => from);

test('an episode ends with a row that has one of the flags, or both, and the last one with the last row', () => {
  const [terminals, timeouts] = [flagged(9, 1, 4, 5), flagged(9, 3, 4)];
  expect(cutAtFlags(terminals, timeouts)).toEqual([
    { from: 0, to: 2 },
    { from: 2, to: 4 },
    { from: 4, to: 5 },
    { from: 5, to: 6 },
    { from: 6, to: 9 },
  ]);
  expect(cutAtFlags(flagged(3, 2), flagged(3))).toEqual([{ from: 0, to: 3 }]);
});

test('without timeouts, episodes begin where the environment was reset, not where d4rl counts to', () => {
  // CartPole with a limit of 20 steps, which fell over at rows 34 and 88: observations are a fresh state's at these rows.
  const terminals = flagged(130, 34, 88);
  expect(starts(terminals, timeoutsByLimit(terminals, 20))).toEqual([0, 20, 35, 55, 75, 89, 109, 129]);
});

test('a step that terminates at the limit is no timeout', () => {
  expect([...timeoutsByLimit(flagged(6, 2), 3)]).toEqual([0, 0, 0, 0, 0, 1]);
  expect([...timeoutsByLimit(flagged(6, 3), 3)]).toEqual([0, 0, 1, 0, 0, 0]);
});

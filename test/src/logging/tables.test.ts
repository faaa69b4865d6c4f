import { expect, it } from 'vitest';
import { displayWidth } from '../../../src/console_text.js';
import { summaryTable } from '../../../src/logging/tables.js';

it('an evaluation fits in 80 columns, whatever its numbers', () => {
  const spread = { mean: 0.98765, median: -12345.6, std: 0.000123, min: -0.012345, max: 123456 };
  const title = 'evaluation of 100 episodes at 1000000 env steps, 1 h 48 min';
  const spreads = { return: spread, reward: spread, episode_len: spread, first_success_step: spread };
  const table = summaryTable(title, { episodes: 100, success_once: 1, success_at_end: 0.9876, ...spreads });
  expect(displayWidth(table)).toBeLessThanOrEqual(80);
  expect(table).toMatch(/│ success_at_end +│ 0\.9876 │/);
  expect(table).toMatch(/│ return +│ 0\.9877 │ -12350 │ 1\.23e-4 │ -0\.01235 │ 123 456 │/);
});

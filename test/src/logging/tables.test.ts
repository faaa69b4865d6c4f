import { expect, it } from 'vitest';
import { displayWidth } from '../../../src/console_text.js';
import {
  namedScore,
  scoreText,
  scoreWord,
  summaryMetrics,
  summaryTable,
} from '../../../src/logging/tables.js';
import { summariseEpisodes } from '../../../src/rollout/episode_stats.js';

it('an evaluation fits in 80 columns, whatever its numbers', () => {
  const spread = { mean: 0.98765, median: -12345.6, std: 0.000123, min: -0.012345, max: 123456 };
  const title = 'evaluation of 100 episodes at 1000000 env steps, 1 h 48 min';
  const spreads = { return: spread, reward: spread, episode_len: spread, first_success_step: spread };
  const table = summaryTable(title, { episodes: 100, success_once: 1, success_at_end: 0.9876, ...spreads });
  expect(displayWidth(table)).toBeLessThanOrEqual(80);
  expect(table).toMatch(/│ success_at_end +│ 0\.9876 │/);
  expect(table).toMatch(/│ return +│ 0\.9877 │ -12350 │ 1\.23e-4 │ -0\.01235 │ 123 456 │/);
});

it('an evaluation of a task without success tells of none', () => {
  const episode = { env: 0, return: 30, reward: 3, length: 10, successOnce: false, successAtEnd: false };
  const summary = summariseEpisodes([{ ...episode, firstSuccessStep: null }], 'return');
  expect(Object.keys(summaryMetrics(summary)).filter((name) => name.includes('success'))).toEqual([]);
  expect(summaryMetrics(summary)).toMatchObject({ episodes: 1, return: 30, return_min: 30, episode_len: 10 });
  expect(summaryTable('evaluation', summary)).not.toContain('success');
  expect(summaryTable('evaluation', summary)).toMatch(/│ return +│ +30 │/);
  expect(summaryTable('evaluation', summary)).not.toContain('normalized');
  expect(summaryTable('evaluation', summary, 1.55)).toMatch(/│ normalized_score +│ +1\.55 │/);
});

it('scores are told as what they are', () => {
  expect(scoreText('success_once', 0.5)).toBe('0.50');
  expect(scoreText('return', 2975.31)).toBe('2975');
  expect(namedScore('return', 2975.31, 91.234)).toBe('return 2975, normalized score 91.2');
  expect(namedScore('success_at_end', 0.5, null)).toBe('success_at_end 0.50');
  expect(scoreWord(['success_once', 'success_at_end', null])).toBe('success');
  expect(scoreWord(['return', null])).toBe('return');
  expect(scoreWord(['return', 'success_at_end'])).toBe('score');
});

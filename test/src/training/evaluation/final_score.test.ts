import { expect, it } from 'vitest';
import { finalScore, finalWords } from '../../../../src/training/evaluation/final_score.js';

it('a run is reported by the mean of its last five evaluations', () => {
  expect(finalScore([100, 1, 2, 3, 4, 10])).toBe(4);
  expect(finalScore([1, 2])).toBe(1.5);
  expect(finalScore([])).toBeNull();
  expect(finalWords(6)).toBe('the last 5 evaluations');
  expect(finalWords(2)).toBe('the last 2 evaluations');
  expect(finalWords(1)).toBe('the only evaluation');
});

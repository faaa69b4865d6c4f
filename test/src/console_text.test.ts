import { expect, it } from 'vitest';
import { displayWidth, wrapText } from '../../src/console_text.js';

it('counts the columns of a text, not its letters', () => {
  expect(['ä', '日本', '👩‍🚀', '', 'a\nabc'].map(displayWidth)).toEqual([1, 4, 2, 0, 3]);
});

it.each([
  ['a text of words', 7, ['a text', 'of', 'words']],
  ['see /home/me/demos/all.h5', 12, ['see', '/home/me/', 'demos/all.h5']],
  ['abcdefgh', 3, ['abc', 'def', 'gh']],
  ['日本語', 4, ['日本', '語']],
  ['', 4, ['']],
])('wraps %j at %d columns', (text, width, lines) => {
  expect(wrapText(text, width)).toEqual(lines);
});

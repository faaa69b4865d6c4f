import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expandHome, shortenHome } from '../../../src/files/paths.js';

test('a tilde stands for the home folder, only as a whole first part of a path', () => {
  expect(expandHome('~/demos/a.h5')).toBe(join(homedir(), 'demos/a.h5'));
  expect(expandHome('~')).toBe(homedir());
  expect(['~user/a', './~/a', 'a/~'].map(expandHome)).toEqual(['~user/a', './~/a', 'a/~']);
  expect(shortenHome(join(homedir(), 'demos/a.h5'))).toBe('~/demos/a.h5');
  expect([`${homedir()}less/a`, 'demos/a'].map(shortenHome)).toEqual([`${homedir()}less/a`, 'demos/a']);
});

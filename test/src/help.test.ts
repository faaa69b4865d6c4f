import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { main } from '../../src/cli.js';
import { displayWidth } from '../../src/console_text.js';
import { rememberSaid } from '../said.js';

let said: { text: string };
beforeEach(() => {
  said = rememberSaid();
});
afterEach(() => {
  vi.restoreAllMocks();
});

it('every help text fits in 80 columns', async () => {
  const texts = await helpTexts([]);
  expect(Object.keys(texts)).toEqual(expect.arrayContaining(['', 'train', 'make_demos', 'data download']));
  const long = Object.values(texts)
    .flatMap((text) => text.split('\n'))
    .filter((line) => displayWidth(line) > 80);
  expect(long).toEqual([]);
});

/** The help of a command and of all that it lists, by their words. */
async function helpTexts(words: readonly string[]): Promise<Record<string, string>> {
  said.text = '';
  expect(await main([...words, '--help'])).toBe(0);
  const { text } = said;
  const list = text.split('\nCommands:\n')[1] ?? '';
  const names = [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name).filter((name) => name !== 'help');
  const pages = { [words.join(' ')]: text };
  for (const name of names) Object.assign(pages, await helpTexts([...words, name]));
  return pages;
}

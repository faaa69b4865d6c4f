import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { main } from '../../../src/cli.js';
import { rememberSaid } from '../../said.js';
import { folderOfTest } from '../../temporary_folder.js';

let folder: string;
let said: { text: string };
beforeEach(() => {
  folder = folderOfTest();
  said = rememberSaid();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const make = (...words: string[]) =>
  main(['make_demos', '--output', join(folder, 'random.h5'), '--num-episodes', '2', ...words]);

it('chance takes the number of episodes and the seed', async () => {
  expect(await make('--policy', 'random', '--seed', '3')).toBe(0);
  expect(said.text).toContain('random.h5: 2 episodes');
  expect(said.text).toContain('success at the end 0.0 %, at any step 0.0 %, none succeeds');
});

it.each(['--speed', '--action-noise', '--imperfect-share'])('chance takes no %s', async (flag) => {
  expect(await make('--policy', 'random', flag, '0.5')).toBe(1);
  expect(said.text).toContain(`error: ${flag} is for the scripted expert, and --policy random has none`);
  expect(existsSync(join(folder, 'random.h5'))).toBe(false);
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { main } from '../../../src/cli.js';
import { displayWidth } from '../../../src/console_text.js';
import { rememberSaid } from '../../said.js';

const REACH = 'test/fixtures/minari/reach';

let said: { text: string };
beforeEach(() => {
  said = rememberSaid();
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const head = (...words: string[]) => main(['data', 'head', ...words]);
const cells = (name: string) =>
  said.text
    .split('\n')
    .filter((line) => line.startsWith(`│ ${name} `))
    .map((line) =>
      line
        .split('│')
        .slice(2, -1)
        .map((cell) => cell.trim()),
    );

it('shows the first rows, as many beside each other as have room', async () => {
  expect(await head(REACH, '-n', '5')).toBe(0);
  expect(said.text).toContain(`${REACH}: episode_0, episode 0 of 2, 12 steps, seed 0`);
  expect(cells('step')).toEqual([['0', '1', '2', '3'], ['4']]);
  expect(cells('actions/_0')[0]).toEqual(['1', '2', '2', '0']);
  expect(cells('rewards')[0]).toEqual(['-2.1818', '-1.9014', '-2.052', '-2.052']);
  expect(cells('observations/mission')[0][0]).toBe('drück de…');
  expect(said.text).toContain('observations/image, mean of uint8 [32, 32, 3]');
  expect(Math.max(...said.text.split('\n').map(displayWidth))).toBeLessThanOrEqual(80);
});

it('shows long rows as far as 12 numbers, or whole', async () => {
  expect(await head('test/fixtures/demos/pick_cube.h5', '--episode', '2', '-n', '1')).toBe(0);
  expect(said.text).toContain('traj_10, episode 2 of 3');
  expect(said.text).toContain('observations: 30 more');
  said.text = '';
  expect(await head('test/fixtures/demos/pick_cube.h5', '-n', '1', '--all')).toBe(0);
  expect(cells('observations 41').length).toBe(1);
});

it('refuses an episode that is not there', async () => {
  expect(await head(REACH, '--episode', '2')).toBe(1);
  expect(said.text).toContain(`${REACH} has 2 episodes: --episode takes 0 to 1`);
});

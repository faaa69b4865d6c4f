import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { main } from '../../../src/cli.js';
import { rememberSaid } from '../../said.js';
import { folderOfTest } from '../../temporary_folder.js';

const PICK_CUBE = 'test/fixtures/demos/pick_cube.h5';
const REACH = 'test/fixtures/minari/reach';

let said: { text: string };
beforeEach(() => {
  said = rememberSaid();
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const diff = async (...words: string[]) => {
  process.exitCode = undefined;
  return main(['data', 'diff', ...words]);
};

it('tells what is the same, and ends with 1 where something differs', async () => {
  expect(await diff(PICK_CUBE, PICK_CUBE)).toBe(0);
  expect(said.text).toContain(`the same 3 episodes in ${PICK_CUBE} and ${PICK_CUBE}`);
  expect(await diff(REACH, `${REACH}_arrow`)).toBe(1);
  expect(said.text).toContain(
    `episode_1:\n  observations/image differs in 11 rows, first in row 2, number 1488: 0 in ${REACH}, 1 in ${REACH}_arrow`,
  );
  expect(said.text).toContain(
    `1 episode the same, 1 different, 0 only in ${REACH}, 0 only in ${REACH}_arrow`,
  );
});

it('names the episodes that one lacks', async () => {
  const output = join(folderOfTest(), 'first.h5');
  expect(await main(['data', 'filter', PICK_CUBE, '--where', 'index < 1', '--output', output])).toBe(0);
  expect(await diff(output, PICK_CUBE)).toBe(1);
  expect(said.text).toContain(`only in ${PICK_CUBE}: 2 episodes: traj_2, traj_10`);
  expect(said.text).toContain('1 episode the same, 0 different, 0 only in');
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { main } from '../../../src/cli.js';
import { rememberSaid } from '../../said.js';
import { folderOfTest } from '../../temporary_folder.js';

const PICK_CUBE = 'test/fixtures/demos/pick_cube.h5';

let folder: string;
let said: { text: string };
beforeEach(() => {
  folder = folderOfTest();
  said = rememberSaid((text) => {
    if (stopAt && text.includes(stopAt)) process.emit('SIGINT');
  });
});
afterEach(() => {
  stopAt = null;
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** The text at which Ctrl-C is pressed. */
let stopAt: string | null = null;

const convert = (to: string, output: string) =>
  main(['data', 'convert', PICK_CUBE, '--to', to, '--output', join(folder, output)]);

it('ends with a table of what was kept, lost and added, and how much was read again', async () => {
  expect(await convert('minari', 'pick-v0')).toBe(0);
  const rows = said.text.split('\n').filter((line) => line.startsWith('│'));
  const cells = rows.map((row) =>
    row
      .split('│')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  expect(cells).toContainEqual(['observations', 'kept', 'all']);
  expect(cells).toContainEqual(['terminated', 'lost', 'all']);
  expect(cells).toContainEqual(['truncated', 'lost', '2 of 3']);
  expect(cells).toContainEqual(['metadata', 'added', '-']);
  expect(cells).toContainEqual(['before the last step']);
  expect(said.text).toContain('pick-v0: Minari, 3 episodes, 203 steps, read again and the same');
  expect(said.text).toMatch(/written 3\/3 episodes/);
  expect(said.text).toMatch(/read again 3\/3 episodes/);
});

it.each(['written', 'read again'])(
  'leaves nothing where Ctrl-C is pressed while episodes are %s',
  async (moment) => {
    stopAt = `${moment} 0/3`;
    expect(await convert('d4rl', 'pick.hdf5')).toBe(130);
    expect(said.text).toContain(`interrupted: ${join(folder, 'pick.hdf5')} was not written`);
    expect(readdirSync(folder)).toEqual([]);
  },
);

it('names the formats that there are, and the path that each has', async () => {
  expect(await convert('rlds', 'pick')).toBe(1);
  expect(said.text).toContain('Allowed choices are maniskill, minari, robomimic, d4rl');
  expect(await convert('minari', 'pick')).toBe(1);
  expect(said.text).toContain(
    `${join(folder, 'pick')}: a dataset of Minari is a folder with a name such as pick-v0`,
  );
  expect(readdirSync(folder)).toEqual([]);
});

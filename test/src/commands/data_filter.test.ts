import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { main } from '../../../src/cli.js';
import { openDataset } from '../../../src/datasets/registry.js';
import { rememberSaid } from '../../said.js';
import { folderOfTest } from '../../temporary_folder.js';

const PICK_CUBE = 'test/fixtures/demos/pick_cube.h5';
const LOW_DIM = 'test/fixtures/robomimic/low_dim.hdf5';

let folder: string;
let said: { text: string };
beforeEach(() => {
  folder = folderOfTest();
  said = rememberSaid();
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const data = (command: string, path: string, output: string, ...words: string[]) =>
  main(['data', command, path, '--output', join(folder, output), ...words]);

async function seedsOf(output: string): Promise<(bigint | null)[]> {
  const dataset = await openDataset(join(folder, output));
  const seeds: (bigint | null)[] = [];
  for await (const { seed } of dataset.episodes()) seeds.push(seed);
  dataset.close();
  return seeds;
}

it('filter writes the episodes for which a condition holds, and says how many', async () => {
  expect(await data('filter', PICK_CUBE, 'some.h5', '--where', 'seed >= 2 and success_once')).toBe(0);
  expect(await seedsOf('some.h5')).toEqual([2n, 10n]);
  expect(said.text).toContain('all episodes are the same to the bit as before');
  expect(said.text).toMatch(/some\.h5: ManiSkill, 2 episodes of 3, \d+ steps, read again and the same/);
});

it('filter writes the best', async () => {
  expect(await data('filter', PICK_CUBE, 'best.h5', '--top', '0.34', '--by', '-length')).toBe(0);
  expect(await seedsOf('best.h5')).toEqual([2n]);
  expect(said.text).toContain('-length is -50 or more');
});

it('filter refuses what makes no sense, and leaves nothing', async () => {
  expect(await data('filter', PICK_CUBE, 'some.h5', '--where', 'lenght > 3')).toBe(1);
  expect(said.text).toContain('no episode has lenght; did you mean length?:\n  lenght > 3\n  ^');
  expect(await data('filter', PICK_CUBE, 'some.h5')).toBe(1);
  expect(said.text).toContain('give --where, a condition for episodes, or --top');
  expect(await data('filter', PICK_CUBE, 'some.h5', '--where', 'true', '--by', 'length')).toBe(1);
  expect(said.text).toContain('--by is for --top only');
  expect(await data('filter', PICK_CUBE, 'some.h5', '--top', '0')).toBe(1);
  expect(said.text).toContain('Expected a number above 0 and up to 1');
  expect(readdirSync(folder)).toEqual([]);
});

it('sample draws episodes by the seed, and whole ones until there are enough steps', async () => {
  for (const output of ['a.hdf5', 'b.hdf5']) expect(await data('sample', LOW_DIM, output, '-n', '4')).toBe(0);
  const lengths = async (output: string) => {
    const dataset = await openDataset(join(folder, output));
    const found: number[] = [];
    for await (const { length } of dataset.episodes()) found.push(length);
    dataset.close();
    return found;
  };
  expect(await lengths('a.hdf5')).toEqual(await lengths('b.hdf5'));
  expect((await lengths('a.hdf5')).length).toBe(4);
  expect(await data('sample', LOW_DIM, 'c.hdf5', '-n', '30', '--steps')).toBe(0);
  const steps = (await lengths('c.hdf5')).reduce((sum, length) => sum + length, 0);
  expect(steps).toBeGreaterThanOrEqual(30);
  expect(steps).toBeLessThan(30 + 12);
  expect(await data('sample', LOW_DIM, 'd.hdf5', '-n', '13')).toBe(1);
  expect(said.text).toContain(`${LOW_DIM} has 12 episodes, not 13`);
  expect(await data('sample', LOW_DIM, 'd.hdf5', '-n', '1000', '--steps')).toBe(1);
  expect(said.text).toMatch(/low_dim\.hdf5 has \d+ steps, not 1000/);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { main } from '../../../src/cli.js';
import { rememberSaid } from '../../said.js';
import { folderOfTest } from '../../temporary_folder.js';

const PENDULUM = 'test/fixtures/minari/pendulum';

let said: { text: string };
beforeEach(() => {
  said = rememberSaid();
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const stats = (...words: string[]) => main(['data', 'stats', PENDULUM, ...words]);

it('shows a table of each column, and draws', async () => {
  const folder = folderOfTest();
  expect(await stats('--plot', join(folder, 'all.svg'))).toBe(0);
  expect(said.text).toContain('observations  float32 [3]');
  expect(said.text).toMatch(/│ +│ +mean │ +dev\. │ +min │ +q10 │ +q50 │ +q90 │ +max │/);
  expect(said.text).toMatch(/│ lengths +│/);
  expect(said.text).toContain('all.svg: 7 histograms');
  const picture = readFileSync(join(folder, 'all.svg'), 'utf8');
  expect(picture).toContain('observations 2');
  expect(await stats('--plot', join(folder, 'all.png'))).toBe(0);
  expect([...readFileSync(join(folder, 'all.png')).subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
  expect(await stats('--plot', join(folder, 'all.svg'))).toBe(1);
  expect(said.text).toContain('all.svg exists already');
  expect(readFileSync(join(folder, 'all.svg'), 'utf8')).toBe(picture);
  expect(readdirSync(folder).toSorted()).toEqual(['all.png', 'all.svg']);
});

it('prints JSON for programs', async () => {
  expect(await stats('--json')).toBe(0);
  const { columns, episodes } = JSON.parse(said.text.slice(said.text.indexOf('{')));
  expect(episodes).toBe(6);
  expect(Object.keys(columns)).toEqual(['observations', 'actions', 'rewards']);
  expect(columns.actions.series[0]).toMatchObject({ min: expect.any(Number), q01: expect.any(Number) });
});

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { main } from '../../../src/cli.js';
import { rememberSaid } from '../../said.js';
import { folderOfTest } from '../../temporary_folder.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
});

it('lists what there is, by names that other commands take', async () => {
  const folder = folderOfTest();
  vi.stubEnv('HOME', folder);
  vi.stubEnv('MINARI_DATASETS_PATH', '');
  const said = rememberSaid();
  expect(await main(['data', 'list'])).toBe(0);
  expect(said.text).toContain('none of these folders is there: ~/.rlpd, ~/.minari/datasets,');
  cpSync('test/fixtures/minari/pendulum', join(folder, '.minari/datasets/pendulum/expert-v1'), {
    recursive: true,
  });
  expect(await main(['data', 'list'])).toBe(0);
  expect(said.text).toContain('Minari, ~/.minari/datasets\n');
  expect(said.text).toMatch(/│ pendulum\/expert-v1 │ Minari │ +6 │ +[\d.]+ kB │/);
  expect(await main(['data', 'verify', 'pendulum/expert-v1'])).toBe(0);
  expect(said.text).toContain('expert-v1: 6 episodes, 144 steps: no problems');
  expect(await main(['data', 'list', 'test/fixtures/robomimic'])).toBe(0);
  expect(said.text).toMatch(/│ low_dim\.hdf5 +│ robomimic │ +12 │/);
});

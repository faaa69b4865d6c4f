import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { createRunFolder } from '../../../src/training/folder/run_folder.js';
import { spaceNeeds } from '../../../src/training/space.js';
import { train } from '../../../src/training/train.js';
import { folderOfTest } from '../../temporary_folder.js';
import { silentDisplay, stopAtLook, tinyConfig } from './tiny_run.js';

let workspace: string;
beforeEach(() => {
  workspace = folderOfTest();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const PICK_CUBE = { observationDim: 42, actionDim: 8 };
const MB = 1e6;

function needs(overrides: readonly string[]) {
  const config = loadConfig('configs/base_rlpd_ms3.yml', ['train.steps=200_000', ...overrides]);
  return spaceNeeds(config, PICK_CUBE, 50_000, 10 * MB);
}

test('the buffer grows with the steps, up to its capacity', () => {
  expect(needs([])).toMatchObject({ transitions: 200_000, replay: 74.6 * MB, demos: 18.65 * MB });
  expect(needs(['train.replay_buffer_capacity=100_000'])).toMatchObject({
    transitions: 100_000,
    replay: 37.3 * MB,
  });
});

test('checkpoints are the numbered ones, latest and best; each with its buffer if that is saved', () => {
  expect(needs([]).checkpoints).toBe(6 * 10 * MB);
  expect(needs(['train.keep_checkpoints=1']).checkpoints).toBe(3 * 10 * MB);
  const buffers = ['train.save_buffer_in_checkpoints=True'];
  expect(needs(buffers).checkpoints).toBeCloseTo((6 * 10 + 74.6 * (1 / 4 + 2 / 4 + 3 / 4 + 1 + 1)) * MB);
  expect(needs([...buffers, 'train.keep_checkpoints=1']).checkpoints).toBe((3 * 10 + 2 * 74.6) * MB);
});

async function notesOf(overrides: readonly string[]): Promise<string> {
  const config = tinyConfig(workspace, overrides);
  const display = silentDisplay();
  await train(config, await createRunFolder(config), null, display, stopAtLook(1));
  return display.notes.join('\n');
}

test('a run says what it will take, and warns where that is not there', async () => {
  const modest = await notesOf([]);
  expect(modest).toMatch(
    /memory: the replay buffer grows to 59\.7 kB \(160 transitions\), demonstrations take 75\.7 kB; /,
  );
  expect(modest).not.toContain('warning');
  vi.spyOn(process, 'availableMemory').mockReturnValue(20_000);
  expect(await notesOf([])).toMatch(
    /warning: memory will run out: lower train\.replay_buffer_capacity below 53$/m,
  );
  expect(await notesOf(['train.steps=1_000_000_000_000', 'train.save_freq=1_000_000'])).toContain(
    'warning: the disk will run out: checkpoints take',
  );
});

import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Config } from '../../../src/config/schema.js';
import { THREADS_VARIABLE } from '../../../src/runtime/node/thread_count.js';
import { closeRun, createRun } from '../../../src/training/create_run.js';
import { createRunFolder, type RunFolder } from '../../../src/training/folder/run_folder.js';
import { folderOfTest } from '../../temporary_folder.js';
import { spawned } from '../runtime/node/spawned_workers.js';
import { silentDisplay, tinyConfig } from './tiny_run.js';

vi.mock('node:worker_threads', async (importOriginal) => {
  const { rememberWorkers } = await import('../runtime/node/spawned_workers.js');
  return rememberWorkers(await importOriginal());
});

beforeEach(() => {
  spawned.length = 0;
  vi.stubEnv(THREADS_VARIABLE, '2');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A run with threads that step environments, learn and write videos. */
function threadedConfig(): Config {
  return tinyConfig(folderOfTest(), ['env.num_workers=2', 'eval.num_videos=1']);
}

const create = (config: Config, folder: RunFolder) =>
  createRun(
    config,
    folder,
    [config.train.dataset_path].flat() as string[],
    silentDisplay(),
    performance.now(),
    null,
    async () => {},
  );

/** The numbers of the threads that were started, and of those that have not ended. */
const threads = () => ({
  started: spawned.length,
  left: spawned.filter(({ threadId }) => threadId !== -1).length,
});

it('a run that cannot begin leaves no threads behind', async () => {
  const config = threadedConfig();
  const folder = await createRunFolder(config);
  // The last part of a run that is made is its folder of videos.
  writeFileSync(folder.videosPath, '');
  await expect(create(config, folder)).rejects.toThrow(folder.videosPath);
  expect(threads()).toEqual({ started: 3, left: 0 });
});

it('a run whose logs cannot be closed ends its threads, and then tells the reason', async () => {
  const config = threadedConfig();
  const run = await create(config, await createRunFolder(config));
  const close = () => Promise.reject(new Error('the log is stuck'));
  await expect(closeRun({ ...run, logger: { ...run.logger, close } }, 0)).rejects.toThrow('the log is stuck');
  expect(threads()).toEqual({ started: 4, left: 0 });
});

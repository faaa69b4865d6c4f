import { readdirSync } from 'node:fs';
import { extname } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { NEVER_STOP } from '../../../src/stop_signal.js';
import { createRunFolder } from '../../../src/training/folder/run_folder.js';
import { train } from '../../../src/training/train.js';
import { folderOfTest } from '../../temporary_folder.js';
import { KilledRun } from './killed_run.js';
import { comparable, comparableMetrics, latest, silentDisplay, TINY, tinyConfig } from './tiny_run.js';

let workspace: string;
beforeEach(() => {
  workspace = folderOfTest();
});

it('a run that is killed while it writes its files, or asked to stop, goes on and ends as if it had not been', async () => {
  const overrides = ['train.save_freq=40', 'train.keep_checkpoints=2'];
  const run = new KilledRun(workspace, [...TINY, ...overrides]);
  await run.dieAt({ operation: 2 });
  await run.dieAt({ operation: 21 });
  await run.stop('SIGTERM', 300);
  await run.dieAt({ operation: 40 });
  const folder = await run.finish(80);

  const { envSteps } = (await latest(folder)).progress;
  const config = tinyConfig(workspace, [...overrides, `train.steps=${envSteps}`]);
  const whole = await createRunFolder(config);
  await train(config, whole, null, silentDisplay(), NEVER_STOP);
  expect(comparable(await latest(folder))).toEqual(comparable(await latest(whole)));
  expect(comparableMetrics(folder)).toEqual(comparableMetrics(whole));
});

it('a run that is killed while it names its demonstrations makes them again', async () => {
  const run = new KilledRun(workspace, [...TINY, 'train.dataset_path=null', 'train.num_demos=2']);
  // Their description has its name then, and they have not.
  await run.dieAt({ operation: 10 });
  const { demosPath } = await run.finish(40);
  expect(
    readdirSync(demosPath)
      .map((name) => extname(name))
      .sort(),
  ).toEqual(['.h5', '.json']);
});

import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NEVER_STOP } from '../../../src/stop_signal.js';
import { createRunFolder } from '../../../src/training/run_folder.js';
import { train } from '../../../src/training/train.js';
import { KilledRun } from './killed_run.js';
import {
  comparable,
  comparableMetrics,
  latest,
  silentDisplay,
  TINY,
  temporaryWorkspace,
  tinyConfig,
} from './tiny_run.js';

let workspace: string;
beforeEach(() => {
  workspace = temporaryWorkspace();
});
afterEach(() => rmSync(workspace, { recursive: true }));

it('a run that is killed while it writes its files goes on and ends as if it had not been', async () => {
  const overrides = ['sac.save_freq=40', 'train.keep_checkpoints=2'];
  const run = new KilledRun(workspace, [...TINY, ...overrides]);
  for (const operation of [2, 21, 40]) await run.dieAt({ operation });
  const folder = await run.finish(80);

  const { envSteps } = (await latest(folder)).progress;
  const config = tinyConfig(workspace, [...overrides, `train.steps=${envSteps}`]);
  const whole = await createRunFolder(config);
  await train(config, whole, null, silentDisplay(), NEVER_STOP);
  expect(comparable(await latest(folder))).toEqual(comparable(await latest(whole)));
  expect(comparableMetrics(folder)).toEqual(comparableMetrics(whole));
});

import { expect } from 'vitest';
import type { Config } from '../../../src/config/schema.js';
import { NEVER_STOP } from '../../../src/stop_signal.js';
import { createRunFolder, type RunFolder } from '../../../src/training/folder/run_folder.js';
import { train } from '../../../src/training/train.js';
import { comparable, comparableMetrics, latest, silentDisplay, stopAtLook } from './tiny_run.js';

/** The folder of a training that ran from beginning to end. */
export async function trained(config: Config): Promise<RunFolder> {
  const folder = await createRunFolder(config);
  expect(await train(config, folder, null, silentDisplay(), NEVER_STOP)).toBe(true);
  return folder;
}

/** The folder of a training that stopped at so many looks at the signal and went on, and the checkpoint where it stopped. */
export async function trainedInTwo(config: Config, looks: number) {
  const folder = await createRunFolder(config);
  expect(await train(config, folder, null, silentDisplay(), stopAtLook(looks))).toBe(false);
  const stopped = await latest(folder);
  expect(await train(config, folder, stopped, silentDisplay(), NEVER_STOP)).toBe(true);
  return { folder, stopped };
}

/** Expects that two runs have saved and logged the same, but for names and times. */
export async function expectSameRun(folder: RunFolder, whole: RunFolder): Promise<void> {
  expect(comparable(await latest(folder))).toEqual(comparable(await latest(whole)));
  expect(comparableMetrics(folder)).toEqual(comparableMetrics(whole));
}

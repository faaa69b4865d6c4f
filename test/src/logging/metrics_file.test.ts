import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMetricsFile, readMetricsFile, rewindMetricsFile } from '../../../src/logging/metrics_file.js';
import { folderOfTest } from '../../temporary_folder.js';

let folder: string;
beforeEach(() => {
  folder = folderOfTest();
});

describe('metrics.jsonl', () => {
  it('holds one row a call, with steps and time', () => {
    const path = join(folder, 'metrics.jsonl');
    const logger = createMetricsFile(path, () => 1.5);
    logger.log(10, { 'train/q': 2 });
    logger.log(20, { 'train/q': Number.NaN });
    expect(readMetricsFile(path)).toEqual([
      { env_steps: 10, seconds: 1.5, 'train/q': 2 },
      { env_steps: 20, seconds: 1.5, 'train/q': null },
    ]);
  });

  it('survives a torn last line and rewinds to a checkpoint', async () => {
    const path = join(folder, 'metrics.jsonl');
    const logger = createMetricsFile(path, () => 0);
    for (const step of [0, 0, 20, 30]) logger.log(step, {});
    appendFileSync(path, '{"env_steps": 40, "tr');
    await rewindMetricsFile(path, 3);
    expect(readMetricsFile(path).map((row) => row.env_steps)).toEqual([0, 0, 20]);
    await rewindMetricsFile(path, 1);
    expect(readMetricsFile(path)).toEqual([{ env_steps: 0, seconds: 0 }]);
  });
});

import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PlannedPoint } from '../../../src/sweep/plan.js';
import { currentProgress } from '../../../src/sweep/point_progress.js';
import { folderOfTest } from '../../temporary_folder.js';
import { writeRun } from '../runs/run_fixture.js';
import { tinyConfig } from '../training/tiny_run.js';

const BEFORE = { cloneSteps: 0, offlineSteps: 0, envSteps: 0, score: null, rate: null };

let workspace: string;
let point: PlannedPoint;
beforeEach(() => {
  workspace = folderOfTest();
  const config = tinyConfig(workspace, ['train.log_freq=1000']);
  const path = writeRun(workspace, 'run', {});
  point = { name: 'run', values: {}, recipe: 'r.yml', overrides: [], config, path, action: 'start' };
});

/** Writes these rows as if the run had logged them, the last one `ageSeconds` ago. */
function writeRows(rows: readonly object[], ageSeconds = 0): void {
  const path = join(point.path, 'metrics.jsonl');
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const then = Date.now() / 1000 - ageSeconds;
  utimesSync(path, then, then);
}

describe('currentProgress', () => {
  it('keeps what was known while nothing is logged', () => {
    expect(currentProgress(point, BEFORE)).toEqual(BEFORE);
  });

  it('tells env steps, the last evaluation and the last rate', () => {
    writeRows([
      { env_steps: 1000, 'eval/success_at_end': 0.5 },
      { env_steps: 2000, 'time/SPS': 100 },
    ]);
    expect(currentProgress(point, BEFORE)).toMatchObject({ envSteps: 2000, score: 0.5, rate: 100 });
  });

  it('tells success as the task is judged', () => {
    writeRows([{ env_steps: 1000, 'eval/success_at_end': 0.1, 'eval/success_once': 0.9 }]);
    expect(currentProgress(point, BEFORE).score).toBe(0.1);
    point.config = tinyConfig(workspace, ['env.env_id=RollBall-v1']);
    expect(currentProgress(point, BEFORE).score).toBe(0.9);
  });

  it('tells offline updates, and by the clock how many are made a second', () => {
    const words = ['train.phases=[offline, online]', 'train.offline_steps=2000'];
    point.config = tinyConfig(workspace, words);
    writeRows([
      { env_steps: 500, seconds: 10, 'time/total': 10 },
      { env_steps: 500, seconds: 30, 'eval/success_at_end': 0.5 },
      { env_steps: 1500, seconds: 35, 'time/total': 35 },
    ]);
    const offline = currentProgress(point, BEFORE);
    expect(offline).toMatchObject({ offlineSteps: 1500, envSteps: 0, rate: 40 });
    writeRows([{ env_steps: 2080, seconds: 60, 'time/SPS': 20 }]);
    expect(currentProgress(point, offline)).toMatchObject({ offlineSteps: 2000, envSteps: 80, rate: 20 });
  });

  it('has no rate before the first is logged', () => {
    writeRows([{ env_steps: 0, 'eval/success_at_end': 0 }], 60);
    expect(currentProgress(point, BEFORE).rate).toBeNull();
  });

  it('notices by an overdue row that the run has become slower', () => {
    writeRows([{ env_steps: 5000, 'time/SPS': 500 }], 100);
    expect(currentProgress(point, BEFORE).rate).toBeCloseTo(10, 1);
  });
});

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readMetricsFile } from '../../../../src/logging/metrics_file.js';
import { readRecords } from '../../../../src/logging/wandb/record_log.js';
import { recordCodec, type WandbRecord } from '../../../../src/logging/wandb/schema.js';
import { NEVER_STOP } from '../../../../src/stop_signal.js';
import { checkpointPath, loadCheckpoint } from '../../../../src/training/checkpoints/checkpoint.js';
import { createRunFolder, type RunFolder } from '../../../../src/training/folder/run_folder.js';
import { createRunDisplay } from '../../../../src/training/run_display.js';
import { train } from '../../../../src/training/train.js';
import { folderOfTest } from '../../../temporary_folder.js';
import { silentDisplay, stopAtLook, tinyConfig } from '../tiny_run.js';

let workspace: string;
beforeEach(() => {
  workspace = folderOfTest();
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const config = () => tinyConfig(workspace, ['logger.wandb=True', 'logger.wandb_mode=offline', 'verbose=0']);

function wandbRecords(folder: RunFolder): WandbRecord[] {
  const [run] = readdirSync(join(folder.path, 'wandb'));
  const path = join(folder.path, 'wandb', run);
  const file = readdirSync(path).find((name) => name.endsWith('.wandb'))!;
  return [...readRecords(join(path, file))].map((bytes) => recordCodec.decode(bytes));
}

describe('the logs of a run', () => {
  it('agree with each other after an interruption', async () => {
    const folder = await createRunFolder(config());
    await train(config(), folder, null, createRunDisplay(false), stopAtLook(12));
    const atStop = wandbRecords(folder).at(-2)!.exit!.exitCode;
    const checkpoint = await loadCheckpoint(checkpointPath(folder.modelsPath, 'latest'));
    expect([atStop, checkpoint.progress.envSteps > 0]).toEqual([130, true]);
    await train(config(), folder, checkpoint, createRunDisplay(false), NEVER_STOP);

    const records = wandbRecords(folder);
    const steps = records.flatMap(({ history }) => (history ? [history.step.num ?? 0] : []));
    const inMetrics = readMetricsFile(folder.metricsPath).map((row) => row.env_steps);
    expect(steps).toEqual([...new Set(inMetrics)]);
    expect(records.flatMap(({ exit }) => (exit ? [exit.exitCode ?? 0] : []))).toEqual([0]);
    const lines = records.flatMap(({ outputRaw }) => (outputRaw ? [outputRaw.line.split(' ')[0]] : []));
    // Two notes on the demonstrations are indented.
    const started = ['demonstrations:', '', '', 'memory:', 'evaluation'];
    const resumed = [
      'demonstrations:',
      '',
      '',
      'going',
      'memory:',
      'evaluation',
      'evaluation',
      'finished',
      'success_at_end',
    ];
    expect(lines).toEqual([...started, 'stopped', ...resumed, 'success_at_end', 'mean', 'evaluate']);
    expect(readdirSync(folder.logsPath).length).toBe(2);
  });

  it('tell why a run failed', async () => {
    const broken = { ...config(), train: { ...config().train, critic_lr: 1e30 } };
    const folder = await createRunFolder(broken);
    await expect(train(broken, folder, null, silentDisplay(), NEVER_STOP)).rejects.toThrow('became');
    const records = wandbRecords(folder);
    expect(records.find(({ exit }) => exit)!.exit).toMatchObject({ exitCode: 1 });
    expect(records.findLast(({ outputRaw }) => outputRaw)!.outputRaw!.line).toMatch(/^error: .* became/);
  });

  it('may fail, but for metrics.jsonl', async () => {
    const folder = await createRunFolder(config());
    writeFileSync(folder.logsPath, 'in the way');
    writeFileSync(join(folder.path, 'wandb'), 'in the way');
    const display = silentDisplay();
    await train(config(), folder, null, display, NEVER_STOP);
    const warnings = display.notes.filter((note) => note.includes('gets no more logs'));
    expect(warnings.map((note) => note.split(' gets')[0])).toEqual(['TensorBoard', 'Weights & Biases']);
    expect(readMetricsFile(folder.metricsPath).at(-1)).toMatchObject({ env_steps: 160 });
  });
});

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../../../../src/config/schema.js';
import { NEVER_STOP, type StopSignal } from '../../../../src/stop_signal.js';
import {
  checkpointPath,
  loadCheckpoint,
  savedNames,
} from '../../../../src/training/checkpoints/checkpoint.js';
import { loadResumePoint } from '../../../../src/training/checkpoints/intact_checkpoint.js';
import { checkPlace, checkResumable } from '../../../../src/training/checkpoints/resume.js';
import { createRunFolder, type RunFolder } from '../../../../src/training/folder/run_folder.js';
import { train } from '../../../../src/training/train.js';
import { folderOfTest, folderOfTests } from '../../../temporary_folder.js';
import { DEAD_PID } from '../../runs/run_fixture.js';
import { comparable, comparableMetrics, latest, silentDisplay, stopAtLook, tinyConfig } from '../tiny_run.js';

let workspace: string;
beforeEach(() => {
  workspace = folderOfTest();
});

async function startRun(config: Config, stop: StopSignal): Promise<RunFolder> {
  const folder = await createRunFolder(config);
  await train(config, folder, null, silentDisplay(), stop);
  return folder;
}

describe('a resumed run', () => {
  const EVALUATED_LAST = ['train.eval_freq=96'];
  const workspaceOfWhole = folderOfTests();
  let whole: RunFolder;
  beforeAll(async () => {
    whole = await startRun(tinyConfig(workspaceOfWhole, EVALUATED_LAST), NEVER_STOP);
  });

  async function expectEqualsWhole(folder: RunFolder): Promise<void> {
    expect(comparable(await latest(folder))).toEqual(comparable(await latest(whole)));
    expect(comparableMetrics(folder)).toEqual(comparableMetrics(whole));
  }

  // Stops in the cloning, in the pre-training, at its end, between log lines, and before the last evaluation.
  it.each([1, 3, 6, 9, 12, 18, 24])(
    'equals an uninterrupted one, bit for bit, when stopped at look %i',
    async (look) => {
      const config = tinyConfig(workspace, EVALUATED_LAST);
      const folder = await startRun(config, stopAtLook(look));
      for (const stop of [stopAtLook(9), NEVER_STOP]) {
        if (await train(config, folder, await latest(folder), silentDisplay(), stop)) break;
      }
      await expectEqualsWhole(folder);
    },
  );

  it('equals an uninterrupted one when it goes on from an older checkpoint', async () => {
    const config = tinyConfig(workspace, EVALUATED_LAST);
    const folder = await startRun(config, NEVER_STOP);
    const checkpoint = await loadCheckpoint(checkpointPath(folder.modelsPath, 'ckpt_80'));
    await train(config, folder, checkpoint, silentDisplay(), NEVER_STOP);
    await expectEqualsWhole(folder);
  });

  it('that was ended before its first checkpoint starts over', async () => {
    const config = tinyConfig(workspace, EVALUATED_LAST);
    const folder = await createRunFolder(config);
    writeFileSync(folder.metricsPath, '{"env_steps": 0, "seconds": 1, "pretrain/bc_loss": 1}\n{"env_st');
    await train(config, folder, await loadResumePoint(folder), silentDisplay(), NEVER_STOP);
    await expectEqualsWhole(folder);
  });

  it('removes what killed processes left unfinished, not what living ones write', async () => {
    const config = tinyConfig(workspace);
    const folder = await startRun(config, stopAtLook(9));
    const temporary = (pid: number) => join(folder.modelsPath, `.latest.safetensors.${pid}.tmp`);
    for (const pid of [DEAD_PID, process.pid, process.ppid]) writeFileSync(temporary(pid), '');
    await train(config, folder, await latest(folder), silentDisplay(), NEVER_STOP);
    const left = readdirSync(folder.modelsPath).filter((name) => name.endsWith('.tmp'));
    expect(left.map((name) => join(folder.modelsPath, name))).toEqual([temporary(process.ppid)]);
  });

  it('goes on without its replay buffer when it was not saved', async () => {
    const config = tinyConfig(workspace, ['train.save_buffer_in_checkpoints=False']);
    const folder = await startRun(config, stopAtLook(14));
    const checkpoint = await latest(folder);
    expect(checkpoint.replay).toBeNull();
    expect(checkpoint.progress.envSteps).toBeGreaterThan(0);
    const display = silentDisplay();
    await train(config, folder, checkpoint, display, NEVER_STOP);
    expect(display.notes.join('\n')).toContain('holds no replay buffer');
    expect((await latest(folder)).progress.envSteps).toBe(160);
  });

  it('refuses a finished run and says how to go on', async () => {
    const config = tinyConfig(workspace, ['train.steps=40']);
    const folder = await startRun(config, NEVER_STOP);
    const checkpoint = await latest(folder);
    const again = train(config, folder, checkpoint, silentDisplay(), NEVER_STOP);
    await expect(again).rejects.toThrow('Give a larger train.steps');
  });

  it('refuses another configuration, naming the keys, but not a longer run', async () => {
    const config = tinyConfig(workspace, ['train.steps=40']);
    const checkpoint = await latest(await startRun(config, NEVER_STOP));
    const other = tinyConfig(workspace, ['rlpd.num_qs=4', 'train.discount=0.8', 'train.steps=80']);
    expect(() => checkResumable(checkpoint, other)).toThrow(/rlpd.num_qs: 3 → 4, |train.discount: 0.9 → 0.8/);
    expect(() => checkResumable(checkpoint, tinyConfig(workspace, ['train.steps=80']))).not.toThrow();
  });

  it('stays in its folder', () => {
    const config = tinyConfig(workspace);
    const moved = join(workspace, 'moved');
    expect(() => checkPlace(moved, config, config)).not.toThrow();
    expect(() => checkPlace(moved, config, tinyConfig(workspace, ['logger.exp_name=moved']))).not.toThrow();
    const other = tinyConfig(workspace, ['logger.exp_name=other']);
    expect(() => checkPlace(moved, config, other)).toThrow(`stays where it is, in ${moved}`);
  });
});

describe('a new run', () => {
  it('keeps as many numbered checkpoints as it is told', async () => {
    const names = async (keep: string) => {
      const config = tinyConfig(workspace, ['train.save_freq=40', `train.keep_checkpoints=${keep}`]);
      return savedNames((await startRun(config, NEVER_STOP)).modelsPath).sort();
    };
    const others = ['best_success_at_end', 'latest'];
    expect(await names('2')).toEqual([others[0], 'ckpt_120', 'ckpt_160', others[1]]);
    expect(await names('null')).toEqual([others[0], 'ckpt_120', 'ckpt_160', 'ckpt_40', 'ckpt_80', others[1]]);
  });

  it('gives the same numbers for any number of environment workers', async () => {
    const one = await latest(await startRun(tinyConfig(workspace), NEVER_STOP));
    const two = await latest(await startRun(tinyConfig(workspace, ['env.num_workers=2']), NEVER_STOP));
    expect(comparable(two)).toEqual(comparable(one));
  });
});

import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { SteppedEnvironment } from '../../../src/rollout/stepped_environment.js';
import { NEVER_STOP } from '../../../src/stop_signal.js';
import { savedNames } from '../../../src/training/checkpoints/checkpoint.js';
import { SafetensorsFile } from '../../../src/training/checkpoints/safetensors_file.js';
import { createRunFolder, type RunFolder } from '../../../src/training/folder/run_folder.js';
import { train } from '../../../src/training/train.js';
import { checkWeights } from '../../../src/training/watchdog.js';
import { folderOfTest } from '../../temporary_folder.js';
import { latest, silentDisplay, tinyConfig } from './tiny_run.js';

let workspace: string;
beforeEach(() => {
  workspace = folderOfTest();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Trains until the run fails. */
async function failure(overrides: readonly string[]): Promise<{ folder: RunFolder; message: string }> {
  const config = tinyConfig(workspace, overrides);
  const folder = await createRunFolder(config);
  const error = await train(config, folder, null, silentDisplay(), NEVER_STOP).catch((reason) => reason);
  expect(error).toBeInstanceOf(UserError);
  return { folder, message: error.message };
}

describe('a loss that is not finite', () => {
  it('stops the run, keeps the checkpoint from before and the batches', async () => {
    const { folder, message } = await failure(['train.critic_lr=1e30']);
    expect(message).toMatch(/\w became (NaN|-?Infinity) after 26 gradient steps; its batches are in/);
    expect(message).toContain(folder.brokenBatchPath);
    expect(savedNames(folder.modelsPath).sort()).toEqual(['best_success_at_end', 'latest']);
    expect((await latest(folder)).progress.envSteps).toBe(0);
    const file = await SafetensorsFile.open(folder.brokenBatchPath);
    expect(file.metadata).toMatchObject({ demo_rows: '8', reason: message.split(' after')[0] });
    expect((await file.read('observations')).shape).toEqual([6, 16, 42]);
    expect((await file.read('rewards')).shape).toEqual([6, 16]);
    await file.close();
  });

  it('stops the cloning too', async () => {
    const { folder, message } = await failure(['train.bc_learning_rate=1e30']);
    expect(message).toMatch(/bc_loss became (NaN|Infinity) after 10 gradient steps/);
    expect(existsSync(folder.brokenBatchPath)).toBe(true);
    expect(savedNames(folder.modelsPath)).toEqual([]);
  });

  it('never leads to a checkpoint', () => {
    const tensors = (value: number) => ({ 'actor/w': { shape: [2], data: Float32Array.of(1, value) } });
    const state = (value: number) => ({
      algorithm: 'rlpd',
      tensors: tensors(value),
      counters: {},
      streams: {},
    });
    expect(() => checkWeights(state(3))).not.toThrow();
    expect(() => checkWeights(state(Number.NaN))).toThrow('actor/w became NaN: not saved');
  });
});

describe('an environment that gives', () => {
  const { step } = SteppedEnvironment.prototype;

  /** Breaks the first environment's `entry` at the run's 40th vector step; evaluations are of 50. */
  function breakAt(entry: (envs: SteppedEnvironment) => Float32Array, index: number, value: number): void {
    let steps = 0;
    vi.spyOn(SteppedEnvironment.prototype, 'step').mockImplementation(async function (
      this: SteppedEnvironment,
      actions,
    ) {
      await step.call(this, actions);
      if (++steps === 50 + 40) entry(this)[index] = value;
    });
  }

  it('an observation that is not finite stops the run and is named', async () => {
    breakAt(({ nextObservations }) => nextObservations, 42 + 9, Number.NaN);
    const { folder, message } = await failure(['eval.num_videos=0']);
    expect(message).toContain(
      'environment 1 gave NaN for agent.qvel[0] of its observation in the step after 78 env steps',
    );
    expect((await latest(folder)).replay?.size).toBe(0);
  });

  it('a reward that is not finite too', async () => {
    breakAt(({ rewards }) => rewards, 0, Number.POSITIVE_INFINITY);
    const { message } = await failure([]);
    expect(message).toContain('environment 0 gave Infinity for its reward in the step after 78 env steps');
  });
});

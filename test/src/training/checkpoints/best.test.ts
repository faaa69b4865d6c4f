import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SteppedEnvironment } from '../../../../src/rollout/stepped_environment.js';
import { NEVER_STOP } from '../../../../src/stop_signal.js';
import { bestName, isBest } from '../../../../src/training/checkpoints/best.js';
import {
  checkpointPath,
  loadCheckpoint,
  savedNames,
} from '../../../../src/training/checkpoints/checkpoint.js';
import { createRunFolder } from '../../../../src/training/folder/run_folder.js';
import type { EvaluationPoint } from '../../../../src/training/run_progress.js';
import { train } from '../../../../src/training/train.js';
import { folderOfTest } from '../../../temporary_folder.js';
import { silentDisplay, tinyConfig } from '../tiny_run.js';

function point(
  successAtEnd: number,
  successOnce: number,
  firstSuccessStep: number | null = 30,
): EvaluationPoint {
  return { envSteps: 0, seconds: 0, successAtEnd, successOnce, firstSuccessStep };
}

describe('the best evaluation', () => {
  it('succeeds more often than all before it, by the success that counts', () => {
    const earlier = [point(0.5, 0.6), point(0.2, 0.9)];
    expect(isBest('success_at_end', point(0.6, 0.6), earlier)).toBe(true);
    expect(isBest('success_once', point(0.6, 0.6), earlier)).toBe(false);
    expect(isBest('success_at_end', point(0.1, 1), earlier)).toBe(false);
    expect(isBest('success_once', point(0.1, 1), earlier)).toBe(true);
    expect(isBest('success_once', point(0, 0, null), [])).toBe(true);
  });

  it('succeeds as often and sooner', () => {
    expect(isBest('success_once', point(0, 0.9, 29), [point(0.5, 0.9)])).toBe(true);
    expect(isBest('success_once', point(0.6, 0.9, 30), [point(0.5, 0.9)])).toBe(false);
    expect(isBest('success_at_end', point(0.5, 0.5, 29), [point(0.5, 0.9)])).toBe(true);
    expect(isBest('success_at_end', point(0, 0, null), [point(0, 0, null)])).toBe(false);
  });
});

describe('the best evaluation of a task without success', () => {
  const returning = (mean: number): EvaluationPoint => ({
    envSteps: 0,
    seconds: 0,
    successAtEnd: null,
    successOnce: null,
    firstSuccessStep: null,
    return: mean,
  });

  it('has the highest return', () => {
    expect(isBest('return', returning(12), [returning(-3), returning(11)])).toBe(true);
    expect(isBest('return', returning(11), [returning(-3), returning(11)])).toBe(false);
    expect(isBest('return', returning(-100), [])).toBe(true);
    expect(bestName('return')).toBe('best_return');
  });
});

describe('the best checkpoint of a run', () => {
  const HORIZON = 5;
  const OVERRIDES = [
    `eval_env.max_episode_steps=${HORIZON}`,
    'eval_env.num_envs=2',
    'train.dataset_path=None',
    'train.num_demos=2',
    'train.augment_mirror=False',
    'train.augment_turn=0',
  ];

  let workspace: string;
  beforeEach(() => {
    workspace = folderOfTest();
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /**
   * Lets the two episodes of each evaluation succeed so: in the first one both on their way, in the second one one of them at
   * its end, in the third none.
   */
  function decideEvaluations(): void {
    const { step } = SteppedEnvironment.prototype;
    let steps = 0;
    vi.spyOn(SteppedEnvironment.prototype, 'step').mockImplementation(async function (
      this: SteppedEnvironment,
      actions,
    ) {
      await step.call(this, actions);
      if (this.spec.maxEpisodeSteps !== HORIZON) return;
      const [evaluation, at] = [Math.floor(steps / HORIZON), steps % HORIZON];
      steps++;
      this.successes.fill(evaluation === 0 && at === 2 ? 1 : 0);
      if (evaluation === 1 && at === HORIZON - 1) this.successes[0] = 1;
    });
  }

  async function trained(envId: string) {
    decideEvaluations();
    const config = tinyConfig(workspace, [`env.env_id=${envId}`, ...OVERRIDES]);
    const folder = await createRunFolder(config);
    const display = silentDisplay();
    expect(await train(config, folder, null, display, NEVER_STOP)).toBe(true);
    const [name, ...others] = savedNames(folder.modelsPath).filter((saved) => saved.startsWith('best'));
    expect(others).toEqual([]);
    const { progress } = await loadCheckpoint(checkpointPath(folder.modelsPath, name));
    return { name, envSteps: progress.envSteps, said: display.notes.join('\n') };
  }

  it('is of RollBall-v1 the one with the highest success at any step', async () => {
    const { name, envSteps, said } = await trained('RollBall-v1');
    expect(name).toBe(bestName('success_once'));
    expect(envSteps).toBe(0);
    expect(said).toContain('success_once 0.00 in the last evaluation');
    expect(said).toContain('success_once >= 0.95 first after 0 steps');
  });

  it('is of PickCube-v1 the one with the highest success at the end', async () => {
    const { name, envSteps, said } = await trained('PickCube-v1');
    expect(name).toBe('best_success_at_end');
    expect(envSteps).toBe(80);
    expect(said).toContain('success_at_end 0.00 in the last evaluation');
    expect(said).toContain('success_at_end stayed below 0.95');
  });
});

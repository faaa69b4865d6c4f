import { readdirSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli.js';
import { temporaryWorkspace, tinyConfig } from './training/tiny_run.js';

let workspace: string;
let output: string;
beforeEach(() => {
  workspace = temporaryWorkspace();
  output = '';
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      output += text;
      return true;
    });
  }
  vi.spyOn(console, 'log').mockImplementation((text) => {
    output += `${text}\n`;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(workspace, { recursive: true });
});

const TINY = [
  'train.dataset_path=test/fixtures/demos/pick_cube.h5',
  'train.steps=40',
  'env.num_envs=2',
  'sac.batch_size=16',
  'sac.num_seed_steps=16',
  'sac.bc_warm_start_steps=10',
  'sac.critic_pretrain_steps=10',
  'sac.eval_freq=20',
  'sac.eval_episodes=2',
  'eval_env.num_envs=2',
  'network.actor.arch_cfg.features=[16]',
  'network.critic.arch_cfg.features=[16]',
];

describe('rlpd', () => {
  it('trains, evaluates and goes on', async () => {
    const words = [...TINY, 'logger.exp_name=cli', `logger.workspace=${workspace}`];
    expect(await main(['train', ...words])).toBe(0);
    expect(output).toContain('finished 40 env steps');
    expect(output).toContain('success_at_end');
    output = '';
    expect(await main(['eval', `${workspace}/cli`, 'sac.eval_episodes=3'])).toBe(0);
    expect(output).toMatch(/latest\.safetensors \([0-9a-f]{12}\): 40 env steps/);
    expect(output).toContain('3 episodes');
    expect(await main(['train', '--resume', `${workspace}/cli`, 'train.steps=80'])).toBe(0);
    expect(output).toContain('finished 80 env steps');
  });

  it.each([
    [['train', 'sac.num_q=3'], 'did you mean "sac.num_qs"'],
    [['train', 'a.yml', 'b.yml'], 'one config file at a time'],
    [['train', 'none.yml'], '"none.yml" not found'],
    [['train', '--resume', 'exps/none'], 'no run there'],
    [['train', 'logger.wandb_mode=onlin'], 'logger.wandb_mode'],
    [['train', 'env.env_kwargs.control_mode=pd_ee_delta_pos'], 'train.dataset_path is not set'],
    [['eval', 'exps/none'], 'no such run folder'],
    [['eval', 'none.safetensors'], 'no such checkpoint'],
    [['tran'], 'Did you mean train'],
    [['make_demos'], '--output'],
    [['data', 'info', 'none.h5'], 'no such file'],
    [['data', 'verify', 'none.h5'], 'no such file'],
    [['make_demos', '--output', 'x.h5', '--env-id', 'X'], 'no expert for the task "X"'],
  ])('%j fails with a clear message', async (words, message) => {
    expect(await main(words.map((word) => word))).toBe(1);
    expect(output).toContain(message);
    expect(output).not.toContain('    at ');
  });

  it.each([
    ['none.h5', 'no such file'],
    ['test/fixtures/demos/lzf.h5', 'compressed with lzf'],
    ['test/fixtures/demos/nan.h5', 'holds NaN'],
  ])('refuses the dataset %s without leaving a run folder', async (path, message) => {
    expect(await main(['train', `train.dataset_path=${path}`, `logger.workspace=${workspace}`])).toBe(1);
    expect(output).toContain(path);
    expect(output).toContain(message);
    expect(readdirSync(workspace)).toEqual([]);
  });

  it('describes a dataset', async () => {
    expect(await main(['data', 'info', 'test/fixtures/demos/pick_cube_failures.h5'])).toBe(0);
    for (const line of [
      'size          24,925 bytes',
      'control mode  pd_joint_delta_pos',
      'observations  state: [42]',
      'episodes      2, 99 steps',
      'lengths       min 49, median 50, max 50',
      'success       once 1 (50.0 %), at end 1 (50.0 %)',
      'action 7      -0.9293 to 1.0000',
    ]) {
      expect(output).toContain(line);
    }
  });

  it('verifies a dataset, with exit code 1 for a bad one', async () => {
    expect(await main(['data', 'verify', 'test/fixtures/demos/pick_cube.h5'])).toBe(0);
    expect(output).toContain('pick_cube.h5: 3 episodes, 203 steps: no problems');
    expect(await main(['data', 'verify', 'test/fixtures/demos/nan.h5'])).toBe(1);
    expect(output).toContain('traj_2/actions holds NaN at step 3, column 5');
    expect(output).toContain('2 problems; bad episodes: traj_2');
  });

  it('names the package that a backend needs', async () => {
    const words = [...TINY, `logger.workspace=${workspace}`, 'train.backend=tfjs-node-gpu'];
    expect(await main(['train', ...words])).toBe(1);
    expect(output).toContain('npm install @tensorflow/tfjs-node-gpu');
  });

  it('refuses to resume with other networks', async () => {
    const words = [...TINY, 'logger.exp_name=other', `logger.workspace=${workspace}`];
    expect(await main(['train', ...words])).toBe(0);
    expect(await main(['train', '--resume', `${workspace}/other`, 'sac.num_qs=5', 'train.steps=80'])).toBe(1);
    expect(output).toContain('sac.num_qs: 2 → 5');
  });
});

it('the tiny configuration of the tests is a valid one', () => {
  expect(tinyConfig(workspace).train.steps).toBe(160);
});

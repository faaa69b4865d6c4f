import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { plotCommand } from '../../../src/commands/plot.js';
import type { SweepResults } from '../../../src/sweep/results.js';
import { folderOfTest } from '../../temporary_folder.js';

let workspace: string;
beforeEach(() => {
  workspace = folderOfTest();
});

const TINY = [
  'env.num_envs=2',
  'train.batch_size=16',
  'train.num_seed_steps=16',
  'train.bc_warm_start_steps=10',
  'train.eval_freq=40',
  'train.log_freq=8',
  'train.eval_episodes=2',
  'eval_env.num_envs=2',
  'eval.num_videos=0',
  'network.actor.arch_cfg.features=[16]',
  'network.critic.arch_cfg.features=[16]',
];
const GOOD = 'test/fixtures/demos/pick_cube.h5';
const BAD = 'test/fixtures/demos/nan.h5';

/** The compiled command, as its trainings are compiled commands too. */
function start(words: readonly string[]) {
  const child = spawn(
    process.execPath,
    ['dist/src/cli.js', 'sweep', ...TINY, `logger.workspace=${workspace}`, '--name', 's', ...words],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const sofar = { output: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      sofar.output += text;
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, output: sofar.output }));
  return { child, sofar, ended };
}

const sweep = (...words: string[]) => start(words).ended;
const results = () => JSON.parse(readFileSync(join(workspace, 's/results.json'), 'utf8')) as SweepResults;
const envSteps = (name: string) => {
  const rows = readFileSync(join(workspace, 's', name, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return rows.map((row) => JSON.parse(row).env_steps as number);
};

describe('rlpd sweep', () => {
  it('trains a grid, skips what is finished when called again, and extends it', async () => {
    const words = [`train.dataset_path=${GOOD}`, 'train.steps=24'];
    const first = await sweep('seed=1..2', ...words, '--workers', '2');
    expect(first).toMatchObject({ code: 0 });
    expect(first.output).toContain('2 runs, 2 to train with 48 env steps, 2 at a time');
    expect(first.output).toContain('seed-1: finished, 24/24 env steps, success 0.00');
    expect(first.output).toMatch(/│ +2 of 2 │ +0\.00 ± 0\.00 │/);
    expect(first.output).toContain(`npm run rlpd -- plot ${workspace}/s`);

    const checkpoint = join(workspace, 's/seed-1/models/latest.safetensors');
    const trained = statSync(checkpoint).mtimeMs;
    const second = await sweep('seed=1..3', ...words);
    expect(second).toMatchObject({ code: 0 });
    expect(second.output).toContain('3 runs, 2 finished, 1 to train with 24 env steps');
    expect(second.output).toContain('by the pace of 2 finished runs');
    expect(statSync(checkpoint).mtimeMs).toBe(trained);
    expect(results().points.map(({ name, status }) => [name, status])).toEqual([
      ['seed-1', 'finished'],
      ['seed-2', 'finished'],
      ['seed-3', 'finished'],
    ]);
  });

  it('prints a command that draws it, also without a task', async () => {
    const words = ['env.env_id=None', 'network.observations=None', 'configs/iql.yml'];
    const data = ['train.dataset_path=test/fixtures/minari/pendulum', 'train.offline_steps=20'];
    const { code, output } = await sweep('seed=1..2', ...words, ...data);
    expect({ code, output }).toMatchObject({ code: 0 });
    const command = /draw it with: npm run rlpd -- plot (.*)/.exec(output)![1];
    expect(command).toContain('--metric train/critic_loss');
    await plotCommand().parseAsync(command.split(' '), { from: 'user' });
    expect(existsSync(join(workspace, 's/curves.png'))).toBe(true);
  });

  it('goes on when a point fails, saves the others when stopped, and resumes them when called again', async () => {
    const grid = ['train.steps=4000', `train.dataset_path=${BAD},${GOOD}`, '--workers', '2'];
    const { child, sofar, ended } = start(grid);
    const good = 'dataset_path-test-fixtures-demos-pick_cube.h5';
    const metrics = join(workspace, 's', good, 'metrics.jsonl');
    const failure = /nan\.h5: failed, .*nan\.h5.* holds NaN/;
    const isLearning = () => existsSync(metrics) && readFileSync(metrics, 'utf8').includes('"env_steps":40,');
    while (!isLearning() || !failure.test(sofar.output)) await sleep(50);
    child.kill('SIGTERM');
    const stopped = await ended;
    expect(stopped.output).toMatch(failure);
    expect(stopped.output).toContain('stopping: each training saves first');
    expect(stopped.output).toContain('the same command again goes on');
    expect(stopped.code).toBe(1);
    const [bad, interrupted] = results().points;
    expect(bad).toMatchObject({ status: 'failed', error: expect.stringContaining('holds NaN') });
    expect(interrupted).toMatchObject({ name: good, status: 'interrupted' });
    const before = envSteps(good);

    // A shorter training is the same one, and sooner at its end.
    const steps = before.at(-1)! + 40;
    const again = await sweep(`train.steps=${steps}`, ...grid.slice(1));
    expect(again).toMatchObject({ code: 1 });
    expect(again.output).toContain(`${good}: finished, ${steps}/${steps} env steps`);
    expect(again.output).toMatch(failure);
    expect(envSteps(good).slice(0, before.length)).toEqual(before);
    expect(readFileSync(join(workspace, 's', `${good}.log`), 'utf8')).toContain('going on from');
  });
});

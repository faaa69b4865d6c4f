import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SweepResults } from '../../../src/sweep/results.js';
import { temporaryWorkspace } from '../training/tiny_run.js';

let workspace: string;
beforeEach(() => {
  workspace = temporaryWorkspace();
});
afterEach(() => rmSync(workspace, { recursive: true }));

const TINY = [
  'env.num_envs=2',
  'sac.batch_size=16',
  'sac.num_seed_steps=16',
  'sac.bc_warm_start_steps=10',
  'sac.critic_pretrain_steps=10',
  'sac.eval_freq=40',
  'sac.log_freq=8',
  'sac.eval_episodes=2',
  'eval_env.num_envs=2',
  'network.actor.arch_cfg.features=[16]',
  'network.critic.arch_cfg.features=[16]',
];
const GOOD = 'test/fixtures/demos/pick_cube.h5';
const BAD = 'test/fixtures/demos/nan.h5';

/** The compiled command, as its trainings are compiled commands too. */
function start(words: readonly string[]): {
  child: ChildProcess;
  ended: Promise<{ code: number; output: string }>;
} {
  const child = spawn(
    process.execPath,
    ['dist/src/cli.js', 'sweep', ...TINY, `logger.workspace=${workspace}`, '--name', 's', ...words],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, output }));
  return { child, ended };
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
    const grid = ['sac.num_qs=2,3', `train.dataset_path=${GOOD}`, 'train.steps=40', '--workers', '2'];
    const first = await sweep('seed=1..2', ...grid);
    expect(first).toMatchObject({ code: 0 });
    expect(first.output).toContain('4 runs, 4 to train with 160 env steps, 2 at a time');
    expect(first.output).toContain('num_qs-2_seed-1: finished, 40/40 env steps, success 0.00');
    expect(first.output).toMatch(/│ 3 +│ +2 of 2 │ +0\.00 ± 0\.00 │/);
    expect(results().points.map(({ name, status, env_steps }) => [name, status, env_steps])).toEqual(
      ['num_qs-2_seed-1', 'num_qs-3_seed-1', 'num_qs-2_seed-2', 'num_qs-3_seed-2'].map((name) => [
        name,
        'finished',
        40,
      ]),
    );
    expect(results().variants[1]).toMatchObject({
      values: { 'sac.num_qs': '3' },
      finished: 2,
      last_success_at_end: { mean: 0, std: 0, min: 0, max: 0 },
    });
    const table = readFileSync(join(workspace, 's/results.csv'), 'utf8').split('\n');
    expect(table[0]).toBe(
      'name,seed,sac.num_qs,status,env_steps,last_success_at_end,best_success_at_end,best_at_env_steps,seconds,error',
    );
    expect(table[2]).toMatch(/^num_qs-3_seed-1,1,3,finished,40,0,0,0,[\d.]+,$/);

    const trained = statSync(join(workspace, 's/num_qs-2_seed-1/models/latest.safetensors')).mtimeMs;
    const second = await sweep('seed=1..3', ...grid);
    expect(second.output).toContain('6 runs, 4 finished, 2 to train with 80 env steps');
    expect(second.output).toMatch(/by the pace of 4 finished runs/);
    expect(second.code).toBe(0);
    expect(statSync(join(workspace, 's/num_qs-2_seed-1/models/latest.safetensors')).mtimeMs).toBe(trained);
    expect(results().variants.map(({ finished }) => finished)).toEqual([3, 3]);
  });

  it('goes on when a point fails, names its error, and resumes the others when stopped', async () => {
    const grid = ['seed=1..2', `train.dataset_path=${GOOD},${BAD}`, 'train.steps=4000', '--workers', '2'];
    const { child, ended } = start(grid);
    const good = 'dataset_path-test-fixtures-demos-pick_cube.h5_seed-1';
    const log = join(workspace, 's', good, 'metrics.jsonl');
    while (!existsSync(log) || !readFileSync(log, 'utf8').includes('"env_steps":40,')) await sleep(50);
    child.kill('SIGTERM');
    const stopped = await ended;
    expect(stopped.output).toContain('stopping: each training saves first');
    expect(stopped.output).toContain('the same command again goes on');
    expect(stopped.output).toMatch(/nan\.h5_seed-1 failed: .*nan\.h5.* holds NaN/);
    expect(stopped.code).toBe(1);
    expect(results().points[0]).toMatchObject({ name: good, status: 'interrupted' });
    expect(results().points[1]).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('holds NaN'),
    });
    expect(existsSync(join(workspace, 's', good, 'models/latest.safetensors'))).toBe(true);
    const before = envSteps(good);

    // A shorter training is the same one: it is resumed, not begun again.
    const steps = before.at(-1)! + 80;
    const dry = await sweep(...grid.with(2, `train.steps=${steps}`), '--dry-run');
    expect(dry.output).toContain(`${good}: to be resumed`);
    const again = await sweep(...grid.with(2, `train.steps=${steps}`));
    expect(again.code).toBe(1);
    expect(again.output).toContain(`${good}: finished, ${steps}/${steps} env steps`);
    expect(envSteps(good).slice(0, before.length)).toEqual(before);
    expect(readFileSync(join(workspace, 's', `${good}.log`), 'utf8')).toContain('going on from');
    expect(again.output.match(/ failed: /g)).toHaveLength(2);
  });

  it('says what it would do, and does nothing, with --dry-run', async () => {
    const { code, output } = await sweep(
      'seed=1..3',
      'train.steps=1000',
      `train.dataset_path=${GOOD}`,
      '--dry-run',
    );
    expect(code).toBe(0);
    expect(output).toContain('seed-3: to be trained');
    expect(output).toContain('3 runs, 3 to train with 3,000 env steps');
    expect(readdirSync(workspace)).toEqual([]);
  });

  it('refuses a folder whose runs had other values, and a dataset that is not there, before it starts', async () => {
    const words = ['seed=1..2', `train.dataset_path=${GOOD}`, 'train.steps=8'];
    expect((await sweep(...words)).code).toBe(0);
    const other = await sweep(...words, 'sac.tau=0.1');
    expect(other).toMatchObject({ code: 1 });
    expect(other.output).toContain('sac.tau: 0.005 → 0.1): give the sweep another --name');
    const missing = await sweep('seed=1..2', 'train.dataset_path=none.h5');
    expect(missing).toMatchObject({ code: 1 });
    expect(missing.output).toContain('none.h5');
  });
});

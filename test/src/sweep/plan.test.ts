import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/schema.js';
import { estimateSeconds } from '../../../src/sweep/estimate.js';
import { planSweep } from '../../../src/sweep/plan.js';
import { collectResults } from '../../../src/sweep/results.js';
import { SweepRun } from '../../../src/sweep/sweep_run.js';
import { folderOfTest } from '../../temporary_folder.js';
import { DEAD_PID, type FixtureRun, statusOf, writeRun } from '../runs/run_fixture.js';
import { tinyConfig } from '../training/tiny_run.js';

let workspace: string;
beforeEach(() => {
  workspace = folderOfTest();
});

const FINISHED: FixtureRun = { evaluations: [[160, 0.5]], status: statusOf({ state: 'finished' }) };
const KILLED: FixtureRun = { evaluations: [[80, 0.5]], status: statusOf({ pid: DEAD_PID }) };

const pointAt = (name: string, config: Config = tinyConfig(workspace)) => ({
  name,
  values: { seed: name },
  recipe: 'r.yml',
  overrides: [],
  config,
});

async function actionFor(name: string, config?: Config): Promise<string> {
  const [{ action }] = await planSweep(workspace, [pointAt(name, config)], 'take another name');
  return action;
}

function writeCheckpoint(name: string, checkpoint = 'latest'): void {
  writeFileSync(join(workspace, name, `models/${checkpoint}.safetensors`), '');
}

describe('planSweep', () => {
  it('starts, resumes, starts over or skips each point by its folder', async () => {
    expect(await actionFor('new')).toBe('start');
    writeRun(workspace, 'finished', FINISHED);
    expect(await actionFor('finished')).toBe('skip');
    writeRun(workspace, 'killed', KILLED);
    writeCheckpoint('killed');
    expect(await actionFor('killed')).toBe('resume');
    mkdirSync(join(workspace, 'torn/models'), { recursive: true });
    expect(await actionFor('torn')).toBe('restart');
    writeRun(workspace, 'killed-early', { status: statusOf({ pid: DEAD_PID }) });
    expect(await actionFor('killed-early')).toBe('restart');
  });

  it('goes on from what checkpoints there are, and starts nothing over that has something to lose', async () => {
    writeRun(workspace, 'killed', KILLED);
    await expect(actionFor('killed')).rejects.toThrow(
      'has made 80 env steps, but its checkpoints are not in',
    );
    writeCheckpoint('killed', 'ckpt_40');
    expect(await actionFor('killed')).toBe('resume');
    mkdirSync(join(workspace, 'notes/models'), { recursive: true });
    writeFileSync(join(workspace, 'notes/models/.latest.safetensors.1.tmp'), '');
    expect(await actionFor('notes')).toBe('restart');
    writeFileSync(join(workspace, 'notes/mine.txt'), '');
    await expect(actionFor('notes')).rejects.toThrow('notes holds mine.txt, and no run: take another name');
  });

  it('goes on with a finished run that is to be longer', async () => {
    writeRun(workspace, 'finished', FINISHED);
    writeCheckpoint('finished');
    expect(await actionFor('finished', tinyConfig(workspace, ['train.steps=400']))).toBe('resume');
  });

  it('refuses runs made with other values, and runs under way', async () => {
    writeRun(workspace, 'other', { ...FINISHED, overrides: ['rlpd.tau=0.01'] });
    await expect(actionFor('other')).rejects.toThrow('rlpd.tau: 0.01 → 0.005): take another name');
    writeRun(workspace, 'running', { ...KILLED, status: statusOf({ pid: process.ppid }) });
    await expect(actionFor('running')).rejects.toThrow('is being trained at the moment');
  });

  it('looks at the datasets first', async () => {
    const config = tinyConfig(workspace, ['train.dataset_path=none.h5']);
    await expect(actionFor('new', config)).rejects.toThrow('none.h5');
  });
});

describe('estimateSeconds', () => {
  it('scales the pace of finished runs by steps, critics and workers', async () => {
    expect(estimateSeconds([], 1, workspace)).toBeNull();
    const online = ['train.bc_warm_start_steps=0', 'train.num_seed_steps=0', 'train.early_env_steps=0'];
    // 160 env steps in 40 s with 3 critics and an actor step at every other of their updates: 3.5 units.
    writeRun(workspace, 'finished', { ...FINISHED, overrides: online });
    const twice = tinyConfig(workspace, [...online, 'rlpd.num_qs=10', 'train.steps=320']);
    const points = await planSweep(
      workspace,
      ['1', '2'].map((name) => pointAt(name, twice)),
      '',
    );
    expect(estimateSeconds(points, 1, workspace)).toEqual({ seconds: expect.closeTo(480), numRuns: 1 });
    expect(estimateSeconds(points, 2, workspace)?.seconds).toBeCloseTo(240);
    expect(estimateSeconds(points, 8, workspace)?.seconds).toBeCloseTo(240);
  });
});

describe('collectResults', () => {
  it('gives mean and spread over the finished seeds of each variant', async () => {
    const successes = { a: [0.5, 2], b: [0.75, 2], c: [1, 2], d: [0.25, 10] } as const;
    for (const [name, [success]] of Object.entries(successes)) {
      writeRun(workspace, name, {
        ...FINISHED,
        evaluations: [
          [80, 1],
          [160, success],
        ],
      });
    }
    const points = Object.entries(successes).map(([name, [, qs]]) => ({
      ...pointAt(name),
      values: { seed: name, 'rlpd.num_qs': String(qs) },
    }));
    const planned = await planSweep(workspace, [...points, pointAt('waiting')], '');
    const run = new SweepRun(planned, { cliPath: '', threads: 1 });
    const { variants, points: results } = collectResults('r.yml', run.statuses);
    expect(variants[0]).toEqual({
      values: { 'rlpd.num_qs': '2' },
      points: 3,
      finished: 3,
      judged_by: 'success_at_end',
      last_score: { mean: 0.75, std: 0.25, min: 0.5, max: 1 },
      final_score: { mean: 0.875, std: 0.125, min: 0.75, max: 1 },
      best_score: { mean: 1, std: 0, min: 1, max: 1 },
      final_normalized: null,
      best_normalized: null,
      updates: null,
      seconds: { mean: 40, std: 0, min: 40, max: 40 },
    });
    expect(variants[1]).toMatchObject({ finished: 1, last_score: { mean: 0.25, std: null } });
    expect(variants[2]).toMatchObject({ points: 1, finished: 0, last_score: null });
    expect(results.at(-1)).toMatchObject({ name: 'waiting', status: 'waiting', env_steps: 0, error: null });
  });

  it('judges each point by the success that counts in its task', async () => {
    const evaluations = [
      [80, 0.2, 1],
      [160, 0.5, 0.75],
    ] as const;
    const tasks = ['PickCube-v1', 'RollBall-v1'];
    const points = tasks.map((envId) => {
      const overrides = [`env.env_id=${envId}`];
      writeRun(workspace, envId, { ...FINISHED, evaluations, overrides });
      return { ...pointAt(envId, tinyConfig(workspace, overrides)), values: { 'env.env_id': envId } };
    });
    const planned = (await planSweep(workspace, [points[0]], '')).concat(
      points.slice(1).map((point) => ({ ...point, path: join(workspace, point.name), action: 'skip' })),
    );
    const { statuses } = new SweepRun(planned, { cliPath: '', threads: 1 });
    const { points: results, variants } = collectResults('r.yml', statuses);
    const [atEnd, once] = [
      { judged_by: 'success_at_end', last_score: 0.5, best_score: 0.5, best_at_steps: 160 },
      { judged_by: 'success_once', last_score: 0.75, best_score: 1, best_at_steps: 80 },
    ];
    expect(results).toMatchObject([atEnd, once]);
    expect(variants).toMatchObject([
      { judged_by: 'success_at_end', best_score: { mean: 0.5 } },
      { judged_by: 'success_once', best_score: { mean: 1 } },
    ]);
  });
});

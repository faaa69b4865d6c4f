import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { displayWidth } from '../../../src/console_text.js';
import { type ListedRun, listRuns } from '../../../src/runs/listing.js';
import { runsTable } from '../../../src/runs/runs_table.js';
import { folderOfTest } from '../../temporary_folder.js';
import { asUnprivileged } from '../../unprivileged.js';
import { DEAD_PID, statusOf, writeRun } from './run_fixture.js';

let workspace: string;
beforeEach(() => {
  workspace = folderOfTest();
});

const names = (runs: readonly ListedRun[]) => runs.map(({ name }) => name);

describe('listRuns', () => {
  it('says how a run stands, what it reached and what it changed', () => {
    writeRun(workspace, 'run', {
      overrides: ['seed=7', 'rlpd.num_qs=5', 'train.steps=400'],
      evaluations: [
        [0, 0.25],
        [40, 0.75],
        [80, 0.75],
        [120, 0.5],
      ],
      status: statusOf({ pid: DEAD_PID }),
    });
    const [run] = listRuns(workspace, 'name');
    expect(run).toMatchObject({
      name: 'run',
      path: join(workspace, 'run'),
      status: 'interrupted',
      problem: null,
      task: 'PickCube-v1',
      seed: 7,
      env_steps: 120,
      total_env_steps: 400,
      judged_by: 'success_at_end',
      best_score: 0.75,
      best_at_steps: 40,
      last_score: 0.5,
      final_score: 0.5625,
      final_normalized: null,
      seconds: 30,
      recipe: 'base_rlpd_ms3.yml',
    });
    expect(run.overrides).toMatchObject({ 'rlpd.num_qs': 5, 'network.actor.arch_cfg.features': [32, 32] });
    const hidden = Object.keys(run.overrides).filter((key) => /^(seed|train\.steps|logger\..*)$/.test(key));
    expect(hidden).toEqual([]);
  });

  it('judges each run by the success that counts in its task', () => {
    const evaluations = [
      [0, 0.1, 0.9],
      [40, 0.3, 0.5],
    ] as const;
    writeRun(workspace, 'pick', { evaluations });
    writeRun(workspace, 'roll', { evaluations, overrides: ['env.env_id=RollBall-v1'] });
    const runs = listRuns(workspace, 'success');
    expect(runs).toMatchObject([
      { name: 'roll', judged_by: 'success_once', best_score: 0.9, best_at_steps: 0, last_score: 0.5 },
      { name: 'pick', judged_by: 'success_at_end', best_score: 0.3, best_at_steps: 40, last_score: 0.3 },
    ]);
    const table = runsTable(runs);
    expect(table).toContain('RollBall-v1 (at any step), seed');
    expect(table).toContain('PickCube-v1, seed');
  });

  it('tells a finished run from an interrupted one where an older version left no status', () => {
    writeRun(workspace, 'a', { evaluations: [[160, 1]] });
    writeRun(workspace, 'b', { evaluations: [[120, 1]] });
    expect(listRuns(workspace, 'name').map(({ status }) => status)).toEqual(['finished', 'interrupted']);
  });

  it('lists broken folders with what is wrong, and leaves out what is no run', () => {
    mkdirSync(join(workspace, 'empty', 'models'), { recursive: true });
    mkdirSync(join(workspace, 'demos'));
    writeFileSync(join(workspace, 'results.json'), '{}');
    const broken = { yaml: '{', list: '- 1', key: 'sac:\n  num_q: 3\n', text: 'x' };
    for (const [name, text] of Object.entries(broken)) {
      writeFileSync(join(writeRun(workspace, name, {}), 'config.yml'), text);
    }
    writeFileSync(join(writeRun(workspace, 'metrics', {}), 'metrics.jsonl'), 'null\n5\n{"a":\n');
    mkdirSync(join(writeRun(workspace, 'folder', {}), 'metrics.jsonl'));
    writeFileSync(join(writeRun(workspace, 'status', {}), 'status.json'), '{}');
    const runs = listRuns(workspace, 'name');
    expect(runs.map(({ name, status }) => [name, status])).toEqual(
      ['empty', 'folder', 'key', 'list', 'metrics', 'status', 'text', 'yaml'].map((name) => [name, 'broken']),
    );
    const problems = Object.fromEntries(runs.map(({ name, problem }) => [name, problem]));
    expect(problems.empty).toContain('config.yml');
    expect(problems.key).toContain('did you mean "rlpd.num_qs"');
    expect(problems.metrics).toContain('holds no metrics');
    expect(problems.status).toContain('is damaged');
    expect(runsTable(runs)).toContain('num_q');
  });

  it('goes on past folders that can not be looked into, and says why', async () => {
    for (const name of ['open', 'closed', 'half/closed']) writeRun(workspace, name, {});
    symlinkSync('loop', join(workspace, 'loop'));
    symlinkSync('.', join(workspace, 'here'));
    for (const folder of [workspace, join(workspace, 'half')]) chmodSync(folder, 0o755);
    const closed = ['closed', 'half/closed'].map((name) => join(workspace, name));
    for (const folder of closed) chmodSync(folder, 0);
    const runs = await asUnprivileged(() => listRuns(workspace, 'name'));
    for (const folder of closed) chmodSync(folder, 0o755);
    const permission = expect.stringMatching(/closed\/config\.yml: permission denied/);
    expect(runs.map(({ name, status, problem }) => [name, status, problem])).toEqual([
      ['closed', 'broken', permission],
      ['half/closed', 'broken', permission],
      ['open', 'interrupted', null],
    ]);
    chmodSync(workspace, 0);
    await asUnprivileged(() =>
      expect(() => listRuns(workspace, 'name')).toThrow(`can't read ${workspace}: permission`),
    );
  });

  it('finds runs in folders of folders, those of a sweep too, and sorts numbers as numbers', () => {
    const sweep = ['sweep/seed-2', 'sweep/seed-10'];
    for (const name of ['run_10', 'run_9', ...sweep, 'ms3/Würfel/fast/a']) writeRun(workspace, name, {});
    expect(names(listRuns(workspace, 'name'))).toEqual(['ms3/Würfel/fast/a', 'run_9', 'run_10', ...sweep]);
    expect(names(listRuns(join(workspace, 'sweep'), 'name'))).toEqual(['seed-2', 'seed-10']);
  });

  it.each([
    ['success', ['b', 'a', 'c', 'd']],
    ['last', ['a', 'b', 'c', 'd']],
    ['steps', ['a', 'c', 'b', 'd']],
    ['time', ['a', 'c', 'b', 'd']],
    ['seed', ['b', 'a', 'c', 'd']],
    ['status', ['c', 'a', 'b', 'd']],
  ] as const)('sorts by %s, broken folders last', (key, order) => {
    const finished = statusOf({ state: 'finished' });
    const failed = statusOf({ state: 'failed', error: 'no space left' });
    writeRun(workspace, 'a', { evaluations: [[160, 0.5]], status: finished, overrides: ['seed=2'] });
    writeRun(workspace, 'b', {
      evaluations: [
        [40, 0.9],
        [80, 0.4],
      ],
      status: failed,
      overrides: ['seed=1'],
    });
    writeRun(workspace, 'c', { evaluations: [[120, 0.3]], status: statusOf(), overrides: ['seed=3'] });
    mkdirSync(join(workspace, 'd', 'models'), { recursive: true });
    expect(names(listRuns(workspace, key))).toEqual(order);
  });

  it('names a folder that is not there', () => {
    expect(() => listRuns(join(workspace, 'none'), 'name')).toThrow('no such folder');
  });
});

describe('runsTable', () => {
  it('shows first what tells the runs apart, and why one failed', () => {
    writeRun(workspace, 'a', { overrides: ['rlpd.tau=0.01'], evaluations: [[160, 0.5]] });
    writeRun(workspace, 'b', { status: statusOf({ state: 'failed', error: 'no space left on the disk' }) });
    const table = runsTable(listRuns(workspace, 'name'));
    expect(table).toMatch(/ a +│ finished +│ +160 \/ 160 │ +0\.50 at 160 │ 0\.50 │ +0\.50 │ +40 s │/);
    expect(table).toMatch(/base_rlpd_ms3\.yml: tau=0\.01, .*, \+\d+/);
    expect(table).toContain('no space left on the disk');
  });

  it('fits in 80 columns with long names and wide letters, and cuts no name', () => {
    const name = 'sweep-default-num_qs-seed/num_qs-2_seed-1';
    for (const folder of [name, '日本語のラン', 'größer-als-zuvor']) {
      writeRun(workspace, folder, { overrides: ['train.steps=1_000_000'], evaluations: [[200_000, 0.5]] });
    }
    const error = `${workspace}/models/${'x'.repeat(90)}: no space left`;
    writeRun(workspace, 'failed', { status: statusOf({ state: 'failed', error }) });
    const table = runsTable(listRuns(workspace, 'name'));
    expect(new Set(table.split('\n').map(displayWidth))).toEqual(new Set([80]));
    expect(table).toMatch(
      new RegExp(`│ ${name} +│\n│ +│ interrupted │ 200,000/1,000,000 │ 0\\.50 │ 0\\.50 │ +0\\.50 │`),
    );
    expect(table).toContain('日本語のラン');
    expect(table).toContain('no space left');
  });
});

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ResultsOptions } from '../../../scripts/results/make_training_row.js';
import { makeTransferRow } from '../../../scripts/results/make_transfer_row.js';
import { readTransferSummaries } from '../../../scripts/results/summaries/summary_files.js';
import { rememberSaid } from '../../said.js';
import { folderOfTest } from '../../temporary_folder.js';
import { rowOf, TRANSFER_RESULT, TRANSFER_ROW } from './fixtures.js';

let folder: string;
let said: { text: string };
beforeEach(() => {
  folder = folderOfTest();
  said = rememberSaid();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const make = (python: string | null, row = TRANSFER_ROW) => {
  const options: ResultsOptions = {
    folder,
    seeds: null,
    onlyMissing: false,
    realDemos: null,
    offlineData: null,
    python,
    stop: new AbortController().signal,
  };
  return makeTransferRow(row, options);
};

function writePolicy(seed: number, content: string, name = 'best_success_at_end'): void {
  const models = join(folder, `row/one-seed${seed}/models`);
  mkdirSync(models, { recursive: true });
  writeFileSync(join(models, `${name}.policy.onnx`), content);
}

/** A program that is called as Python is, writes its arguments down and prints `answer`. */
function fakePython(answer: string): string {
  const path = join(folder, 'python');
  writeFileSync(path, `#!/bin/sh\necho "$@" >> ${folder}/calls\necho loading\ncat <<'END'\n${answer}\nEND\n`);
  chmodSync(path, 0o755);
  return path;
}

const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');

describe('makeTransferRow', () => {
  it('evaluates each policy once, and again when there is another one', async () => {
    writePolicy(0, 'first');
    const python = fakePython(JSON.stringify(TRANSFER_RESULT));
    await make(python);
    expect(readTransferSummaries(folder, 'moved')).toMatchObject([{ seed: 0, result: TRANSFER_RESULT }]);
    const policy = `${folder}/row/one-seed0/models/best_success_at_end.policy.onnx --episodes 50`;
    expect(calls()).toEqual([expect.stringMatching(/scripts\/results\/eval_in_maniskill\.py .*/)]);
    expect(calls()[0]).toContain(policy);
    expect(said.text).toContain(`python scripts/results/eval_in_maniskill.py ${policy}`);

    writePolicy(1, 'second');
    await make(python);
    expect(readTransferSummaries(folder, 'moved').map(({ seed }) => seed)).toEqual([0, 1]);
    expect(calls()).toHaveLength(2);

    writePolicy(0, 'better');
    await make(python);
    expect(calls()).toHaveLength(3);
    expect(readTransferSummaries(folder, 'moved')).toHaveLength(2);
  });

  it('prints the commands without a Python, and says what is missing', async () => {
    await make(null);
    expect(said.text).toContain('moved: skipped, there is no run of row yet');
    writePolicy(1, 'a');
    await make(null);
    expect(said.text).toContain('--python');
    expect(said.text).toContain('one-seed1/models/best_success_at_end.policy.onnx --episodes 50');
    expect(readTransferSummaries(folder, 'moved')).toEqual([]);
  });

  it('takes the policy that is the best as its task is judged', async () => {
    const overrides = ['env.env_id=RollBall-v1'];
    const variants = [{ name: 'one', config: 'configs/default.yml', overrides }];
    const row = { ...TRANSFER_ROW, source: rowOf({ variants }) };
    for (const name of ['best_success_at_end', 'best_success_once']) writePolicy(0, name, name);
    await make(null, row);
    expect(said.text).toContain('one-seed0/models/best_success_once.policy.onnx --episodes 50');
    expect(said.text).not.toContain('best_success_at_end');
  });

  it('gives a policy as long as its own evaluations did', async () => {
    const overrides = ['env.env_id=PushCube-v1', 'eval_env.max_episode_steps=120'];
    const variants = [{ name: 'one', config: 'configs/default.yml', overrides }];
    writePolicy(0, 'slow');
    await make(null, { ...TRANSFER_ROW, source: rowOf({ variants }) });
    expect(said.text).toMatch(/best_success_at_end\.policy\.onnx --episodes 50 --steps 120$/m);
  });

  it('refuses an answer that is no result, and a Python that is none', async () => {
    writePolicy(0, 'a');
    await expect(make(fakePython('{"success_at_end": 1}'))).rejects.toThrow(
      'printed no result, but "{"success',
    );
    await expect(make(join(folder, 'none'))).rejects.toThrow(`can't run ${folder}/none`);
  });
});

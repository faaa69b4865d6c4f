import { existsSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { drawCurves, overviewCurves, rowCurves } from '../../../../scripts/results/report/curves.js';
import { curvesPath, reportText } from '../../../../scripts/results/report/report.js';
import { transferTable } from '../../../../scripts/results/report/transfer_section.js';
import { ROWS } from '../../../../scripts/results/rows/all_rows.js';
import { firstReached } from '../../../../scripts/results/statistics.js';
import {
  type RunSummary,
  type TransferSummary,
  writeSummaries,
} from '../../../../scripts/results/summaries/summary_files.js';
import { folderOfTest } from '../../../temporary_folder.js';
import { evaluationsOf, rowOf, runOf, TRANSFER_RESULT, TRANSFER_ROW } from '../fixtures.js';

let folder: string;
beforeEach(() => {
  folder = folderOfTest();
});

async function reportOf(...runs: RunSummary[]): Promise<string> {
  await writeSummaries(folder, 'row', runs);
  return reportText([rowOf()], folder);
}

/** The cells of the line of a table that begins with `name`. */
function cellsOf(report: string, name: string): string[] {
  const line = report.split('\n').find((text) => text.startsWith(`| ${name} |`))!;
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

describe('reportText', () => {
  it('says of what was never run that it was not', () => {
    const report = reportText(ROWS, folder);
    for (const { id } of ROWS) expect(report).toContain(`Not run yet: \`npm run results -- ${id}\`.`);
    expect(report).not.toMatch(/\d\.\d\d/);
  });

  it('gives median and ends over the seeds, and pools their episodes', async () => {
    const report = await reportOf(
      runOf(evaluationsOf(0.5, 0.96, 1)),
      runOf(evaluationsOf(0.96, 0.5, 0.9), {
        seed: 1,
        seconds: 75,
        demonstrations: { episodes: 20, successes: 20, medianFirstSuccess: 25 },
      }),
    );
    expect(cellsOf(report, 'one')).toEqual([
      'one',
      '2',
      '18 to 20 of 20 succeed, at step 25',
      '0.95 (0.89 to 0.98)',
      '0.95 [**0.90**, 1.00]',
      '0.95 [**0.90**, 1.00]',
      '28',
      '1,500 [1,000, **2,000**]',
      '1 of 2',
      '15 s [10 s, **20 s**]',
      '1 min 10 s [1 min 5 s, **1 min 15 s**]',
    ]);
    expect(report).toContain('npm run train -- configs/base_rlpd_ms3.yml seed=SEED\n```');
    expect(report).toContain(
      'A processor, 2 cores, Node v20.19.0; commit 0123456789, version 0.1.0: seeds 0 and 1.',
    );
    expect(report).toContain('- other, not run yet: seeds 0 and 1.');
  });

  it('tells what cloning alone reached, if runs were evaluated before their first env step', async () => {
    const [cloned, ...later] = evaluationsOf(0.6, 0.9, 1);
    const begun = [{ ...cloned, envSteps: 0 }, ...later];
    const report = await reportOf(runOf(begun), runOf(evaluationsOf(1), { variant: 'other' }));
    expect(report).toContain('| after cloning alone |');
    expect(cellsOf(report, 'one')[3]).toBe('0.60');
    expect(cellsOf(report, 'other')[3]).toBe('-');
  });

  it('leaves times out where they are of no interest', async () => {
    await writeSummaries(folder, 'row', [runOf(evaluationsOf(1))]);
    const report = reportText([rowOf({ isTimed: false })], folder);
    expect(cellsOf(report, 'one').slice(-2)).toEqual(['1,000', '1 of 1']);
    expect(report).not.toContain('| time');
  });

  it('counts seeds that never reach the target as worst', async () => {
    const report = await reportOf(runOf(evaluationsOf(1)), runOf(evaluationsOf(0), { seed: 1 }));
    const cells = cellsOf(report, 'one');
    expect(cells[6]).toBe('never [30, **never**]');
    expect(cells[9]).toBe('never [10 s, **never**]');
  });

  it('says how runs ended that did not come to their end at once', async () => {
    const report = await reportOf(
      runOf(evaluationsOf(0.5), { state: 'time limit', starts: 2 }),
      runOf([], { seed: 1, state: 'failed', error: 'the disk is full' }),
    );
    expect(report).toContain('one, seed 0: stopped at its time limit, after 1,000 env steps.');
    expect(report).toContain('one, seed 0: made in 2 parts');
    expect(report).toContain('one, seed 1: failed after 0 env steps: the disk is full');
    expect(cellsOf(report, 'one')[1]).toBe('1');
  });

  it('judges each variant as its task is, and says so', async () => {
    const [first, last] = evaluationsOf(0.1, 0.2).map((evaluation) => ({ ...evaluation, successOnce: 0.96 }));
    const evaluations = [first, { ...last, successOnce: 0.98 }];
    const reached = firstReached('success_once', evaluations, 0.95);
    await writeSummaries(folder, 'row', [
      runOf(evaluations, { reached }),
      runOf(evaluations, { variant: 'other' }),
    ]);
    const [one, other] = rowOf().variants;
    const rolling = { ...one, overrides: ['env.env_id=RollBall-v1'] };
    const report = reportText([rowOf({ variants: [rolling, other], isTimed: false })], folder);
    expect(report).toContain('| success, all episodes | success, by seed | success at any step |');
    const pooled = '0.98 (0.90 to 1.00)';
    const rest = ['0.98', '0.98', '29', '1,000', '1 of 1'];
    expect(cellsOf(report, 'one (at any step)').slice(3)).toEqual([pooled, ...rest]);
    expect(cellsOf(report, 'other').slice(4, 6)).toEqual(['0.20', '0.98']);
    const usual = reportText([rowOf()], folder);
    expect(usual).toContain('| success at the end, all episodes | success at the end, by seed |');
  });

  it('tells transfers seed by seed and all together', async () => {
    await writeSummaries(folder, TRANSFER_ROW.id, [transferOf(0, 1), transferOf(1, 0.9)]);
    const report = reportText([TRANSFER_ROW], folder);
    expect(cellsOf(report, '0')).toEqual(['0', '50', '1.00 (0.93 to 1.00)', '1.00', '24.5']);
    expect(cellsOf(report, 'all')).toEqual(['all', '100', '0.95 (0.89 to 0.98)', '1.00', '24.5']);
    expect(report).toContain('python eval.py exps/one-seedSEED/models/best.onnx\n```');
    expect(report).toContain('Evaluated with mani_skill 3.0.1.');
  });

  it('tells transfers of several variants a line each, over their seeds', async () => {
    const runs = [transferOf(0, 1), transferOf(1, 0.9), transferOf(0, 0.5, 'other')];
    await writeSummaries(folder, TRANSFER_ROW.id, runs);
    const report = reportText([TRANSFER_ROW], folder);
    expect(cellsOf(report, 'one')).toEqual(['one', '2', '100', '0.95 (0.89 to 0.98)', '1.00', '24.5']);
    expect(cellsOf(report, 'other').slice(0, 3)).toEqual(['other', '1', '50']);
  });
});

/** The evaluation of a policy of {@link TRANSFER_ROW}'s source. */
function transferOf(seed: number, success: number, variant = 'one'): TransferSummary {
  const { commit, version, machine } = runOf([]);
  return {
    variant,
    seed,
    policySha256: 'ab',
    command: `python eval.py exps/${variant}-seed${seed}/models/best.onnx`,
    commit,
    version,
    machine,
    result: { ...TRANSFER_RESULT, success_at_end: success },
  };
}

describe('transferTable', () => {
  it('gives the success that the task is judged by its interval, and says which if several tasks are there', () => {
    const { result, ...summary } = transferOf(0, 0.1);
    const rolled = { ...summary, result: { ...result, env_id: 'RollBall-v1', success_once: 0.9 } };
    const table = transferTable([rolled]);
    expect(cellsOf(table, 'all')).toEqual(['all', '50', '0.10', '0.90 (0.79 to 0.96)', '24.5']);
    expect(transferTable([rolled, transferOf(0, 1, 'other')])).toContain(
      '| one (at any step) | 1 | 50 | 0.10 |',
    );
  });
});

describe('overviewCurves', () => {
  it('are of the first variants of the rows that have a name, over env steps', async () => {
    const runs = [
      runOf(evaluationsOf(0.1, 0.5)),
      runOf(evaluationsOf(0.3, 0.7), { seed: 1 }),
      runOf(evaluationsOf(1, 1), { variant: 'other' }),
    ];
    for (const id of ['shown', 'hidden']) await writeSummaries(folder, id, runs);
    const rows = [
      rowOf({ id: 'shown', overview: 'the recipe', x: 'seconds' }),
      rowOf({ id: 'hidden' }),
      rowOf({ id: 'never_run', overview: 'another' }),
    ];
    const [curve, ...others] = overviewCurves(rows, folder);
    expect(others).toEqual([]);
    expect(curve).toMatchObject({ label: 'the recipe', numRuns: 2 });
    expect(curve.points.map(({ x, mean }) => [x, Number(mean.toFixed(3))])).toEqual([
      [1000, 0.2],
      [2000, 0.6],
    ]);
  });
});

describe('drawCurves', () => {
  const row = rowOf({ picture: 'beside the first' });

  it('gives each variant a panel beside the first', async () => {
    const runs = ['one', 'other'].map((variant) => runOf(evaluationsOf(0.5, 1), { variant }));
    await writeSummaries(folder, row.id, runs);
    await drawCurves(row, folder);
    const picture = readFileSync(curvesPath(folder, row), 'utf8');
    expect(picture).toContain('>other<');
    expect(picture).toContain('>one, as it is<');
  });

  it('gives each variant a panel of its own', async () => {
    const runs = ['one', 'other'].map((variant) => runOf(evaluationsOf(0.5, 1), { variant }));
    const apart = rowOf({ picture: 'apart' });
    await writeSummaries(folder, apart.id, runs);
    await drawCurves(apart, folder);
    const picture = readFileSync(curvesPath(folder, apart), 'utf8');
    expect(picture).toContain('>one<');
    expect(picture).toContain('>other<');
    expect(picture).not.toContain('as it is');
  });

  it('draws no panels without the one that they are beside', async () => {
    await writeSummaries(folder, row.id, [runOf(evaluationsOf(0.5, 1), { variant: 'other' })]);
    await drawCurves(row, folder);
    expect(existsSync(curvesPath(folder, row))).toBe(false);
  });
});

describe('drawCurves of a row without a picture', () => {
  it('draws nothing', async () => {
    const row = rowOf({ picture: null });
    await writeSummaries(folder, row.id, [runOf(evaluationsOf(1))]);
    await drawCurves(row, folder);
    expect(existsSync(curvesPath(folder, row))).toBe(false);
  });
});

describe('rowCurves', () => {
  it('draws each variant over what the row says, from the runs that came to their end', () => {
    const runs = [
      runOf(evaluationsOf(0, 0.5)),
      runOf(evaluationsOf(1, 1), { seed: 1 }),
      runOf(evaluationsOf(0), { seed: 2, state: 'interrupted' }),
      runOf([], { variant: 'other' }),
    ];
    const [curve, ...others] = rowCurves(rowOf({ x: 'seconds' }), runs);
    expect(others).toEqual([]);
    expect(curve).toMatchObject({ label: 'one', numRuns: 2 });
    expect(curve.points).toEqual([
      { x: 10, mean: 0.5, min: 0, max: 1 },
      { x: 20, mean: 0.75, min: 0.5, max: 1 },
    ]);
  });

  it('draws the success that the task is judged by, and says which', () => {
    const [variant] = rowOf().variants;
    const rolling = { ...variant, overrides: ['env.env_id=RollBall-v1'] };
    const evaluations = evaluationsOf(0.1).map((evaluation) => ({ ...evaluation, successOnce: 0.9 }));
    const [curve] = rowCurves(rowOf({ variants: [rolling] }), [runOf(evaluations)]);
    expect(curve.label).toBe('one (at any step)');
    expect(curve.points).toEqual([{ x: 1000, mean: 0.9, min: 0.9, max: 0.9 }]);
  });

  it('over seconds, holds what a run came to until the slowest one ends', () => {
    const slow = evaluationsOf(0, 0.5).map((evaluation) => ({
      ...evaluation,
      seconds: evaluation.seconds + 100,
    }));
    const runs = [runOf(evaluationsOf(0.5, 1)), runOf(slow, { seed: 1 })];
    const [curve] = rowCurves(rowOf({ x: 'seconds' }), runs);
    expect(curve.points).toEqual([
      { x: 110, mean: 0.5, min: 0, max: 1 },
      { x: 120, mean: 0.75, min: 0.5, max: 1 },
    ]);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import {
  comparisonCommands,
  comparisonTables,
} from '../../../../scripts/results/report/comparison_section.js';
import { reportText } from '../../../../scripts/results/report/report.js';
import type { ComparisonBlock } from '../../../../scripts/results/rows/row.js';
import { addComparisonRuns } from '../../../../scripts/results/summaries/comparison_files.js';
import { writeRows } from '../../../../scripts/results/summaries/summary_files.js';
import { folderOfTest } from '../../../temporary_folder.js';
import { comparedRun, comparisonRowOf } from '../fixtures.js';

let folder: string;
beforeEach(() => {
  folder = folderOfTest();
});

const tier = (name: 'expert' | 'random') => ({
  label: `PickCube-v1-${name}`,
  envId: 'PickCube-v1',
  tier: name,
  path: `tiers/PickCube-v1-${name}.h5`,
});
const ON_TIERS: ComparisonBlock = {
  algorithms: ['bc', 'iql'],
  datasets: [tier('expert'), tier('random')],
  seeds: [0, 1],
  overrides: ['train.offline_steps=10', 'network.observations=[a, b]'],
};
const ON_HOPPER: ComparisonBlock = {
  algorithms: ['bc', 'iql'],
  datasets: [{ label: 'hopper', envId: 'Hopper-v5', tier: null, path: '$OFFLINE_DATA/hopper.hdf5' }],
  seeds: [0, 1],
  overrides: [],
};

describe('the section of a comparison', () => {
  it('has a table of algorithms by tiers, where what was not trained is empty', async () => {
    const row = comparisonRowOf([ON_TIERS]);
    await addComparisonRuns(folder, row.id, [
      comparedRun({ last: 0.9 }),
      comparedRun({ last: 0.7, seed: 1 }),
      comparedRun({ last: 0, dataset: 'PickCube-v1-random', data: { episodes: 50, successes: 0 } }),
      comparedRun({ algorithm: 'iql', state: 'interrupted', last: null }),
    ]);
    const report = reportText([row], folder);
    expect(report).toContain(
      [
        '| PickCube-v1: success of | expert | random |',
        '| --- | --- | --- |',
        '| the data themselves | 0.50 of 200 | 0.00 of 50 |',
        '| `bc` | 0.80 ± 0.14 | 0.00 |',
        '| `iql` | - | - |',
      ].join('\n'),
    );
    expect(report).toContain(
      'npm run rlpd -- compare algorithms=bc,iql datasets=tiers/PickCube-v1-expert.h5,tiers/PickCube-v1-random.h5 ' +
        "seeds=0,1 env.env_id=PickCube-v1 train.offline_steps=10 'network.observations=[a, b]'\n```",
    );
    expect(report).toContain('commit 0123456789, version 0.1.0: seeds 0 and 1.');
  });

  it('has a line for each algorithm on each dataset, beside those of a peer', async () => {
    const row = comparisonRowOf([ON_HOPPER], 'list');
    const scores = { measure: 'return' as const, dataset: 'hopper', normalized: 32.4, seconds: 90 };
    await addComparisonRuns(folder, row.id, [
      comparedRun({ ...scores, last: 1000, final: 900 }),
      comparedRun({ ...scores, last: 1200, final: 1100, seed: 1, normalized: 36.4, seconds: 150 }),
    ]);
    await writeRows(folder, 'offline_d3rlpy', [
      {
        program: 'd3rlpy 2.8.1',
        dataset: 'hopper',
        algorithm: 'iql',
        updates: 10,
        seeds: [0, 1],
        returns: [990, 1010],
        cpuMinutes: [2, 3],
      },
    ]);
    const report = reportText([row], folder);
    expect(report).toContain(
      '| hopper | `bc` | 2 | 1100 ± 141 | 1000 ± 141 | 34.4 ± 2.8 | 2.0 ± 0.7 | - | - |',
    );
    expect(report).toContain('| hopper | `iql` | - | - | - | - | - | 1000 ± 14 | 2.5 ± 0.7 |');
  });

  it('tells blocks that differ in their algorithms alone as one command', () => {
    const { datasets } = ON_HOPPER;
    const others = { ...ON_HOPPER, algorithms: ['awac'] as const };
    const longer = { ...others, overrides: ['train.offline_steps=20'] };
    const setting = `datasets=${datasets[0].path} seeds=0,1 env.env_id=Hopper-v5`;
    expect(comparisonCommands(comparisonRowOf([ON_HOPPER, others, longer]))).toEqual([
      `npm run rlpd -- compare algorithms=bc,iql,awac ${setting}`,
      `npm run rlpd -- compare algorithms=awac ${setting} train.offline_steps=20`,
    ]);
  });

  it('leaves newer results in place of older ones of the same training', async () => {
    await addComparisonRuns(folder, 'compared', [
      comparedRun({ last: 0.1 }),
      comparedRun({ seed: 1, last: 0.3 }),
    ]);
    await addComparisonRuns(folder, 'compared', [comparedRun({ last: 0.5 })]);
    const row = comparisonRowOf([ON_TIERS]);
    expect(reportText([row], folder)).toContain('| `bc` | 0.40 ± 0.14 |');
    expect(comparisonTables(row, [], [])).toHaveLength(1);
  });
});

import { expect, it } from 'vitest';
import type { ComparedDataset } from '../../../src/compare/datasets.js';
import { comparisonGrid } from '../../../src/compare/grid.js';
import type { ComparedCell } from '../../../src/compare/results.js';
import { spreadText } from '../../../src/compare/results.js';
import { comparisonCsv, comparisonPage, comparisonTable } from '../../../src/compare/tables.js';
import { readComparison } from '../../../src/compare/words.js';
import { displayWidth } from '../../../src/console_text.js';

const HOPPER: ComparedDataset = {
  path: 'test/fixtures/d4rl/hopper.hdf5',
  label: 'hopper',
  envId: 'Hopper-v5',
};
const LONG: ComparedDataset = { ...HOPPER, label: 'hopper-medium-expert-replay-v2' };
const spread = (mean: number, std: number | null) => ({ mean, std, min: mean, max: mean });

function cell(algorithm: string, dataset = HOPPER): ComparedCell {
  return {
    algorithm,
    dataset,
    measure: 'normalized_score',
    seeds: 3,
    finished: 2,
    final: spread(91.26, 10.04),
    best: spread(101.2, 9.96),
    seconds: spread(4050, 1),
    updates: spread(1_000_000, 0),
  };
}

const OPEN = { ...cell('iql'), finished: 0, final: null, best: null, seconds: null, updates: null };

it('scores are told as what they are', () => {
  expect(spreadText('normalized_score', spread(91.26, 10.04))).toBe('91.3 ± 10.0');
  expect(spreadText('success_at_end', spread(0.5, null))).toBe('0.50');
  expect(spreadText('return', spread(-1250.02, 49.659))).toBe('-1250 ± 49.66');
  expect(spreadText('return', null)).toBe('-');
});

it('the table on the console fits in 80 columns', () => {
  const table = comparisonTable([cell('td3_bc', LONG), OPEN]);
  expect(displayWidth(table)).toBeLessThanOrEqual(80);
  expect(table).toContain('td3_bc on hopper-medium-expert-replay-v2, normalized score');
  expect(table).toMatch(/│ +2 of 3 │ +91\.3 ± 10\.0 │ +101\.2 ± 10\.0 │ 1 h 7 min │ 1,000,000 │/);
});

it('the page has algorithms by datasets, and says how its figures were made', async () => {
  const words = [
    'algorithms=bc,iql',
    `datasets=${HOPPER.path}`,
    'seeds=0,1,2',
    'train.offline_steps=1_000_000',
  ];
  const page = comparisonPage(
    await comparisonGrid(readComparison(words)),
    [cell('bc'), OPEN],
    'rlpd compare',
  );
  expect(page).toContain(`| algorithm | hopper<br>normalized score |
| --- | --- |
| bc | **91.3 ± 10.0**<br>best 101.2 ± 10.0<br>67.5 min<br>1,000,000 updates<br>2 of 3 seeds |
| iql | - |
`);
  expect(page).toContain('Every run: 1,000,000 offline updates, all episodes of its dataset, discount 0.99.');
  expect(page).toContain('the same 10 episodes for all, every 50,000 steps');
  expect(page).toContain('bc configs/bc.yml, iql configs/iql.yml');
  expect(page).toContain('evaluated in Hopper-v5, where a return of -20.272305 is 0 and 3234.3 is 100');
  expect(page).toContain('```sh\nrlpd compare\n```');
});

it('the CSV has a row for each algorithm on each dataset', () => {
  expect(comparisonCsv([cell('bc'), OPEN]).split('\n')).toEqual([
    'algorithm,dataset,dataset_path,environment,measure,seeds,finished,final_mean,final_std,best_mean,best_std,minutes,updates',
    `bc,hopper,${HOPPER.path},Hopper-v5,normalized_score,3,2,91.26,10.04,101.2,9.96,67.5,1000000`,
    `iql,hopper,${HOPPER.path},Hopper-v5,normalized_score,3,0,,,,,,`,
    '',
  ]);
});

import { describe, expect, it } from 'vitest';
import { listRows } from '../../../scripts/results/list_rows.js';
import { ROWS } from '../../../scripts/results/rows/all_rows.js';
import { writeSummaries } from '../../../scripts/results/summaries/summary_files.js';
import { folderOfTest } from '../../temporary_folder.js';
import { evaluationsOf, rowOf, runOf, TRANSFER_ROW } from './fixtures.js';

const ALL = { seeds: null, onlyMissing: false };

describe('the list of rows', () => {
  it('names every row of RESULTS.md, also those that need a file of the user', () => {
    const lines = listRows(ROWS, { ...ALL, folder: folderOfTest() }).split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual(ROWS.map(({ id }) => id));
  });

  it('tells how many runs are done, how long the others take and what they are', () => {
    const rows = [rowOf(), TRANSFER_ROW];
    expect(listRows(rows, { ...ALL, folder: folderOfTest() })).toBe(
      'row    0 of 4 done  about 12 min 0 s  A row\nmoved  0 of 2 done  about 2 min 0 s   Moved',
    );
  });

  it('counts only the runs without a summary if these are wanted', async () => {
    const folder = folderOfTest();
    await writeSummaries(folder, 'row', [runOf(evaluationsOf(1))]);
    expect(listRows([rowOf()], { seeds: [0], onlyMissing: true, folder })).toMatch('0 of 1 done');
  });
});

import { expect, test } from 'vitest';
import { describeDataset } from '../../../src/commands/data_description.js';
import type { DatasetInfo } from '../../../src/datasets/info.js';

const INFO: DatasetInfo = {
  path: 'data',
  format: 'Any',
  files: [],
  facts: [],
  notes: [],
  episodes: 4,
  steps: 8,
  fileProblems: [],
  episodeProblems: new Map(),
  lengths: [2, 2, 2, 2],
  returns: [],
  columns: new Map(),
  ends: { terminated: 0, truncated: 4, open: 0 },
  success: { known: 2, once: 2, atEnd: 1 },
};

test('shares of success are of the episodes in which it is known', () => {
  expect(describeDataset(INFO)).toContain('once 2 (100.0 %), at end 1 (50.0 %), known of 2 of 4 episodes');
});

test('the median of an even number of values is the mean of the middle two, as in numpy', () => {
  const text = describeDataset({ ...INFO, lengths: [2, 3, 8, 4], returns: [-4, -1.5, -2, -1] });
  expect(text).toMatch(/lengths +min 2, median 3\.5, max 8/);
  expect(text).toMatch(/returns +min -4, median -1\.75, max -1/);
});

test('large pictures are described too', () => {
  const pixels = 480 * 640 * 3;
  const range = { min: new Float32Array(pixels).fill(3), max: new Float32Array(pixels).fill(250) };
  const type = { dtype: 'uint8', shape: [3, 480, 640, 3] };
  const columns = new Map([['observations', { type, episodes: 4, range }]]);
  expect(describeDataset({ ...INFO, columns })).toContain('uint8 [480, 640, 3] from 3 to 250');
});

test('commands stay on one line, however long, so that they can be copied', () => {
  const path = `data of ${'many '.repeat(20)}days/trajectory.h5`;
  const note = `it has no observations; convert the file: replay --traj-path '${path}'`;
  const text = describeDataset({ ...INFO, path, notes: [note], fileProblems: [`${path}: cut short`] });
  expect(text.split('\n')).toContain(`  problems      1, listed by: npm run rlpd -- data verify '${path}'`);
  expect(text.split('\n')).toContain(`  note          ${note}`);
});

test.each([
  [2, ['size', 'sha256', '1/b sha256']],
  [40, ['files', 'size']],
])('of %i files the hashes are shown if they are few', (count, names) => {
  const files = Array.from({ length: count }, (_, i) => ({ name: `${i}/b`, bytes: 1000, sha256: 'c0ffee' }));
  const shown = describeDataset({ ...INFO, files })
    .split('\n')
    .flatMap((line) => /^ {2}(files|size|\S* ?sha256) /.exec(line)?.[1] ?? []);
  expect(shown).toEqual(names);
});

import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { displayWidth } from '../../../src/console_text.js';
import { type EpisodeError, startErrors, summariseErrors } from '../../../src/replay/replay_error.js';
import { replayReport } from '../../../src/replay/report.js';
import { Tally } from '../../../src/replay/tally.js';
import { demoFixture } from '../datasets/formats/maniskill/fixtures.js';
import { replay } from './support.js';

/** The cells of the table row that begins with `name`. */
function row(report: string, name: string): string[] {
  const line = stripVTControlCharacters(report)
    .split('\n')
    .find((text) => text.startsWith(`│ ${name}`));
  return (line ?? '')
    .split('│')
    .map((cell) => cell.trim())
    .slice(1, -1);
}

test('the table tells how many succeeded and how far they drifted', async () => {
  const { result } = await replay(demoFixture('pick_cube'));
  const report = replayReport(result.plan, result);
  expect(displayWidth(report)).toBeLessThanOrEqual(80);
  expect(row(report, 'replayed by')[0]).toBe('replayed by actions, pd_joint_delta_pos');
  expect(row(report, 'replayed  ').slice(1)).toEqual(['3', '']);
  expect(row(report, 'succeeded at the end').slice(1)).toEqual(['3', '100.0 %']);
  expect(row(report, 'skipped').slice(1)).toEqual(['0', '']);
  expect(row(report, 'arm joints, rad')).toHaveLength(5);
  const velocities = row(report, 'finger joint velocities, m/s').map(Number);
  expect(velocities[2]).toBeCloseTo(result.error!.fingerVelocity.max, 3);
  expect(Number(row(report, 'arm joint velocities, rad/s')[2])).toBeGreaterThan(0);
  const [, median, max, medianAtEnd, maxAtEnd] = row(report, 'cube, mm').map(Number);
  expect(1000 * result.error!.objects.cube.max).toBeCloseTo(max, 3);
  expect(median).toBeLessThan(medianAtEnd);
  expect(maxAtEnd).toBeLessThanOrEqual(max);
});

/** An episode that is so far from its recording, in each state. */
function error(...values: number[]): EpisodeError {
  const times = (factor: number) => Float64Array.from(values, (value) => factor * value);
  return { arm: times(1), armVelocity: times(2), fingerVelocity: times(3), objects: { cube: times(10) } };
}

test('skipped episodes are listed by their reason', () => {
  const tally = new Tally();
  for (const episodeId of [3, 5]) tally.add({ kind: 'unreadable', episodeId, reason: 'damaged' });
  tally.add({ kind: 'unreadable', episodeId: 8, reason: 'holds NaN' });
  const plan = { method: 'env_states', judgedBy: 'success_once' } as never;
  const report = replayReport(plan, tally.result());
  expect(report).toContain('succeeded at any step');
  expect(report).toContain('skipped, damaged: traj_3, traj_5\nskipped, holds NaN: traj_8\n');
  expect(report).toContain('replay error: no recorded states to compare with');
});

test('errors are summarised over all states, and over the last of each episode', () => {
  const { arm, armVelocity, fingerVelocity, objects } = summariseErrors([error(0, 1, 2), error(0, 8, 4)])!;
  expect(arm).toEqual({ median: 1.5, max: 8, medianAtEnd: 3, maxAtEnd: 4 });
  expect(armVelocity.max).toBe(16);
  expect(fingerVelocity.max).toBe(24);
  expect(objects.cube).toEqual({ median: 15, max: 80, medianAtEnd: 30, maxAtEnd: 40 });
  expect(summariseErrors([])).toBeNull();
});

test('episodes that begin elsewhere than recorded are counted', () => {
  expect(startErrors([error(0, 1), error(1e-6, 1)])).toEqual({ episodes: 0, of: 2, arm: 0, object: 0 });
  const starts = [error(0, 1), error(0.02, 0), error(0.01, 0)];
  expect(startErrors(starts)).toEqual({ episodes: 2, of: 3, arm: 0.02, object: 0.2 });
});

import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { main } from '../../../src/cli.js';
import { replayDataset } from '../../../src/replay/replay.js';
import { replayReport } from '../../../src/replay/report.js';
import { NEVER_STOP } from '../../../src/stop_signal.js';
import { rememberSaid } from '../../said.js';
import { folderOfTests } from '../../temporary_folder.js';
import { demoFixture } from '../datasets/formats/maniskill/fixtures.js';
import { changedCopy, OPTIONS, SILENT } from './support.js';

const folder = folderOfTests();
let said: { text: string };
beforeEach(() => {
  said = rememberSaid();
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

test('the table comes before the error that no episode is left, with seeds that are not those of the starts', async () => {
  const path = await changedCopy(folder, 'wrong_seeds', ({ seed }) => ({ seed: seed! + 1 }), {
    generator: { name: 'rlpd' },
  });
  const output = join(folder, 'left.h5');
  expect(await main(['replay', '--traj-path', path, '--save-traj', '--output', output])).toBe(1);
  const places = [
    'succeeded at the end',
    'finger joint velocities, m/s',
    'goal_site, mm',
    'rad from where the seed puts it in 3 of 3 episodes: --use-first-env-state begins there',
    'left.h5 was not written',
  ].map((text) => said.text.indexOf(text));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places[0]).toBeGreaterThan(0);

  said.text = '';
  expect(await main(['replay', '--traj-path', path, '--use-first-env-state'])).toBe(0);
  expect(said.text).not.toContain('where the seed puts it');
});

test('the table of what was done comes also before an error, and after a stop', async () => {
  const path = await changedCopy(folder, 'damaged', ({ episodeId, actions }) =>
    episodeId === 10 ? { actions: actions.with(0, Number.NaN) } : {},
  );
  expect(await main(['replay', '--traj-path', path])).toBe(1);
  expect(said.text).toMatch(/replayed +│ +2 │.*arm joints, rad.*traj_10\/actions holds NaN/s);

  const stop = new AbortController();
  const tables: string[] = [];
  const listener = {
    ...SILENT,
    onEpisode: () => stop.abort(),
    onTally(...tally: Parameters<typeof replayReport>) {
      tables.push(replayReport(...tally));
    },
  };
  const options = { ...OPTIONS, trajPath: demoFixture('pick_cube'), saveTraj: false };
  expect(await replayDataset(options, listener, stop.signal)).toBeNull();
  expect(tables).toEqual([expect.stringMatching(/replayed +│ +1 │/)]);
  await replayDataset({ ...options, count: 1 }, { ...listener, onEpisode() {} }, NEVER_STOP);
  expect(tables[1]).toBe(tables[0]);
});

test('flags that change nothing are told', async () => {
  const path = demoFixture('pick_cube');
  const words = ['replay', '--traj-path', path, '--count', '1', '--use-env-states'];
  expect(await main(words)).toBe(0);
  expect(said.text).not.toContain('changes nothing');
  const idle = ['--use-first-env-state', '--record-rewards', '--output', 'x.h5', '--overwrite'];
  const others = ['--max-retry', '2', '--allow-failure', '--discard-timeout', '--video-fps', '10'];
  const modes = ['--reward-mode', 'dense', '-n', '1', '--num-procs', '2'];
  expect(await main([...words, ...idle, ...others, ...modes])).toBe(0);
  const told = [...said.text.matchAll(/note: (\S+) changes nothing: /g)].map(([, flag]) => flag);
  expect(told.sort()).toEqual([
    '--discard-timeout',
    '--max-retry',
    '--num-procs',
    '--output',
    '--overwrite',
    '--record-rewards',
    '--reward-mode',
    '--use-first-env-state',
    '--video-fps',
  ]);
});

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { planReplay } from '../../../src/replay/plan.js';
import { replayDataset } from '../../../src/replay/replay.js';
import { replayEpisodes } from '../../../src/replay/replay_episodes.js';
import { replayReport } from '../../../src/replay/report.js';
import { folderOfTests } from '../../temporary_folder.js';
import { demoFixture } from '../datasets/formats/maniskill/fixtures.js';
import { spawned } from '../runtime/node/spawned_workers.js';
import { readMp4 } from '../video/mp4_reader.js';
import {
  changedCopy,
  firstSteps,
  OPTIONS,
  REQUEST,
  type Replayed,
  readAll,
  replay,
  SILENT,
} from './support.js';

const folder = folderOfTests();
vi.mock('node:worker_threads', async (importOriginal) => {
  const { rememberWorkers } = await import('../runtime/node/spawned_workers.js');
  return rememberWorkers(await importOriginal());
});

test('files and table are the same for any number of workers', async () => {
  const source = await changedCopy(folder, 'source', ({ episodeId, actions }) => ({
    actions: episodeId === 2 ? actions.map(() => 0) : actions,
  }));
  const [one, three] = [join(folder, 'one.h5'), join(folder, 'three.h5')];
  const convert = { targetControlMode: 'pd_ee_delta_pose', useFirstEnvState: true };
  const alone = await replay(source, { ...convert, output: one, numProcs: 1 });
  const together = await replay(source, { ...convert, output: three, numProcs: 3 });
  expect(spawned).toHaveLength(3);
  expect(await readAll(three)).toEqual(await readAll(one));
  const json = (path: string) => readFile(path.replace(/h5$/, 'json'), 'utf8');
  expect(await json(three)).toBe(await json(one));
  const table = ({ result }: Replayed) => replayReport(result.plan, result);
  expect(table(together)).toBe(table(alone));
  expect(alone.result.kept).toBe(2);
});

test('a worker that ends early ends the replay with its error', async () => {
  const { plan } = await planReplay({ ...REQUEST, trajPath: demoFixture('pick_cube'), useEnvStates: true });
  spawned.length = 0;
  const consume = async () => {
    for await (const _ of replayEpisodes(
      { ...plan, episodes: new Array(50).fill(plan.episodes).flat() },
      2,
    )) {
      void spawned[1].terminate();
    }
  };
  await expect(consume()).rejects.toThrow(/replay worker 1 ended unexpectedly with exit code 1/);
});

test('an error in a worker is the error of the replay', async () => {
  const { plan } = await planReplay({ ...REQUEST, trajPath: demoFixture('pick_cube') });
  const results = replayEpisodes({ ...plan, targetControlMode: 'none_such' }, 2);
  await expect(results.next()).rejects.toThrow(/replay worker \d failed: .*no control mode "none_such"/);
});

test('an interrupted replay writes no dataset and keeps finished videos', async () => {
  const trajPath = await changedCopy(folder, 'short', (episode) => firstSteps(episode, 5));
  const output = join(folder, 'interrupted', 'out.h5');
  const stop = new AbortController();
  const listener = { ...SILENT, onEpisode: () => stop.abort() };
  const options = { ...OPTIONS, trajPath, output, allowFailure: true, saveVideo: true, numProcs: 2 };
  expect(await replayDataset(options, listener, stop.signal)).toBeNull();
  expect(await readdir(join(folder, 'interrupted'))).toEqual(['out.videos']);
  expect(await readdir(join(folder, 'interrupted', 'out.videos'))).toContain('1.mp4');
  await expect(replay(trajPath, options)).rejects.toThrow(/out\.videos exists already/);
});

test('each episode that is kept has a video of all its states', async () => {
  const source = await changedCopy(folder, 'filmed', (episode) => firstSteps(episode, 5));
  await replay(source, { saveVideo: true, saveTraj: false, useEnvStates: true });
  const videos = join(folder, 'filmed.state.pd_joint_delta_pos.rapier.videos');
  await expect(readdir(videos)).rejects.toThrow('ENOENT');
  await replay(source, { saveVideo: true, saveTraj: false, count: 2, videoFps: 10, allowFailure: true });
  expect(await readdir(videos)).toEqual(['1.mp4', '2.mp4']);
  const { frames, durationSeconds } = readMp4(await readFile(join(videos, '2.mp4')));
  expect(frames).toHaveLength(6);
  expect(durationSeconds).toBeCloseTo(0.6, 6);
});

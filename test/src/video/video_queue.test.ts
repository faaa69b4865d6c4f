import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Video } from '../../../src/video/clip.js';
import { type SimulatedVideo, simulateVideo } from '../../../src/video/simulated_video.js';
import { type VideoFailure, VideoQueue } from '../../../src/video/video_queue.js';
import { writeVideo } from '../../../src/video/write_video.js';
import { folderOfTests } from '../../temporary_folder.js';
import { spawned } from '../runtime/node/spawned_workers.js';
import { randomEpisodes } from './episodes.js';

vi.mock('node:worker_threads', async (importOriginal) => {
  const { rememberWorkers } = await import('../runtime/node/spawned_workers.js');
  return rememberWorkers(await importOriginal());
});

const folder = folderOfTests();
let video: Video;
let replay: SimulatedVideo;
beforeAll(async () => {
  ({ video, replay } = await randomEpisodes([4, 6], 32));
});

test('episodes that are played again equal the original ones, bit for bit', async () => {
  expect(await simulateVideo(replay)).toEqual(video);
});

test('writes clips and episodes, the same as in the calling thread', async () => {
  const [clips, episodes, here] = ['clips', 'episodes', 'here'].map((name) => join(folder, `${name}.mp4`));
  const queue = VideoQueue.start();
  const stills: Uint8Array[] = [];
  queue.add(clips, video, (still) => stills.push(still));
  queue.add(episodes, replay);
  expect(queue.pending).toBe(2);
  expect(await queue.finish()).toEqual([]);
  expect(queue.pending).toBe(0);
  await writeVideo(here, video);
  expect(await readFile(clips)).toEqual(await readFile(here));
  expect(await readFile(episodes)).toEqual(await readFile(here));
  const still = join(folder, 'here.png');
  await writeVideo(still, video);
  expect(stills.map((bytes) => Buffer.from(bytes))).toEqual([await readFile(still)]);
});

test('a video that fails is told and harms no other', async () => {
  const told: VideoFailure[] = [];
  const queue = VideoQueue.start((failure) => told.push(failure));
  const bad = join(folder, 'none', 'a.mp4');
  queue.add(bad, video);
  queue.add(join(folder, 'good.mp4'), video);
  queue.add(join(folder, 'unknown.mp4'), { ...video, envId: 'Juggling-v1' });
  const failures = await queue.finish();
  expect(failures).toEqual(told);
  expect(failures.map(({ path }) => path)).toEqual([bad, join(folder, 'unknown.mp4')]);
  expect(failures[0].error.message).toContain('its folder does not exist');
  expect(failures[1].error.message).toContain('unknown environment "Juggling-v1"');
  expect(await readdir(folder)).toContain('good.mp4');
});

test('the end of the thread fails what is pending and what comes later, and nothing else', async () => {
  const queue = VideoQueue.start();
  queue.add(join(folder, 'first.mp4'), video);
  queue.add(join(folder, 'second.mp4'), video);
  await spawned.at(-1)!.terminate();
  queue.add(join(folder, 'third.mp4'), video);
  const failures = await queue.finish();
  expect(failures.map(({ path }) => path)).toEqual(
    ['first.mp4', 'second.mp4', 'third.mp4'].map((name) => join(folder, name)),
  );
  expect(failures[0].error.message).toContain('the video thread ended');
});

test('a queue without videos ends at once', async () => {
  expect(await VideoQueue.start().finish()).toEqual([]);
});

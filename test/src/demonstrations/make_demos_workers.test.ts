import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type MakeDemosOptions, makeDemos } from '../../../src/demonstrations/make_demos.js';
import { folderOfTests } from '../../temporary_folder.js';
import { spawned } from '../runtime/node/spawned_workers.js';

const folder = folderOfTests();
vi.mock('node:worker_threads', async (importOriginal) => {
  const { rememberWorkers } = await import('../runtime/node/spawned_workers.js');
  return rememberWorkers(await importOriginal());
});

// HDF5 writes into a file when its parts were made, in seconds.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const OPTIONS: Omit<MakeDemosOptions, 'outputPath'> = {
  envId: 'PickCube-v1',
  controlMode: 'pd_joint_delta_pos',
  rewardMode: 'normalized_dense',
  numEpisodes: 5,
  seed: 3,
  actionNoise: 0.1,
  imperfectShare: 0.5,
  speed: 1,
  failedShare: null,
  holdSteps: null,
  overwrite: false,
};

/** Makes a dataset and gives the bytes of its `.h5` and `.json`. */
async function make(name: string, options: Partial<MakeDemosOptions>): Promise<Buffer[]> {
  const outputPath = join(folder, `${name}.h5`);
  await makeDemos({ ...OPTIONS, outputPath, ...options });
  return Promise.all([outputPath, join(folder, `${name}.json`)].map((path) => readFile(path)));
}

test.each([null, 0])(
  'files are the same for any number of workers, with a failed share of %s',
  async (failedShare) => {
    const one = await make(`one-${failedShare}`, { failedShare, numWorkers: 1 });
    spawned.length = 0;
    const two = await make(`two-${failedShare}`, { failedShare, numWorkers: 2 });
    expect(spawned).toHaveLength(2);
    two.forEach((bytes, i) => {
      expect(bytes.equals(one[i])).toBe(true);
    });
  },
);

test('a worker that ends early ends the work with its error, and leaves no file', async () => {
  spawned.length = 0;
  const outputPath = join(folder, 'died', 'demos.h5');
  const onProgress = () => void spawned[1].terminate();
  const making = makeDemos({ ...OPTIONS, outputPath, numEpisodes: 200, numWorkers: 2, onProgress });
  await expect(making).rejects.toThrow(/demonstration worker 1 ended unexpectedly with exit code 1/);
  expect(await readdir(join(folder, 'died'))).toEqual([]);
});

test('an interruption ends the workers and leaves no file', async () => {
  spawned.length = 0;
  const stop = new AbortController();
  const outputPath = join(folder, 'interrupted', 'demos.h5');
  const onProgress = () => stop.abort();
  const making = makeDemos({
    ...OPTIONS,
    outputPath,
    numEpisodes: 200,
    numWorkers: 2,
    onProgress,
    signal: stop.signal,
  });
  await expect(making).rejects.toThrow(/interrupted: .*demos\.h5 was not written/);
  expect(await readdir(join(folder, 'interrupted'))).toEqual([]);
  expect(spawned.map(({ threadId }) => threadId)).toEqual([-1, -1]);
});

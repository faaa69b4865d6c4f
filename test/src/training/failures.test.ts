import { readdirSync, renameSync, rmSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReplayBuffer } from '../../../src/buffers/replay_buffer.js';
import { main } from '../../../src/cli.js';
import { THREADS_VARIABLE } from '../../../src/runtime/node/thread_count.js';
import { NEVER_STOP } from '../../../src/stop_signal.js';
import { createRunFolder, type RunFolder, runFolderAt } from '../../../src/training/folder/run_folder.js';
import { readStatus } from '../../../src/training/folder/run_status.js';
import { train } from '../../../src/training/train.js';
import { rememberSaid } from '../../said.js';
import { folderOfTest } from '../../temporary_folder.js';
import { latest, silentDisplay, TINY, tinyConfig } from './tiny_run.js';

const spawned = new Map<string, Worker>();
vi.mock('node:worker_threads', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:worker_threads')>();
  class RememberedWorker extends original.Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      spawned.set(args[1]?.name ?? 'nameless', this);
    }
  }
  return { ...original, Worker: RememberedWorker };
});

/** Files with this in their names find the disk full. */
let tooMuch = '';
vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  const open: typeof original.open = (path, ...rest) => {
    if (tooMuch === '' || !String(path).includes(tooMuch)) return original.open(path, ...rest);
    const error = new Error(`ENOSPC: no space left on device, write '${path}'`);
    return Promise.reject(Object.assign(error, { code: 'ENOSPC' }));
  };
  return { ...original, open };
});

let workspace: string;
beforeEach(() => {
  workspace = folderOfTest();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
  spawned.clear();
  tooMuch = '';
});

/** Ends the thread of this name, which must have been started. */
async function end(name: string): Promise<void> {
  const worker = spawned.get(name);
  if (!worker) throw new Error(`no thread "${name}" among ${[...spawned.keys()]}`);
  await worker.terminate();
}

function words(): string[] {
  return [...TINY, 'verbose=0', `logger.workspace=${workspace}`, 'logger.exp_name=run'];
}

/** Trains until the run fails. */
async function failure(): Promise<{ folder: RunFolder; message: string }> {
  const config = tinyConfig(workspace);
  const folder = await createRunFolder(config);
  const error = await train(config, folder, null, silentDisplay(), NEVER_STOP).catch((reason) => reason);
  expect(readStatus(folder)).toMatchObject({ state: 'failed', error: error.message });
  return { folder, message: error.message };
}

describe('a worker thread that ends', () => {
  it('ends the run of its environments with its error and a checkpoint, from which it goes on', async () => {
    // The evaluation at 80 env steps has just been shown.
    const said = rememberSaid((text) => {
      if (text.startsWith('evaluation of 2 episodes at 80'))
        void end('environment worker 1 (environments 1 to 1)');
    });
    expect(await main(['train', 'configs/base_rlpd_ms3.yml', ...words(), 'env.num_workers=2'])).toBe(1);
    expect(said.text).toContain('environment worker 1 (environments 1 to 1) ended unexpectedly');
    expect(said.text).toMatch(/saved at 8\d env steps; go on with: npm run rlpd -- train --resume .*run\n/);
    const { progress, replay } = await latest(runFolderAt(`${workspace}/run`));
    expect(progress.envSteps).toBeGreaterThanOrEqual(80);
    expect(replay?.size).toBe(progress.envSteps);
    expect(await main(['train', '--resume', `${workspace}/run`])).toBe(0);
    expect(said.text).toContain('finished 160 env steps');
  });

  it('and writes videos does not end the run', async () => {
    const said = rememberSaid((text) => {
      if (text.startsWith('evaluation of 2 episodes at 20 cloning updates')) void end('the video thread');
    });
    expect(await main(['train', 'configs/base_rlpd_ms3.yml', ...words(), 'eval.num_videos=1'])).toBe(0);
    // Node gives 0 to a thread that is ended while it still loads.
    expect(said.text).toMatch(
      /no video .*eval_00000080\.mp4: the video thread ended unexpectedly with exit code [01]/,
    );
    expect(said.text).toContain('finished 160 env steps');
  });
});

describe('a thread that trains', () => {
  it('and ends, ends the run, which goes on from its last checkpoint', async () => {
    vi.stubEnv(THREADS_VARIABLE, '2');
    const said = rememberSaid((text) => {
      if (text.startsWith('evaluation of 2 episodes at 160')) void end('learner thread 1');
    });
    expect(await main(['train', 'configs/base_rlpd_ms3.yml', ...words()])).toBe(1);
    expect(said.text).toContain('learner thread 1 ended unexpectedly with exit code 1');
    vi.restoreAllMocks();
    const saidNext = rememberSaid();
    expect(await main(['train', '--resume', `${workspace}/run`])).toBe(0);
    expect(saidNext.text).toContain('finished 160 env steps');
  });
});

describe('a run whose folder is renamed or removed while it goes on', () => {
  it.each([
    ['renamed', () => renameSync(`${workspace}/run`, `${workspace}/other`)],
    ['removed', () => rmSync(`${workspace}/run`, { recursive: true })],
  ])('is told the first error when it was %s, and nothing is put in its place', async (_, act) => {
    const said = rememberSaid((text) => {
      if (text.startsWith('evaluation of 2 episodes at 20 cloning updates')) act();
    });
    expect(await main(['train', 'configs/base_rlpd_ms3.yml', ...words()])).toBe(1);
    expect(said.text).toMatch(
      /error: can't write .*run\/.*: its folder does not exist\. .*run was renamed or removed while .* <its new path>/,
    );
    expect(said.text).not.toContain('    at ');
    expect(readdirSync(workspace)).not.toContain('run');
  });
});

describe('a run that finds no room', () => {
  it('on the disk says what to change and keeps the checkpoint before', async () => {
    tooMuch = 'ckpt_160';
    const { folder, message } = await failure();
    expect(message).toContain(
      `can't write ${folder.modelsPath}/ckpt_160.safetensors: no space left on the disk`,
    );
    expect(message).toContain('train.keep_checkpoints=2');
    expect(message).toContain(`go on with: npm run rlpd -- train --resume ${folder.path}`);
    expect((await latest(folder)).progress.envSteps).toBe(80);
  });

  it('in memory names the buffer', async () => {
    vi.spyOn(ReplayBuffer.prototype, 'getState').mockImplementation(() => {
      throw new RangeError('Array buffer allocation failed');
    });
    const { message } = await failure();
    expect(message).toContain('out of memory: lower train.replay_buffer_capacity');
  });
});

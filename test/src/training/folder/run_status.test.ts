import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { processBirth } from '../../../../src/processes.js';
import { openRunFolder, type RunFolder } from '../../../../src/training/folder/run_folder.js';
import { keepStatus, readStatus } from '../../../../src/training/folder/run_status.js';
import { folderOfTest } from '../../../temporary_folder.js';
import { DEAD_PID, statusOf, writeRun } from '../../runs/run_fixture.js';

let workspace: string;
let folder: RunFolder;
beforeEach(() => {
  workspace = folderOfTest();
  folder = openRunFolder(writeRun(workspace, 'run', {}));
});

afterEach(() => {
  vi.useRealTimers();
});

const write = (status: object) => writeFileSync(folder.statusPath, JSON.stringify(status));
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

describe('keepStatus', () => {
  it('says running during the work, and afterwards how it ended', async () => {
    let during: string | undefined;
    const work = async () => {
      during = readStatus(folder)?.state;
      return true;
    };
    expect(await keepStatus(folder, work)).toBe(true);
    expect(during).toBe('running');
    expect(readStatus(folder)).toMatchObject({ state: 'finished', pid: process.pid, error: null });
    expect(readStatus(folder)?.ended).not.toBeNull();
    expect(await keepStatus(folder, async () => false)).toBe(false);
    expect(readStatus(folder)?.state).toBe('interrupted');
  });

  it('keeps the reason of a failure', async () => {
    const work = async () => {
      throw new Error('critic_loss became NaN');
    };
    await expect(keepStatus(folder, work)).rejects.toThrow('critic_loss became NaN');
    expect(readStatus(folder)).toMatchObject({ state: 'failed', error: 'critic_loss became NaN' });
  });

  it('refuses a run that another process is training, and leaves its status alone', async () => {
    write(statusOf({ pid: process.ppid }));
    const before = readFileSync(folder.statusPath, 'utf8');
    await expect(keepStatus(folder, async () => true)).rejects.toThrow(`kill ${process.ppid}`);
    write(statusOf({ pid: process.ppid, host: 'elsewhere' }));
    await expect(keepStatus(folder, async () => true)).rejects.toThrow(
      'on elsewhere; if it was killed, wait 2',
    );
    write(JSON.parse(before));
    expect(readStatus(folder)?.pid).toBe(process.ppid);
  });

  it('gives the run to one of two processes that begin at the same moment', async () => {
    let finish = () => {};
    const work = () =>
      new Promise<boolean>((resolve) => {
        finish = () => resolve(true);
      });
    const starts = [keepStatus(folder, work), keepStatus(folder, work)];
    await expect(Promise.race(starts)).rejects.toThrow('is being trained already, by process');
    finish();
    const ends = await Promise.allSettled(starts);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(readStatus(folder)?.state).toBe('finished');
  });

  it('refuses a run that a container with our process number trains, and takes it over when that is silent', async () => {
    const other = { ...statusOf(), host: 'box-a', namespace: 'pid:[1]' };
    write(other);
    await expect(keepStatus(folder, async () => true)).rejects.toThrow(
      /on box-a; if it was killed, wait 2 minutes/,
    );
    // Its clock may be wrong in either way.
    for (const minutes of [3, -3, -1e6]) {
      write({ ...other, heartbeat: minutesAgo(minutes) });
      expect(await keepStatus(folder, async () => true)).toBe(true);
    }
  });

  it('goes on at once with a run of its own number from before the container was restarted', async () => {
    write({ ...statusOf(), born: 1, namespace: null });
    expect(await keepStatus(folder, async () => true)).toBe(true);
  });

  it('respects a living process on this machine whose heartbeat is old, or from the future', async () => {
    const living = { ...statusOf(), pid: process.ppid, born: processBirth(process.ppid) };
    for (const minutes of [3, -3]) {
      write({ ...living, heartbeat: minutesAgo(minutes) });
      await expect(keepStatus(folder, async () => true)).rejects.toThrow(`kill ${process.ppid}`);
    }
  });

  it('ends when another process has taken the run over, and leaves it that', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const training = keepStatus(folder, () => new Promise(() => {}));
    await vi.waitUntil(() => readStatus(folder)?.state === 'running');
    const other = { ...statusOf(), host: 'box-b', pid: 7 };
    write(other);
    vi.advanceTimersByTime(10_000);
    await expect(training).rejects.toThrow('was taken over by process 7 on box-b');
    expect(JSON.parse(readFileSync(folder.statusPath, 'utf8'))).toEqual(other);
  });

  it('takes over from a process that was killed, or whose number was given to this one', async () => {
    for (const pid of [DEAD_PID, process.pid]) {
      write(statusOf({ pid }));
      expect(await keepStatus(folder, async () => true)).toBe(true);
    }
  });
});

describe('readStatus', () => {
  it.each([
    ['a dead process', statusOf({ pid: DEAD_PID }), 'interrupted'],
    ['a living process', statusOf({ pid: process.ppid }), 'running'],
    [
      'a number that another program has now',
      statusOf({ pid: process.ppid, heartbeat: minutesAgo(3) }),
      'interrupted',
    ],
    ['a live machine elsewhere', statusOf({ host: 'elsewhere', pid: DEAD_PID }), 'running'],
    ['a silent machine elsewhere', statusOf({ host: 'elsewhere', heartbeat: minutesAgo(3) }), 'interrupted'],
    ['an ended run', statusOf({ state: 'failed', pid: DEAD_PID, error: 'x' }), 'failed'],
  ])('of %s', (_, status, state) => {
    write(status);
    expect(readStatus(folder)?.state).toBe(state);
  });

  it('is null before the first training and refuses a damaged file', () => {
    expect(readStatus(folder)).toBeNull();
    write({ state: 'runing' });
    expect(() => readStatus(folder)).toThrow(`${folder.statusPath} is damaged`);
    writeFileSync(folder.statusPath, '{');
    expect(() => readStatus(folder)).toThrow('is damaged');
  });
});

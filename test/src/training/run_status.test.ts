import { readFileSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { openRunFolder, type RunFolder } from '../../../src/training/run_folder.js';
import { keepStatus, readStatus } from '../../../src/training/run_status.js';
import { folderOfTest } from '../../temporary_folder.js';
import { DEAD_PID, statusOf, writeRun } from '../runs/run_fixture.js';

let workspace: string;
let folder: RunFolder;
beforeEach(() => {
  workspace = folderOfTest();
  folder = openRunFolder(writeRun(workspace, 'run', {}));
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

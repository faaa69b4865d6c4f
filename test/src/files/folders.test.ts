import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.js';
import {
  checkFolderWritable,
  checkWritable,
  claimFolder,
  createFolder,
  createFolderOf,
  filesBelow,
  listFolder,
  removeIfEmpty,
} from '../../../src/files/folders.js';
import { readText } from '../../../src/files/reading.js';
import { folderOfTest } from '../../temporary_folder.js';
import { asUnprivileged } from '../../unprivileged.js';

let place: string;
beforeEach(() => {
  place = folderOfTest();
  chmodSync(place, 0o755);
  symlinkSync('nowhere', join(place, 'link'));
  symlinkSync('loop', join(place, 'loop'));
  writeFileSync(join(place, 'file'), 'mine');
  mkdirSync(join(place, 'closed'), { mode: 0 });
});

const LONG = 'n'.repeat(300);

describe('a folder', () => {
  it('is made with those above it, and made again it is as it was', () => {
    const path = join(place, 'deep', 'er', 'a.txt');
    createFolderOf(path);
    writeFileSync(path, 'x');
    createFolderOf(path);
    expect(readFileSync(path, 'utf8')).toBe('x');
  });

  it.each([
    ['link', /can't write .*link: it is a link to nothing/],
    ['link/run', /can't write .*link: it is a link to nothing/],
    ['loop/run', /can't write .*loop: it is a link to nothing|leads to itself/],
    ['file', /can't write .*file: it is not a folder/],
    ['file/run', /can't write .*file: it is not a folder/],
    [LONG, /its name is too long/],
    ['closed/run', /can't write .*closed\/run: permission denied/],
  ])('that can not be made at %s is named with the reason', async (name, message) => {
    const make = () => createFolder(join(place, name));
    await asUnprivileged(() => expect(make).toThrow(message));
    await asUnprivileged(() => expect(make).toThrow(UserError));
  });

  it.runIf(process.platform === 'linux')('is not tried for ever where the system takes none', () => {
    expect(() => createFolder('/proc/runs/mine')).toThrow(
      "can't write /proc/runs: its file system takes nothing",
    );
  });

  it('is claimed once', () => {
    const path = join(place, 'run');
    expect([claimFolder(path), claimFolder(path), claimFolder(join(place, 'link'))]).toEqual([
      true,
      false,
      false,
    ]);
    expect(() => claimFolder(join(place, 'none', 'run'))).toThrow('its folder does not exist');
  });

  it('that can not be read is named with the reason', async () => {
    const closed = join(place, 'closed');
    await asUnprivileged(() => {
      expect(() => listFolder(closed)).toThrow(`can't read ${closed}: permission denied`);
      expect(() => filesBelow(place)).toThrow("can't read");
      expect(() => readText(join(closed, 'config.yml'))).toThrow('config.yml: permission denied');
    });
    expect(() => listFolder(join(place, 'none'))).toThrow('no such file or folder');
    expect(() => readText(place)).toThrow(`can't read ${place}: it is a folder`);
  });

  it('goes if there is nothing in it', () => {
    mkdirSync(join(place, 'a/b'), { recursive: true });
    for (const name of ['a', 'a/b', 'file', 'none']) removeIfEmpty(join(place, name));
    expect(readdirSync(join(place, 'a'))).toEqual([]);
    expect(existsSync(join(place, 'file'))).toBe(true);
  });
});

describe('a file that is to be written after long work', () => {
  it.each([
    ['link/x.mp4', /x\.mp4: .*link is a link to nothing/],
    ['file/x.mp4', /x\.mp4: .*file is not a folder/],
    ['none/x.mp4', /x\.mp4: its folder does not exist/],
    ['closed', /closed: it is a folder/],
    ['closed/x.mp4', /closed\/x\.mp4: permission denied/],
    [`${LONG}.mp4`, /its name is too long/],
    ['x.mp4', /x\.mp4: permission denied/],
  ])('at %s is refused before it, with the reason', async (name, message) => {
    await asUnprivileged(() => expect(() => checkWritable(join(place, name))).toThrow(message));
  });

  it.runIf(process.platform === 'linux')('is refused where the file system takes none, whoever asks', () => {
    expect(() => checkWritable('/proc/x.mp4')).toThrow("can't write /proc/x.mp4: ");
    expect(() => checkFolderWritable('/proc')).toThrow("can't write /proc: ");
  });

  it('is neither written nor replaced by the question', () => {
    const before = readdirSync(place);
    checkWritable(join(place, 'file'));
    checkWritable(join(place, 'x.mp4'));
    checkFolderWritable(place);
    expect(readdirSync(place)).toEqual(before);
    expect(readFileSync(join(place, 'file'), 'utf8')).toBe('mine');
  });
});

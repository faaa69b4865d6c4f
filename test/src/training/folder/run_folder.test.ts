import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isRunName } from '../../../../src/config/run_name.js';
import {
  createRunFolder,
  discardIfEmpty,
  openRunFolder,
  runFolderAt,
} from '../../../../src/training/folder/run_folder.js';
import { folderOfTest } from '../../../temporary_folder.js';
import { statusOf, writeRun } from '../../runs/run_fixture.js';
import { tinyConfig } from '../tiny_run.js';

let workspace: string;
beforeEach(() => {
  workspace = folderOfTest();
});

const named = (name: string, place = workspace) =>
  createRunFolder(tinyConfig(place, [`logger.exp_name=${name}`]));

describe('the folder of a new run', () => {
  it('is of its own also for runs of one name that start at the same moment', async () => {
    const folders = await Promise.all(['a', 'a', 'a'].map((name) => named(name)));
    expect(folders.map(({ name }) => name).sort()).toEqual(['a', 'a_1', 'a_2']);
    expect(folders.map(({ renamed }) => renamed).sort()).toEqual(['a', 'a', undefined]);
  });

  it('may be in folders, with spaces and the letters of any alphabet, and its name says so', async () => {
    const name = 'ms3/Würfel 1/läuft да';
    for (const expected of [name, `${name}_1`]) {
      const folder = await named(name);
      expect([folder.name, folder.path]).toEqual([expected, join(workspace, expected)]);
      expect(parse(readFileSync(folder.configPath, 'utf8')).logger.exp_name).toBe(expected);
    }
  });

  it('is never inside of another run', async () => {
    await named('a/b');
    await expect(named('a/b/models/c')).rejects.toThrow('a/b is a run, and no other can be in its folder');
    await named('a/c');
  });

  it('is made where a link leads, not over one that leads nowhere', async () => {
    const elsewhere = folderOfTest();
    symlinkSync(elsewhere, join(workspace, 'there'));
    symlinkSync('nothing', join(workspace, 'nowhere'));
    expect((await named('a', join(workspace, 'there'))).name).toBe('a');
    expect(readdirSync(elsewhere)).toEqual(['a']);
    expect((await named('nowhere')).name).toBe('nowhere_1');
    await expect(named('a', join(workspace, 'nowhere'))).rejects.toThrow('nowhere: it is a link to nothing');
  });
});

it.each([
  ['a', true],
  ['rlpd-PickCube-v1-0', true],
  ['a b/c.d/é@+', true],
  ['名前/नाम', true],
  ...['', '/a', 'a/', 'a//b', '.', '..', 'a/../b', ' a', 'a /b', 'a:b', 'a\\b', 'a\nb', 'a*', '~/a'].map(
    (name) => [name, false] as const,
  ),
] as const)('"%s" as a name of a run: %s', (name, expected) => {
  expect(isRunName(name)).toBe(expected);
});

describe('the folder of a run that ended before it had anything to keep', () => {
  it('goes, so that its name stays free', async () => {
    const folder = await named('a');
    writeFileSync(folder.statusPath, JSON.stringify(statusOf({ state: 'failed' })));
    writeFileSync(folder.datasetRecordPath, '{}');
    discardIfEmpty(folder);
    expect(readdirSync(workspace)).toEqual([]);
  });

  it('stays if another process works there, whatever its number', async () => {
    const folder = await named('a');
    for (const other of [{ pid: process.ppid }, { ...statusOf(), host: 'box-b' }]) {
      writeFileSync(folder.statusPath, JSON.stringify(statusOf(other)));
      discardIfEmpty(folder);
      expect(existsSync(folder.configPath)).toBe(true);
    }
  });

  it('stays if there is something in it, or it can not be told', async () => {
    const [kept, strange] = [await named('a'), await named('b')];
    writeFileSync(kept.metricsPath, '');
    writeFileSync(strange.statusPath, '{');
    for (const folder of [kept, strange]) discardIfEmpty(folder);
    expect(readdirSync(workspace)).toEqual(['a', 'b']);
  });

  it('may be gone, which is no error of its own', async () => {
    const folder = await named('a');
    renameSync(folder.path, join(workspace, 'b'));
    discardIfEmpty(folder);
    expect(readdirSync(workspace)).toEqual(['b']);
  });
});

describe('openRunFolder', () => {
  it('names what is missing, or in the way', () => {
    expect(() => openRunFolder(workspace)).toThrow('no run there');
    mkdirSync(runFolderAt(workspace).configPath);
    expect(() => openRunFolder(workspace)).toThrow('config.yml: it is a folder');
    expect(openRunFolder(writeRun(workspace, 'run', {})).name).toBe('run');
  });
});

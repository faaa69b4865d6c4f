import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { unpackZip } from '../../../src/download/unpack_zip.js';
import { ArchiveError } from '../../../src/download/zip_contents.js';
import { UserError } from '../../../src/errors.js';
import { folderOfTests } from '../../temporary_folder.js';
import { type ZipMember, zipArchive } from './zip_writer.js';

const workspace = folderOfTests();
const NEVER = new AbortController().signal;
const SYMLINK = 0o120777;
const FIFO = 0o010644;

let zipPath: string;
let folder: string;
let count = 0;
beforeEach(async () => {
  const inner = join(workspace, `${count++}`);
  folder = join(inner, 'unpacked');
  zipPath = join(inner, 'demos.zip');
  await mkdir(folder, { recursive: true });
});

async function unpack(...members: ZipMember[]): Promise<string[]> {
  await writeFile(zipPath, zipArchive(members));
  return unpackZip(zipPath, folder, NEVER);
}

test('files arrive with their content, in their folders', async () => {
  const content = randomBytes(300_000);
  expect(
    await unpack(
      { name: 'PickCube-v1/', mode: 0o040755 },
      { name: 'PickCube-v1/motionplanning/trajectory.h5', data: content },
      { name: 'PickCube-v1/notes.txt', data: 'größer' },
      { name: '__MACOSX/PickCube-v1/._notes.txt', data: 'x' },
    ),
  ).toEqual(['PickCube-v1/motionplanning/trajectory.h5', 'PickCube-v1/notes.txt']);
  expect(await readFile(join(folder, 'PickCube-v1/motionplanning/trajectory.h5'))).toEqual(content);
  expect(await readFile(join(folder, 'PickCube-v1/notes.txt'), 'utf8')).toBe('größer');
  expect(await readdir(folder)).toEqual(['PickCube-v1']);
});

describe('nothing is written of an archive with', () => {
  const innocent = { name: 'a.h5', data: 'innocent' };
  test.each<[string, RegExp, ZipMember[]]>([
    ['a way out', /invalid relative path: \.\.\/escape/, [innocent, { name: '../escape' }]],
    ['a hidden way out', /invalid relative path/, [innocent, { name: 'a/../../escape' }]],
    ['a way out with backslashes', /invalid relative path/, [innocent, { name: '..\\escape' }]],
    ['an absolute path', /absolute path: \/etc\/escape/, [innocent, { name: '/etc/escape' }]],
    ['a drive letter', /absolute path|colon/, [innocent, { name: 'C:/escape' }]],
    ['a stream of a file', /"a\.h5:b" has a colon/, [innocent, { name: 'a.h5:b' }]],
    ['a NUL', /control characters/, [innocent, { name: 'a\0b' }]],
    ['empty folder names', /not a plain relative path/, [innocent, { name: 'a//b' }]],
    ['dots', /"\.\/a" is not a plain relative path/, [innocent, { name: './a' }]],
    ['a link', /"link" is a link/, [innocent, { name: 'link', data: '/etc/passwd', mode: SYMLINK }]],
    ['a link as a folder', /"link\/" is a link/, [innocent, { name: 'link/', mode: SYMLINK }]],
    ['a pipe', /"pipe" is a link or a special file/, [innocent, { name: 'pipe', mode: FIFO }]],
    ['a file twice', /"a\.h5" occurs twice/, [innocent, innocent]],
    ['names that differ in case', /"A\.H5" occurs twice/, [innocent, { name: 'A.H5' }]],
    ['names spelt differently', /occurs twice/, [{ name: 'o\u0308' }, { name: '\u00f6' }]],
    ['a file that is a folder', /"a\.h5" occurs twice/, [innocent, { name: 'a.h5/b' }]],
    ['encryption', /encrypted/, [innocent, { name: 'b', encrypted: true }]],
    [
      'a bomb',
      /would become 10000008, more than 100 times/,
      [innocent, { name: 'b', data: Buffer.alloc(1e7) }],
    ],
  ])('%s', async (_title, message, members) => {
    const unpacked = unpack(...members);
    await expect(unpacked).rejects.toThrow(message);
    await expect(unpacked).rejects.toThrow(ArchiveError);
    expect(await readdir(folder)).toEqual([]);
    expect((await readdir(join(folder, '..'))).sort()).toEqual(['demos.zip', 'unpacked']);
  });
});

describe('damage is found:', () => {
  test('a bomb that lies about its size', async () => {
    const bomb = { name: 'b', data: Buffer.alloc(1e7), declaredSize: 1000 };
    await expect(unpack(bomb)).rejects.toThrow(/"b" is damaged \(too many bytes/);
    const written = await readFile(join(folder, 'b'));
    expect(written.length).toBeLessThan(200_000);
  });

  test('too few bytes', async () => {
    await expect(unpack({ name: 'b', data: 'abc', declaredSize: 5 })).rejects.toThrow(/"b" is damaged/);
  });

  test('a wrong checksum', async () => {
    await expect(unpack({ name: 'b', data: 'abc', checksum: 5 })).rejects.toThrow('wrong checksum');
  });

  test('broken compression', async () => {
    const bytes = zipArchive([{ name: 'b', data: 'abcdefgh'.repeat(4) }]);
    bytes.fill(0xff, 31, 38);
    await writeFile(zipPath, bytes);
    await expect(unpackZip(zipPath, folder, NEVER)).rejects.toThrow(ArchiveError);
  });

  test.each([
    ['no zip file', Buffer.from('not a zip at all, but long enough to be one')],
    ['an empty file', Buffer.alloc(0)],
    ['half a zip file', zipArchive([{ name: 'b', data: 'abc' }]).subarray(0, 60)],
  ])('%s', async (_title, bytes) => {
    await writeFile(zipPath, bytes);
    await expect(unpackZip(zipPath, folder, NEVER)).rejects.toThrow(/damaged, or not a zip file/);
  });
});

test('what can not be written is the disk’s fault, not the archive’s', async () => {
  await writeFile(join(folder, 'b'), 'in the way');
  const unpacked = unpack({ name: 'b', data: 'abc' });
  await expect(unpacked).rejects.toThrow(UserError);
  await expect(unpacked).rejects.not.toThrow(ArchiveError);
});

test('a stop ends it', async () => {
  await writeFile(zipPath, zipArchive([{ name: 'b', data: 'abc' }]));
  await expect(unpackZip(zipPath, folder, AbortSignal.abort())).rejects.toThrow(/abort/);
});

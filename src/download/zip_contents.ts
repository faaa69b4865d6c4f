import type { Entry } from 'yauzl';
import { UserError } from '../errors.js';

/** An archive that is damaged, or that nobody should unpack. */
export class ArchiveError extends UserError {}

const FILE_TYPE_MASK = 0o170000;
const REGULAR_FILE = 0o100000;
const FOLDER = 0o040000;
const MAX_FILES = 10_000;
// Trajectories shrink to a third, their json to a tenth or twentieth; a zip bomb's factor is above 1000.
const MAX_EXPANSION = 100;

/**
 * Checks the list of an archive's contents before anything is written, and gives the files in it. `name` and `size`
 * are the archive's. Throws an ArchiveError on names that lead out of the folder or that collide (also where case does
 * not count), on links and other special files, on what can't be decoded, and on sizes that no dataset has.
 */
export function checkedFiles(
  entries: readonly Entry[],
  { name, size }: { name: string; size: number },
): Entry[] {
  const files = entries.filter((entry) => !entry.fileName.endsWith('/'));
  const refuse = (entry: Entry, problem: string) => {
    throw new ArchiveError(`${name}: not unpacked: "${entry.fileName}" ${problem}`);
  };
  for (const entry of entries) {
    const problem = nameProblem(entry.fileName) ?? kindProblem(entry);
    if (problem !== null) refuse(entry, problem);
  }
  const taken = new Set<string>();
  const folders = new Set(entries.flatMap(({ fileName }) => foldersAbove(comparable(fileName))));
  for (const entry of files) {
    const path = comparable(entry.fileName);
    if (taken.has(path) || folders.has(path)) refuse(entry, 'occurs twice');
    taken.add(path);
  }
  if (files.length > MAX_FILES) throw new ArchiveError(`${name}: not unpacked: more than ${MAX_FILES} files`);
  const unpacked = files.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  if (unpacked > MAX_EXPANSION * size) {
    throw new ArchiveError(
      `${name}: not unpacked: its ${size} bytes would become ${unpacked}, more than ${MAX_EXPANSION} times as many`,
    );
  }
  return files;
}

/** The reason why a name is not fit to be unpacked, or null. yauzl refuses absolute names and `..` before this. */
function nameProblem(fileName: string): string | null {
  const parts = fileName.replace(/\/$/, '').split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    return 'is not a plain relative path';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  return /[\u0000-\u001f\u007f:]/.test(fileName) ? 'has a colon or control characters in its name' : null;
}

function kindProblem(entry: Entry): string | null {
  const mode = (entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK;
  if (mode !== 0 && mode !== REGULAR_FILE && mode !== FOLDER) return 'is a link or a special file';
  return entry.canDecodeFileData() ? null : 'is encrypted or packed by an unknown method';
}

/** The folders above a path: `a/b/c` → `a`, `a/b`. */
function foldersAbove(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'));
}

function comparable(fileName: string): string {
  return fileName.normalize('NFC').toLowerCase();
}

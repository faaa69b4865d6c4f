import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { UserError } from '../../errors.js';
import { readError } from '../../files/problems.js';
import { otherContents } from './other_contents.js';

/**
 * The size of a file that begins and ends with `magic`, as whole files of its kind do. Throws a UserError if it is missing,
 * something else, cut off or never finished.
 */
export async function framedFileSize(path: string, kind: string, magic: string): Promise<number> {
  const { size, first, last } = endsOf(path, magic.length);
  if (size === 0) throw new UserError(`${path}: the file is empty; copy or download it again`);
  if (first !== magic) {
    const other = await otherContents(path);
    throw new UserError(`${path}: not ${kind} file${other === null ? '' : `, but ${other}`}`);
  }
  if (size < 3 * magic.length || last !== magic) {
    throw new UserError(
      `${path}: it lacks the end of ${kind} file, which says where everything is: it was cut off, or its writer was ` +
        'stopped before it was done; copy or download it again, or record it anew',
    );
  }
  return size;
}

function endsOf(path: string, length: number): { size: number; first: string; last: string } {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const text = (position: number) => {
        const buffer = Buffer.alloc(length);
        return buffer.toString('latin1', 0, readSync(file, buffer, 0, length, position));
      };
      return { size, first: text(0), last: text(Math.max(0, size - length)) };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw readError(path, error);
  }
}

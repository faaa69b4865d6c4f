import { open } from 'node:fs/promises';
import { UserError } from '../../errors.js';
import { readError } from '../../files/problems.js';
import { otherContents } from './other_contents.js';

/**
 * The size of a file that begins and ends with `magic`, as whole files of its kind do. Throws a UserError if it is missing,
 * something else, cut off or never finished.
 */
export async function framedFileSize(path: string, kind: string, magic: string): Promise<number> {
  const { size, first, last } = await endsOf(path, magic.length).catch((error: unknown) => {
    throw readError(path, error);
  });
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

async function endsOf(path: string, length: number): Promise<{ size: number; first: string; last: string }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const text = async (position: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      return buffer.toString('latin1', 0, bytesRead);
    };
    return { size, first: await text(0), last: await text(Math.max(0, size - length)) };
  } finally {
    await file.close();
  }
}

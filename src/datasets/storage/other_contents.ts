import { open } from 'node:fs/promises';

/** Contents of a file that should hold data and holds something else, by its beginning, with a remedy; null if they are not known. */
export async function otherContents(path: string): Promise<string | null> {
  const beginning = await firstCharacters(path, 64);
  if (beginning.startsWith('version https://git-lfs')) {
    return 'a pointer to one: fetch the file itself with git lfs pull';
  }
  if (/^\s*<(!doctype|html)/i.test(beginning)) {
    return 'a web page, as a failed download leaves: download it again';
  }
  return null;
}

async function firstCharacters(path: string, count: number): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Riegeli files consist of such blocks. */
const BLOCK = 65536;
/** Each block begins with so many bytes, wherever that is, which belong to nothing around them. */
const BLOCK_HEADER = 24;

/** Reads bytes of a file from a place on; fewer where it ends. */
export type ReadAt = (position: number, length: number) => Uint8Array;

/** The bytes from `position` on, without the headers of blocks between them; fewer where the file ends. */
export function readAcrossBlocks(read: ReadAt, position: number, length: number): Uint8Array {
  const raw = read(position, placeAfter(position, length) - position);
  const bytes = new Uint8Array(Math.min(length, raw.length));
  let filled = 0;
  for (let at = 0; at < raw.length; ) {
    at += headerLeft(position + at);
    const part = raw.subarray(at, at + blockLeft(position + at));
    bytes.set(part, filled);
    filled += part.length;
    at += part.length;
  }
  return bytes.subarray(0, filled);
}

/** The place behind so many bytes from `position` on, with the headers of blocks between them. */
export function placeAfter(position: number, length: number): number {
  const first = position + headerLeft(position);
  if (length <= blockLeft(first)) return first + length;
  const beyond = length - blockLeft(first);
  const usable = BLOCK - BLOCK_HEADER;
  return first + blockLeft(first) + beyond + Math.ceil(beyond / usable) * BLOCK_HEADER;
}

/** The first place from `position` on where a chunk can begin: none does in the header of a block or right after one. */
export function chunkPlaceFrom(position: number): number {
  const within = position % BLOCK;
  return within > 0 && within <= BLOCK_HEADER ? position + BLOCK_HEADER + 1 - within : position;
}

function headerLeft(position: number): number {
  return Math.max(0, BLOCK_HEADER - (position % BLOCK));
}

function blockLeft(position: number): number {
  return BLOCK - (position % BLOCK);
}

const MAGIC = 0x184d2204;
const MIN_MATCH = 4;

/**
 * The contents, of `size` bytes, of a frame by LZ4's frame format. Throws an Error if it is damaged, without more work than its
 * sizes justify; checksums are skipped.
 */
export function decompressLz4Frame(frame: Uint8Array, size: number): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new Error('no LZ4 frame');
  const flags = view.getUint8(4);
  const [hasBlockSums, hasSize, hasDictionary] = [flags & 0x10, flags & 0x08, flags & 0x01];
  const output = new Uint8Array(size);
  let at = 7 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0);
  let filled = 0;
  for (;;) {
    const field = view.getUint32(at, true);
    at += 4;
    if (field === 0) break;
    const length = field & 0x7fffffff;
    if (at + length > frame.length) throw new Error(`a block of ${length} bytes beyond the end`);
    const block = frame.subarray(at, at + length);
    // The highest bit is set where compression would have made the block larger.
    if (field >>> 31) {
      output.set(block, filled);
      filled += length;
    } else {
      filled = decompressBlock(block, output, filled);
    }
    at += length + (hasBlockSums ? 4 : 0);
  }
  if (filled !== size) throw new Error(`${filled} bytes instead of ${size}`);
  return output;
}

/** Fills `output` from `filled` on; gives the number of bytes that are filled then. Matches may lie in blocks before. */
function decompressBlock(block: Uint8Array, output: Uint8Array, filled: number): number {
  let at = 0;
  const next = () => {
    if (at >= block.length) throw new Error('a block without its end');
    return block[at++];
  };
  const lengthFrom = (nibble: number) => {
    let length = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; length += byte) byte = next();
    return length;
  };
  for (;;) {
    const token = next();
    const literals = lengthFrom(token >> 4);
    if (at + literals > block.length) throw new Error(`${literals} bytes beyond a block's end`);
    // Throws a RangeError if there is no room.
    output.set(block.subarray(at, at + literals), filled);
    at += literals;
    filled += literals;
    // The last sequence has no match.
    if (at === block.length) return filled;
    const offset = next() | (next() << 8);
    const length = lengthFrom(token & 15) + MIN_MATCH;
    if (offset === 0 || offset > filled) throw new Error(`a match ${offset} bytes before byte ${filled}`);
    if (filled + length > output.length) throw new Error(`more than ${output.length} bytes`);
    // One after another: a match may overlap what it gives.
    for (const end = filled + length; filled < end; filled++) output[filled] = output[filled - offset];
  }
}

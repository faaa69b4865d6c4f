import { concatenate, viewOf } from '../bytes.js';

const HEADER = 8;
/** Bytes between the header of a box and the boxes inside it, ISO/IEC 14496-12. */
const FIELDS_BEFORE_CONTENT: Record<string, number> = { stsd: 8, avc1: 78 };
const SAMPLE_ENTRY_PATH = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd', 'avc1'];
const CHUNK_OFFSETS_PATH = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stco'];
/** The boxes that begin with the times of creation and modification, and where these stand. */
const DATED_PATHS = [
  ['moov', 'mvhd'],
  ['moov', 'trak', 'tkhd'],
  ['moov', 'trak', 'mdia', 'mdhd'],
];

/** Colour primaries BT.709, transfer sRGB, matrix BT.601, limited range: the code points of ITU-T H.273. */
const COLOUR = { primaries: 1, transfer: 13, matrix: 6 };

interface Box {
  type: string;
  start: number;
  size: number;
}

/**
 * Finishes an MP4 file of one video track: the index goes before the frames, so that a browser can play while it loads;
 * the colours are named, so that no player has to guess; and the dates are erased, so that the same frames give the
 * same file. Expects the tracks of `h264-mp4-encoder`: boxes with 32-bit sizes, `moov` behind `mdat`.
 */
export function finishMp4(file: Uint8Array): Uint8Array {
  const ftyp = find(file, ['ftyp']);
  const mdat = find(file, ['mdat']);
  const moov = nameColours(slice(file, find(file, ['moov'])));
  for (const path of DATED_PATHS) moov.fill(0, find(moov, path).start + 12, find(moov, path).start + 20);
  moveChunks(moov, ftyp.size + moov.length - mdat.start);
  return concatenate([slice(file, ftyp), moov, slice(file, mdat)]);
}

/** The index with a `colr` box at the end of the sample entry, and all boxes around it that much longer. */
function nameColours(moov: Uint8Array): Uint8Array {
  const colr = colourBox();
  const enclosing = SAMPLE_ENTRY_PATH.map((_, depth) => find(moov, SAMPLE_ENTRY_PATH.slice(0, depth + 1)));
  const entry = enclosing[enclosing.length - 1];
  const end = entry.start + entry.size;
  const longer = concatenate([moov.subarray(0, end), colr, moov.subarray(end)]);
  for (const { start, size } of enclosing) viewOf(longer).setUint32(start, size + colr.length);
  return longer;
}

function colourBox(): Uint8Array {
  const box = new Uint8Array(19);
  const data = viewOf(box);
  data.setUint32(0, box.length);
  box.set(new TextEncoder().encode('colrnclx'), 4);
  data.setUint16(12, COLOUR.primaries);
  data.setUint16(14, COLOUR.transfer);
  data.setUint16(16, COLOUR.matrix);
  return box;
}

function moveChunks(moov: Uint8Array, distance: number): void {
  const { start } = find(moov, CHUNK_OFFSETS_PATH);
  const data = viewOf(moov);
  const count = data.getUint32(start + 12);
  for (let chunk = 0; chunk < count; chunk++) {
    const at = start + 16 + 4 * chunk;
    data.setUint32(at, data.getUint32(at) + distance);
  }
}

function find(file: Uint8Array, path: readonly string[]): Box {
  let from = 0;
  let end = file.length;
  let box: Box | undefined;
  for (const type of path) {
    box = [...boxes(file, from, end)].find((candidate) => candidate.type === type);
    if (!box) throw new Error(`the encoder's file has no box ${path.join('/')}`);
    from = box.start + HEADER + (FIELDS_BEFORE_CONTENT[type] ?? 0);
    end = box.start + box.size;
  }
  return box!;
}

function* boxes(file: Uint8Array, from: number, end: number): Generator<Box> {
  const data = viewOf(file);
  for (let start = from; start + HEADER <= end; ) {
    const size = data.getUint32(start);
    if (size < HEADER) throw new Error(`the encoder's file has a box of ${size} bytes at ${start}`);
    yield { type: String.fromCharCode(...file.subarray(start + 4, start + HEADER)), start, size };
    start += size;
  }
}

function slice(file: Uint8Array, { start, size }: Box): Uint8Array {
  return file.slice(start, start + size);
}

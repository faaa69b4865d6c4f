import { createRequire } from 'node:module';

/** Description of an MP4 file's one track, read from its boxes (ISO/IEC 14496-12). */
export interface Mp4Track {
  /** The types of the outermost boxes, in order. */
  order: string[];
  width: number;
  height: number;
  durationSeconds: number;
  /** Code points of primaries, transfer and matrix, and 1 for the full range. */
  colour: number[];
  /** The bytes of each frame. */
  frames: Uint8Array[];
  /** Sequence and picture parameter sets. */
  parameterSets: Uint8Array[];
}

export function readMp4(bytes: Uint8Array): Mp4Track {
  const file = Buffer.from(bytes);
  const moov = (...path: string[]) => child(file, ['moov', ...path]);
  const table = (type: string) => moov('trak', 'mdia', 'minf', 'stbl', type);
  const header = moov('mvhd');
  const entry = moov('trak', 'mdia', 'minf', 'stbl', 'stsd', 'avc1');
  return {
    order: boxesIn(file, 0, file.length).map(({ type }) => type),
    width: entry.readUInt16BE(24),
    height: entry.readUInt16BE(26),
    durationSeconds: header.readUInt32BE(16) / header.readUInt32BE(12),
    colour: colourOf(moov('trak', 'mdia', 'minf', 'stbl', 'stsd', 'avc1', 'colr')),
    frames: samples(file, table('stsz'), table('stsc'), table('stco')),
    parameterSets: parameterSets(moov('trak', 'mdia', 'minf', 'stbl', 'stsd', 'avc1', 'avcC')),
  };
}

/** Decodes every frame; planes Y, Cb and Cr of 4:2:0, one after another. */
export async function decodeMp4(bytes: Uint8Array): Promise<Uint8Array[]> {
  const { frames, parameterSets: sets } = readMp4(bytes);
  const { TinyH264, TinyH264Decoder } = loadDecoder();
  const pictures: Uint8Array[] = [];
  const decoder = new TinyH264Decoder(await TinyH264(), (picture) => pictures.push(picture));
  for (const unit of [...sets, ...frames.flatMap(unitsOf)]) {
    decoder.decode(Buffer.concat([Buffer.from([0, 0, 0, 1]), unit]));
  }
  decoder.release();
  return pictures;
}

/** The colour of a pixel in decoded planes: BT.601, limited range. */
export function colourAt(planes: Uint8Array, width: number, height: number, x: number, y: number): number[] {
  const chroma = width * height + (y >> 1) * (width / 2) + (x >> 1);
  const luma = (255 / 219) * (planes[y * width + x] - 16);
  const cb = (255 / 224) * (planes[chroma] - 128);
  const cr = (255 / 224) * (planes[chroma + (width * height) / 4] - 128);
  return [luma + 1.402 * cr, luma - 0.344136 * cb - 0.714136 * cr, luma + 1.772 * cb];
}

interface Decoder {
  decode(unit: Uint8Array): void;
  release(): void;
}

interface DecoderModule {
  TinyH264(): Promise<unknown>;
  TinyH264Decoder: new (module: unknown, onPicture: (planes: Uint8Array) => void) => Decoder;
}

/** The decoder was made for web workers and asks for their global names. */
function loadDecoder(): DecoderModule {
  Object.assign(globalThis, { self: { location: { href: import.meta.url } } });
  const require = createRequire(import.meta.url);
  return {
    TinyH264: require('tinyh264/lib/TinyH264.js').default,
    TinyH264Decoder: require('tinyh264/lib/TinyH264Decoder.js').default,
  };
}

function child(file: Buffer, path: readonly string[]): Buffer {
  const before: Record<string, number> = { stsd: 8, avc1: 78 };
  let found = file;
  let from = 0;
  for (const type of path) {
    const box = boxesIn(found, from, found.length).find((candidate) => candidate.type === type);
    if (!box) throw new Error(`no box ${path.join('/')}`);
    found = found.subarray(box.start, box.start + box.size);
    from = 8 + (before[type] ?? 0);
  }
  return found.subarray(8);
}

function boxesIn(file: Buffer, from: number, end: number) {
  const found: { type: string; start: number; size: number }[] = [];
  for (let start = from; start < end; start += found.at(-1)!.size) {
    found.push({
      type: file.toString('latin1', start + 4, start + 8),
      start,
      size: file.readUInt32BE(start),
    });
  }
  return found;
}

function colourOf(colr: Buffer): number[] {
  return [colr.readUInt16BE(4), colr.readUInt16BE(6), colr.readUInt16BE(8), colr[10] >> 7];
}

function samples(file: Buffer, sizes: Buffer, chunks: Buffer, offsets: Buffer): Uint8Array[] {
  const runs = Array.from({ length: chunks.readUInt32BE(4) }, (_, i) => ({
    firstChunk: chunks.readUInt32BE(8 + 12 * i),
    perChunk: chunks.readUInt32BE(12 + 12 * i),
  }));
  const found: Uint8Array[] = [];
  for (let chunk = 1; chunk <= offsets.readUInt32BE(4); chunk++) {
    let offset = offsets.readUInt32BE(4 + 4 * chunk);
    const { perChunk } = runs.findLast(({ firstChunk }) => firstChunk <= chunk)!;
    for (let i = 0; i < perChunk; i++) {
      const size = sizes.readUInt32BE(12 + 4 * found.length);
      found.push(file.subarray(offset, offset + size));
      offset += size;
    }
  }
  if (found.length !== sizes.readUInt32BE(8)) throw new Error('the chunks hold another number of frames');
  return found;
}

function parameterSets(avcC: Buffer): Uint8Array[] {
  const sets: Uint8Array[] = [];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = avcC[at++] & mask;
    for (let i = 0; i < count; i++) {
      const length = avcC.readUInt16BE(at);
      sets.push(avcC.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
  }
  return sets;
}

/** The network abstraction layer units of a frame, each with its length before it. */
function unitsOf(frame: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  const units: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    units.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return units;
}

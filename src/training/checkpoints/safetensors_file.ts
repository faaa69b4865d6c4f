import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { viewOf } from '../../bytes.js';
import { bytesOf, type HeaderEntry, type StoredTensor, type TensorData } from './safetensors.js';

const ARRAYS: Record<string, new (length: number) => TensorData> = {
  F32: Float32Array,
  F64: Float64Array,
  U8: Uint8Array,
  U32: Uint32Array,
};

/** The most bytes of a single read call, which takes less than 2 GiB. */
const MAX_READ_BYTES = 1 << 30;

/** A safetensors file that is open for reading, one tensor at a time. */
export class SafetensorsFile {
  private constructor(
    private readonly file: FileHandle,
    private readonly dataStart: number,
    private readonly entries: ReadonlyMap<string, HeaderEntry>,
    readonly metadata: Readonly<Record<string, string>>,
  ) {}

  /**
   * Opens a file and reads its header. Throws an Error that names the problem if it is cut short or of another format.
   */
  static async open(path: string): Promise<SafetensorsFile> {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size < 8) throw new Error('the file is cut short: it has no header');
      const length = new Uint8Array(8);
      await readFully(file, length, 0);
      const dataStart = 8 + Number(viewOf(length).getBigUint64(0, true));
      if (dataStart > size) throw new Error('the file is cut short, or not a safetensors file');
      const json = new Uint8Array(dataStart - 8);
      await readFully(file, json, 8);
      const { __metadata__: metadata, ...entries } = parseHeader(new TextDecoder().decode(json));
      for (const [name, entry] of Object.entries(entries)) checkEntry(name, entry, size - dataStart);
      return new SafetensorsFile(file, dataStart, new Map(Object.entries(entries)), metadata ?? {});
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The tensors' names, sorted. */
  get names(): string[] {
    return [...this.entries.keys()].sort();
  }

  /** Reads a tensor, in one piece or in parts of `rowsPerPart` rows along its first dimension. */
  async read(name: string, rowsPerPart = Number.POSITIVE_INFINITY): Promise<StoredTensor> {
    const { dtype, shape, data_offsets } = this.entries.get(name)!;
    const [rows = 1, ...inner] = shape;
    const width = inner.reduce((product, length) => product * length, 1);
    const parts: TensorData[] = [];
    let position = this.dataStart + data_offsets[0];
    for (let row = 0; row < rows || parts.length === 0; row += rowsPerPart) {
      const part = new ARRAYS[dtype](Math.min(rowsPerPart, rows - row) * width);
      await readFully(this.file, bytesOf(part), position);
      position += part.byteLength;
      parts.push(part);
    }
    return { shape, parts };
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** The metadata in a file's header, read at once. Throws an Error if it has no whole header. */
export function readMetadata(path: string): Readonly<Record<string, string>> {
  const file = openSync(path, 'r');
  try {
    const length = new Uint8Array(8);
    readSync(file, length, 0, 8, 0);
    const size = Number(viewOf(length).getBigUint64(0, true));
    if (8 + size > fstatSync(file).size) throw new Error('the file is cut short, or not a safetensors file');
    const json = new Uint8Array(size);
    readSync(file, json, 0, size, 8);
    return parseHeader(new TextDecoder().decode(json)).__metadata__ ?? {};
  } finally {
    closeSync(file);
  }
}

async function readFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const wanted = Math.min(bytes.length - done, MAX_READ_BYTES);
    const { bytesRead } = await file.read(bytes, done, wanted, position + done);
    if (bytesRead === 0) throw new Error('the file is cut short');
    done += bytesRead;
  }
}

type Header = Record<string, HeaderEntry> & { __metadata__?: Record<string, string> };

function parseHeader(json: string): Header {
  try {
    return JSON.parse(json) as Header;
  } catch {
    throw new Error('its header is not JSON: not a safetensors file');
  }
}

function checkEntry(
  name: string,
  { dtype, shape, data_offsets: [start, end] }: HeaderEntry,
  available: number,
): void {
  const array = ARRAYS[dtype] as (typeof ARRAYS)[string] & { BYTES_PER_ELEMENT: number };
  if (!array)
    throw new Error(`"${name}" has the type ${dtype}; ${Object.keys(ARRAYS).join(', ')} were expected`);
  if (end > available)
    throw new Error(`the file is cut short: "${name}" ends at byte ${end} of ${available}`);
  const bytes = shape.reduce((product, length) => product * length, array.BYTES_PER_ELEMENT);
  if (end - start !== bytes)
    throw new Error(`"${name}" [${shape}] has ${end - start} bytes; expected ${bytes}`);
}

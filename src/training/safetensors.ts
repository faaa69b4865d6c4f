/**
 * The safetensors file format (https://huggingface.co/docs/safetensors): an 8-byte little-endian header length, a JSON
 * header with each tensor's type, shape and byte range, then the raw little-endian data. Python opens it with
 * `safetensors.numpy.load_file`.
 */

export type TensorData = Float32Array | Float64Array | Uint8Array | Uint32Array;

export interface NamedTensor {
  shape: number[];
  data: TensorData;
}

interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** The file's parts, to be written one after another. Metadata values are strings, as the format demands. */
export function encodeSafetensors(
  tensors: Record<string, NamedTensor>,
  metadata: Record<string, string>,
): Uint8Array[] {
  const header: Record<string, HeaderEntry | Record<string, string>> = { __metadata__: metadata };
  const parts: Uint8Array[] = [];
  let offset = 0;
  // Wider types first: the data area starts at a multiple of 8, so every tensor is aligned to its own element size.
  const entries = Object.entries(tensors).sort(
    ([, one], [, other]) => other.data.BYTES_PER_ELEMENT - one.data.BYTES_PER_ELEMENT,
  );
  for (const [name, { shape, data }] of entries) {
    header[name] = { dtype: dtypeOf(data), shape, data_offsets: [offset, offset + data.byteLength] };
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset += data.byteLength;
  }
  let json = JSON.stringify(header);
  json += ' '.repeat((8 - (Buffer.byteLength(json) % 8)) % 8);
  const head = Buffer.alloc(8 + Buffer.byteLength(json));
  head.writeBigUInt64LE(BigInt(head.length - 8));
  head.write(json, 8);
  return [head, ...parts];
}

/** Reads such a file. Throws an Error saying what is wrong if it is cut short or not of this format. */
export function decodeSafetensors(file: Uint8Array): {
  tensors: Record<string, NamedTensor>;
  metadata: Record<string, string>;
} {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < 8) throw new Error('the file is cut short: it has no header');
  const headerEnd = 8 + Number(bytes.readBigUInt64LE(0));
  if (headerEnd > bytes.length) throw new Error('the file is cut short, or not a safetensors file');
  const header = parseHeader(bytes.toString('utf8', 8, headerEnd));
  const { __metadata__: metadata = {}, ...entries } = header;
  const tensors: Record<string, NamedTensor> = {};
  for (const [name, entry] of Object.entries(entries) as [string, HeaderEntry][]) {
    const [start, end] = entry.data_offsets.map((offset) => headerEnd + offset);
    if (end > bytes.length)
      throw new Error(`the file is cut short: "${name}" ends at byte ${end} of ${bytes.length}`);
    const copy = bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + end) as ArrayBuffer;
    tensors[name] = { shape: entry.shape, data: typedArray(entry.dtype, copy, name) };
  }
  return { tensors, metadata: metadata as Record<string, string> };
}

function parseHeader(json: string): Record<string, unknown> {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    throw new Error('its header is not JSON: not a safetensors file');
  }
}

function dtypeOf(data: TensorData): string {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Float64Array) return 'F64';
  return data instanceof Uint8Array ? 'U8' : 'U32';
}

function typedArray(dtype: string, buffer: ArrayBuffer, name: string): TensorData {
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F64':
      return new Float64Array(buffer);
    case 'U8':
      return new Uint8Array(buffer);
    case 'U32':
      return new Uint32Array(buffer);
    default:
      throw new Error(`"${name}" has the type ${dtype}; F32, F64, U8 or U32 was expected`);
  }
}

import { viewOf } from '../../bytes.js';

/**
 * The safetensors file format (https://huggingface.co/docs/safetensors): an 8-byte little-endian header length, a JSON
 * header with each tensor's type, shape and byte range, then the raw little-endian data. Python opens it with
 * `safetensors.numpy.load_file`.
 */

/** The character that fills up the header. */
const SPACE = 0x20;

export type TensorData = Float32Array | Float64Array | Uint8Array | Uint32Array;

/** A tensor in parts that follow one another, so that a large one need not be in one piece. */
export interface StoredTensor {
  shape: number[];
  /** Parts of one type, which an empty part determines if there are no values. */
  parts: readonly TensorData[];
}

/** Header entry of a tensor. */
export interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** A tensor in one piece. */
export function wholeTensor(shape: number[], data: TensorData): StoredTensor {
  return { shape, parts: [data] };
}

/** The file's parts, to be written one after another; the tensors' are not copied. Metadata values are strings. */
export function encodeSafetensors(
  tensors: Record<string, StoredTensor>,
  metadata: Record<string, string>,
): Uint8Array[] {
  const header: Record<string, HeaderEntry | Record<string, string>> = { __metadata__: metadata };
  const parts: Uint8Array[] = [];
  let offset = 0;
  // Wider types first: the data area starts at a multiple of 8, so every tensor is aligned to its own element size.
  const entries = Object.entries(tensors).sort(
    ([, one], [, other]) => other.parts[0].BYTES_PER_ELEMENT - one.parts[0].BYTES_PER_ELEMENT,
  );
  for (const [name, tensor] of entries) {
    const start = offset;
    for (const part of tensor.parts) {
      parts.push(bytesOf(part));
      offset += part.byteLength;
    }
    header[name] = { dtype: dtypeOf(tensor.parts[0]), shape: tensor.shape, data_offsets: [start, offset] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const jsonSize = Math.ceil(json.length / 8) * 8;
  const head = new Uint8Array(8 + jsonSize).fill(SPACE);
  viewOf(head).setBigUint64(0, BigInt(jsonSize), true);
  head.set(json, 8);
  return [head, ...parts];
}

/** The memory of a typed array as bytes, not copied. */
export function bytesOf(data: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** The format's name for the type of `data`. */
export function dtypeOf(data: TensorData): string {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Float64Array) return 'F64';
  return data instanceof Uint8Array ? 'U8' : 'U32';
}

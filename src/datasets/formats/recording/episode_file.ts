import { viewOf } from '../../../bytes.js';
import { UserError } from '../../../errors.js';
import {
  type Column,
  type Columns,
  isNumbers,
  isNumberType,
  type NumberColumn,
  type NumberType,
  newNumbers,
} from '../../column.js';
import { metadataValue } from '../../metadata.js';
import { rowFault, type WholeEpisode } from '../../whole_episode.js';
import { parseTaggedJson, taggedJson } from './tagged_json.js';

/**
 * An episode as a safetensors file, which Python opens with `safetensors.numpy.load_file`: its numbers by the names `observations/…`,
 * `actions/…`, `rewards` and so on. Texts and the rest are JSON in the header, under `episode`.
 */

/** The format's names for types of numbers. */
const TYPES: Readonly<Record<NumberType, string>> = {
  bool: 'BOOL',
  int8: 'I8',
  uint8: 'U8',
  int16: 'I16',
  uint16: 'U16',
  int32: 'I32',
  uint32: 'U32',
  int64: 'I64',
  uint64: 'U64',
  float32: 'F32',
  float64: 'F64',
};

/** The parts of an episode that have several columns, by their names in a file. */
const PARTS = {
  observations: 'observations',
  actions: 'actions',
  intended_actions: 'intendedActions',
  extras: 'extras',
} as const;

type Part = keyof typeof PARTS;
type Flag = 'terminated' | 'truncated' | 'success';

/** A column as the header lists it. Numbers and bytes are tensors of the column's name. */
interface ListedColumn {
  part: Part | Flag | 'rewards';
  path: string;
  dtype: string;
  /** The rows of a column of texts. */
  texts?: readonly string[];
  /** The numbers of bytes in each row of a column of bytes. */
  sizes?: readonly number[];
}

interface Tensor {
  dtype: string;
  shape: readonly number[];
  data_offsets: readonly [number, number];
}

/** The parts of an episode's file, to be written one after another. */
export function encodeEpisode(episode: WholeEpisode): Uint8Array[] {
  const listed: ListedColumn[] = [];
  const tensors: Record<string, Tensor> = {};
  const parts: Uint8Array[] = [];
  let offset = 0;
  const add = (part: ListedColumn['part'], path: string, column: Column) => {
    const { dtype, shape } = column;
    if (column.dtype === 'string') {
      listed.push({ part, path, dtype, texts: column.data as readonly string[] });
      return;
    }
    const bytes = isNumbers(column)
      ? bytesOf(column.data)
      : Buffer.concat(column.data as readonly Uint8Array[]);
    const sizes = isNumbers(column)
      ? {}
      : { sizes: (column.data as readonly Uint8Array[]).map((row) => row.length) };
    listed.push({ part, path, dtype, ...sizes });
    tensors[tensorName(part, path)] = {
      dtype: isNumbers(column) ? TYPES[column.dtype] : TYPES.uint8,
      shape: isNumbers(column) ? shape : [bytes.length],
      data_offsets: [offset, offset + bytes.length],
    };
    parts.push(bytes);
    offset += bytes.length;
  };
  for (const [part, key] of Object.entries(PARTS) as [Part, (typeof PARTS)[Part]][]) {
    for (const [path, column] of episode[key] ?? []) add(part, path, column);
  }
  if (episode.rewards) add('rewards', '', episode.rewards);
  for (const flag of ['terminated', 'truncated', 'success'] as const) {
    const data = episode[flag];
    if (data) add(flag, '', { dtype: 'bool', shape: [data.length], data });
  }
  const { id, seed, length, hasFinalObservation, metadata, intendedActions } = episode;
  const head = taggedJson({
    id,
    seed,
    length,
    has_final_observation: hasFinalObservation,
    has_intended_actions: intendedActions !== undefined,
    metadata: Object.fromEntries(metadata),
    columns: listed.map((column) => ({ ...column })),
  });
  return [headerOf({ __metadata__: { episode: head }, ...tensors }), ...parts];
}

function headerOf(header: object): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const size = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + size).fill(0x20);
  viewOf(bytes).setBigUint64(0, BigInt(size), true);
  bytes.set(json, 8);
  return bytes;
}

/** The episode in a file's bytes. Throws a UserError that names `path` if they are cut off or damaged. */
export function decodeEpisode(path: string, bytes: Uint8Array): WholeEpisode {
  try {
    const episode = decode(bytes);
    const fault = rowFault(episode);
    if (fault !== null) throw new Error(fault);
    return episode;
  } catch (error) {
    throw new UserError(`${path}: the file is damaged or cut off: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

interface Head {
  id: string;
  seed: bigint | null;
  length: number;
  has_final_observation: boolean;
  has_intended_actions: boolean;
  metadata: Record<string, unknown>;
  columns: ListedColumn[];
}

/** Whatever is wrong throws an Error of some kind, which the caller puts into words. */
function decode(bytes: Uint8Array): WholeEpisode {
  const dataStart = 8 + Number(viewOf(bytes).getBigUint64(0, true));
  if (dataStart > bytes.length)
    throw new Error(`its header would end at byte ${dataStart} of ${bytes.length}`);
  const { __metadata__, ...tensors } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, dataStart)));
  const head = parseTaggedJson(__metadata__.episode) as Head;
  const columns = new Map<ListedColumn['part'], Map<string, Column>>();
  for (const listed of head.columns) {
    const { part, path } = listed;
    const tensor = tensors[tensorName(part, path)] as Tensor | undefined;
    const known = columns.get(part) ?? new Map<string, Column>();
    columns.set(part, known.set(path, columnOf(listed, tensor, bytes.subarray(dataStart))));
  }
  const part = (name: Part): Columns => columns.get(name) ?? new Map();
  const alone = (name: ListedColumn['part']) => columns.get(name)?.get('') as NumberColumn | undefined;
  const flags = (name: Flag) => alone(name)?.data as Uint8Array | undefined;
  return {
    id: head.id,
    seed: head.seed,
    length: head.length,
    hasFinalObservation: head.has_final_observation,
    observations: part('observations'),
    actions: part('actions'),
    ...(head.has_intended_actions && { intendedActions: part('intended_actions') }),
    rewards: alone('rewards') ?? null,
    terminated: flags('terminated')!,
    truncated: flags('truncated')!,
    success: flags('success') ?? null,
    extras: part('extras'),
    metadata: new Map(Object.entries(head.metadata).map(([name, value]) => [name, metadataValue(value)])),
  };
}

function columnOf(
  { dtype, texts, sizes }: ListedColumn,
  tensor: Tensor | undefined,
  bytes: Uint8Array,
): Column {
  if (texts) return { dtype: 'string', shape: [texts.length], data: texts };
  const [from, to] = tensor!.data_offsets;
  if (!(from <= to && to <= bytes.length)) throw new Error(`an array ends at byte ${to} of ${bytes.length}`);
  const own = bytes.subarray(from, to);
  if (sizes) {
    let start = 0;
    const rows = sizes.map((size) => {
      start += size;
      return own.slice(start - size, start);
    });
    if (start !== own.length) throw new Error('rows of bytes of other lengths');
    return { dtype: 'bytes', shape: [rows.length], data: rows };
  }
  if (!isNumberType(dtype)) throw new Error(`an array of ${dtype}`);
  const { shape } = tensor!;
  const count = shape.reduce((product, size) => product * size, 1);
  const width = newNumbers(dtype, 0).BYTES_PER_ELEMENT;
  if (own.length !== count * width)
    throw new Error(`an array of ${own.length} bytes, expected ${count * width}`);
  const data = newNumbers(dtype, count);
  bytesOf(data).set(own);
  return { dtype, shape, data };
}

function tensorName(part: string, path: string): string {
  return path === '' ? part : `${part}/${path}`;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

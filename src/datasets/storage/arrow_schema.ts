import type { NumberType } from '../column.js';
import { FlatTable } from './flatbuffer.js';

/** Contents of a field of Arrow's, as far as columns can have them. */
export type ArrowKind =
  | { type: 'numbers'; dtype: NumberType }
  | { type: 'texts' | 'bytes'; offsets: 4 | 8 }
  | { type: 'structure' }
  | { type: 'lists'; offsets: 4 | 8 }
  | { type: 'fixed lists'; size: number }
  /** Something with so many buffers, which are not read. */
  | { type: 'other'; name: string; buffers: number };

export interface ArrowField {
  name: string;
  kind: ArrowKind;
  children: readonly ArrowField[];
  remarks: ReadonlyMap<string, string>;
}

/** More than any recording has, and few enough to notice a damaged field that holds itself. */
const MAX_FIELDS = 10_000;

/** The fields of a schema, as a file's footer has it. Throws an Error if it is damaged or can't be read here. */
export function arrowFields(schema: FlatTable): ArrowField[] {
  if (schema.short(0) !== 0) throw new Error('big-endian numbers');
  let count = 0;
  const read = (field: FlatTable): ArrowField => {
    if (++count > MAX_FIELDS) throw new Error(`more than ${MAX_FIELDS} fields`);
    const remarks = field.tables(6).map((pair): [string, string] => [pair.text(0), pair.text(1)]);
    return {
      name: field.text(0),
      kind: field.has(4) ? { type: 'other', name: 'Dictionary', buffers: 2 } : kindOf(field),
      children: field.tables(5).map(read),
      remarks: new Map(remarks),
    };
  };
  return schema.tables(1).map(read);
}

/** The fields of a schema in a message of its own, as Parquet files have it beside their own. */
export function arrowFieldsOfMessage(bytes: Uint8Array): ArrowField[] {
  const schema = FlatTable.rootOf(messageIn(bytes)).table(2);
  if (!schema) throw new Error('a message without a schema');
  return arrowFields(schema);
}

/** The message in bytes that begin with its length; newer ones have four bytes of ones before. */
export function messageIn(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(0, true) === 0xffffffff ? 8 : 4;
  return bytes.subarray(start, start + view.getInt32(start - 4, true));
}

/** Names of types that have no column here, with the number of their buffers, by Arrow's numbers. */
const OTHERS: Readonly<Record<number, readonly [name: string, buffers: number]>> = {
  1: ['Null', 0],
  7: ['Decimal', 2],
  8: ['Date', 2],
  9: ['Time', 2],
  10: ['Timestamp', 2],
  11: ['Interval', 2],
  15: ['FixedSizeBinary', 2],
  17: ['Map', 2],
  18: ['Duration', 2],
};

function kindOf(field: FlatTable): ArrowKind {
  const [code, type] = [field.byte(2), field.table(3)];
  switch (code) {
    case 2: {
      const name = `${type?.byte(1) ? 'int' : 'uint'}${type?.int(0)}`;
      if (/^u?int(8|16|32|64)$/.test(name)) return { type: 'numbers', dtype: name as NumberType };
      throw new Error(`a field of type ${name}`);
    }
    case 3: {
      const precision = type?.short(0) ?? 0;
      if (precision === 0) return { type: 'other', name: 'float16', buffers: 2 };
      return { type: 'numbers', dtype: precision === 1 ? 'float32' : 'float64' };
    }
    case 4:
    case 19:
      return { type: 'bytes', offsets: code === 4 ? 4 : 8 };
    case 5:
    case 20:
      return { type: 'texts', offsets: code === 5 ? 4 : 8 };
    case 6:
      return { type: 'numbers', dtype: 'bool' };
    case 12:
    case 21:
      return { type: 'lists', offsets: code === 12 ? 4 : 8 };
    case 13:
      return { type: 'structure' };
    case 16:
      return { type: 'fixed lists', size: type?.int(0) ?? 0 };
    default: {
      const other = OTHERS[code];
      if (!other) throw new Error(`a field of Arrow's type ${code}`);
      return { type: 'other', name: other[0], buffers: other[1] };
    }
  }
}

import { ByteReader } from './byte_reader.js';
import { checkExpansion, decompressPart } from './riegeli_compression.js';
import { decodeTransposed, type RecordsSize } from './riegeli_transposed.js';

/** Kinds of chunks with records, by their letters. */
export type RecordsKind = 'r' | 't';

/** The records in a chunk's data. Throws an Error if these are damaged. */
export function decodeRecords(kind: RecordsKind, data: Uint8Array, expected: RecordsSize): Uint8Array[] {
  checkExpansion(data.length, expected.size);
  const records = kind === 'r' ? decodeSimple(data) : decodeTransposed(data, expected);
  const size = records.reduce((sum, { length }) => sum + length, 0);
  if (records.length === expected.records && size === expected.size) return records;
  throw new Error(
    `${records.length} records of ${size} bytes; its header says ${expected.records} of ${expected.size}`,
  );
}

/** Records one after another, behind their sizes. */
function decodeSimple(data: Uint8Array): Uint8Array[] {
  const reader = new ByteReader(data);
  const compression = reader.byte();
  const sizes = new ByteReader(decompressPart(compression, reader.take(reader.varint())));
  const values = new ByteReader(decompressPart(compression, reader.rest()));
  const records: Uint8Array[] = [];
  while (sizes.left > 0) records.push(values.take(sizes.varint()));
  return records;
}

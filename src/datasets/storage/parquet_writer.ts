import { writeFileSync } from 'node:fs';
import { writeError } from '../../files/problems.js';
import type { NumberType } from '../column.js';

/** Type of a value: a number, a text, bytes, or an encoded picture as Hugging Face keeps it, with a path that is empty. */
export type ParquetType = NumberType | 'string' | 'bytes' | 'picture';

/** A column of a file: each row holds a value, or lists of values, so many deep. Any may hold nothing. */
export interface ParquetField {
  name: string;
  type: ParquetType;
  lists: number;
}

/** A row of a column: a value, a list, or null for nothing. */
export type ParquetRows = readonly unknown[] | Exclude<ArrayLike<unknown>, readonly unknown[]>;

export type ParquetWriterLibrary = typeof import('hyparquet-writer');
type WriterOptions = ConstructorParameters<ParquetWriterLibrary['ParquetWriter']>[0];
type SchemaElement = WriterOptions['schema'][number];

/** A text about the whole file. */
export interface ParquetRemark {
  key: string;
  value: string;
}

const INTEGERS: Readonly<Record<string, Partial<SchemaElement>>> = {
  int8: { type: 'INT32', converted_type: 'INT_8' },
  uint8: { type: 'INT32', converted_type: 'UINT_8' },
  int16: { type: 'INT32', converted_type: 'INT_16' },
  uint16: { type: 'INT32', converted_type: 'UINT_16' },
  int32: { type: 'INT32' },
  uint32: { type: 'INT32', converted_type: 'UINT_32' },
  int64: { type: 'INT64' },
  uint64: { type: 'INT64', converted_type: 'UINT_64' },
};

/** Elements of plain types. */
const ELEMENTS: Readonly<Record<Exclude<ParquetType, 'picture'>, Partial<SchemaElement>>> = {
  ...(INTEGERS as Record<Exclude<NumberType, 'bool' | 'float32' | 'float64'>, Partial<SchemaElement>>),
  bool: { type: 'BOOLEAN' },
  float32: { type: 'FLOAT' },
  float64: { type: 'DOUBLE' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  bytes: { type: 'BYTE_ARRAY' },
};

/** Loads the library that writes Parquet files. */
export function loadParquetWriter(): Promise<ParquetWriterLibrary> {
  return import('hyparquet-writer');
}

/** Writes a Parquet file, a group of rows at a time. It is no Parquet file before it is finished. */
export class ParquetWriter {
  private readonly file: InstanceType<ParquetWriterLibrary['ParquetWriter']>;

  /** Begins a new file at `path`, which messages call `named`. Throws a UserError if it can't be written. */
  constructor(
    library: ParquetWriterLibrary,
    path: string,
    private readonly named: string,
    private readonly fields: readonly ParquetField[],
    remarks: readonly ParquetRemark[] = [],
  ) {
    this.file = writing(named, () => {
      writeFileSync(path, '', { flag: 'wx' });
      return new library.ParquetWriter({
        writer: library.fileWriter(path),
        schema: schemaOf(fields),
        statistics: false,
        kvMetadata: [...remarks],
        createdBy: 'rlpd',
      });
    });
  }

  /** Adds rows, of each column as many, as a group that is read and decompressed together. */
  append(columns: ReadonlyMap<string, ParquetRows>): void {
    const data = this.fields.map(({ name, type }) => ({
      name,
      data: rowsOf(columns.get(name)!, type) as unknown[],
      // A dictionary is tried in vain for numbers that are measured.
      ...(type === 'float32' || type === 'float64' ? { encoding: 'PLAIN' as const } : {}),
      offsetIndex: false,
    }));
    const [{ data: first }] = data;
    writing(this.named, () => this.file.write({ columnData: data, rowGroupSize: Math.max(1, first.length) }));
  }

  /** Bytes up to now. */
  get bytes(): number {
    return this.file.writer.offset;
  }

  /** Completes the file. */
  finish(): void {
    writing(this.named, () => this.file.finish());
  }
}

function writing<T>(named: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw writeError(named, error);
  }
}

function rowsOf(rows: ParquetRows, type: ParquetType): ParquetRows {
  return type === 'picture' ? Array.from(rows, (bytes) => bytes && { bytes, path: null }) : rows;
}

function schemaOf(fields: readonly ParquetField[]): SchemaElement[] {
  return [{ name: 'schema', num_children: fields.length }, ...fields.flatMap(elementsOf)];
}

function elementsOf({ name, type, lists }: ParquetField): SchemaElement[] {
  if (lists > 0) {
    return [
      { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...elementsOf({ name: 'element', type, lists: lists - 1 }),
    ];
  }
  if (type !== 'picture') return [{ name, repetition_type: 'OPTIONAL', ...ELEMENTS[type] }];
  return [
    { name, repetition_type: 'OPTIONAL', num_children: 2 },
    { name: 'bytes', repetition_type: 'OPTIONAL', ...ELEMENTS.bytes },
    { name: 'path', repetition_type: 'OPTIONAL', ...ELEMENTS.string },
  ];
}

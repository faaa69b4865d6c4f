import { closeSync, openSync, readSync } from 'node:fs';
import type { ColumnMetaData, FileMetaData, SchemaTree } from 'hyparquet';
import { UserError } from '../../errors.js';
import { arrowLeaves } from './arrow.js';
import { arrowFieldsOfMessage } from './arrow_schema.js';
import { framedFileSize } from './framed_file.js';
import { loadParquet } from './parquet_library.js';
import { type LeafColumn, readPages } from './parquet_pages.js';
import { copyStoredRows, joinStored, type StoredColumn, type Table } from './table.js';

/** Bytes of a file that is read whole: one of a single episode, for example. */
const SMALL_FILE = 1 << 22;

/** Reads the bytes `from` to `to`, that one not included. */
type ReadBytes = (from: number, to: number) => ArrayBuffer;

/** Rows of a file that are stored together. */
interface RowGroup {
  from: number;
  rows: number;
  chunks: ReadonlyMap<string, ColumnMetaData>;
}

/** A column as a row group has it. */
interface Block {
  group: RowGroup;
  stored: StoredColumn;
}

/**
 * A Parquet file. A row group of a column is read at a time, and each column's latest is kept: it is decoded once, not once
 * for each of the episodes in it, if rows are asked for in their order.
 */
export class ParquetFile implements Table {
  readonly rows: number;
  readonly names: readonly string[];
  private readonly groups: readonly RowGroup[];
  private readonly latest = new Map<string, Block>();
  private allRemarks: Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> | undefined;

  private constructor(
    readonly path: string,
    private readonly size: number,
    private readonly readBytes: ReadBytes,
    private readonly metadata: FileMetaData,
    private readonly leaves: ReadonlyMap<string, LeafColumn>,
  ) {
    let from = 0;
    this.groups = metadata.row_groups.map(({ columns, num_rows }) => {
      const chunks = columns.flatMap(({ meta_data: chunk }): [string, ColumnMetaData][] =>
        chunk ? [[chunk.path_in_schema.join('.'), chunk]] : [],
      );
      const group = { from, rows: Number(num_rows), chunks: new Map(chunks) };
      from += group.rows;
      return group;
    });
    this.rows = from;
    this.names = [...leaves.keys()];
  }

  /** Opens a file and reads its footer. Throws a UserError if it is missing, cut off or no Parquet file. */
  static async open(path: string): Promise<ParquetFile> {
    const size = await framedFileSize(path, 'a Parquet', 'PAR1');
    const { parquetMetadataAsync, parquetSchema } = await loadParquet();
    return attempt(path, 'its footer', async () => {
      const whole = size <= SMALL_FILE ? readFrom(path, 0, size) : null;
      const readBytes: ReadBytes = whole
        ? (from, to) => whole.slice(from, to)
        : (from, to) => readFrom(path, from, to);
      const file = { byteLength: size, slice: async (from: number, to = size) => readBytes(from, to) };
      const metadata = await parquetMetadataAsync(file);
      return new ParquetFile(path, size, readBytes, metadata, leafColumns(parquetSchema(metadata)));
    });
  }

  async remarks(name: string): Promise<ReadonlyMap<string, string>> {
    this.allRemarks ??= this.readRemarks();
    return (await this.allRemarks).get(name) ?? new Map();
  }

  async column(name: string, from: number, to: number): Promise<StoredColumn> {
    const leaf = this.leaves.get(name);
    if (!leaf) throw new UserError(`${this.path}: no column ${name}`);
    return attempt(this.path, name, async () => {
      const pieces: StoredColumn[] = [];
      for (const group of this.groups) {
        const [first, last] = [Math.max(from - group.from, 0), Math.min(to - group.from, group.rows)];
        if (first >= last) continue;
        const stored = await this.groupOf(name, leaf, group);
        pieces.push(first === 0 && last === group.rows ? stored : copyStoredRows(stored, first, last));
      }
      const [piece, ...others] = pieces;
      if (!piece || to > this.rows) throw new Error(`rows ${from} to ${to} of ${this.rows}`);
      return joinStored([piece, ...others]);
    });
  }

  private async groupOf(name: string, leaf: LeafColumn, group: RowGroup): Promise<StoredColumn> {
    const kept = this.latest.get(name);
    if (kept?.group === group) return kept.stored;
    const chunk = group.chunks.get(
      leaf
        .slice(1)
        .map(({ element }) => element.name)
        .join('.'),
    );
    if (!chunk) throw new Error('a row group lacks it');
    const from = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
    const to = from + Number(chunk.total_compressed_size);
    if (from < 0 || to > this.size) throw new Error(`bytes ${from} to ${to} of ${this.size}`);
    const stored = await readPages(this.readBytes(from, to), leaf, chunk);
    const [rows] = stored.column.shape;
    if (rows !== group.rows) throw new Error(`${rows} rows where there should be ${group.rows}`);
    this.latest.set(name, { group, stored });
    return stored;
  }

  /** Remarks are lost in Parquet itself, but Arrow's schema stands beside it. */
  private async readRemarks(): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
    const schema = this.metadata.key_value_metadata?.find(({ key }) => key === 'ARROW:schema')?.value;
    if (schema === undefined) return new Map();
    return attempt(this.path, 'its key ARROW:schema', () => {
      const leaves = arrowLeaves(arrowFieldsOfMessage(Buffer.from(schema, 'base64')));
      return new Map([...leaves].map(([name, { field }]) => [name, field.remarks]));
    });
  }
}

/** All columns that are no structures, by their names. */
function leafColumns(root: SchemaTree): Map<string, LeafColumn> {
  const found = new Map<string, LeafColumn>();
  const visit = (node: SchemaTree, names: readonly string[], above: readonly SchemaTree[]) => {
    const path = [...above, node];
    const { element, children } = node;
    if (children.length === 0) found.set(names.join('/'), path);
    else {
      const isList = element.converted_type === 'LIST' || element.logical_type?.type === 'LIST';
      const isInList = element.repetition_type === 'REPEATED';
      for (const child of children) {
        visit(child, isList || isInList ? names : [...names, child.element.name], path);
      }
    }
  };
  for (const child of root.children) visit(child, [child.element.name], [root]);
  return found;
}

/** Reads at once, without a promise: a column of an episode is small, and waiting takes longer than reading. */
function readFrom(path: string, from: number, to: number): ArrayBuffer {
  const file = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(to - from);
    for (let read = 0; read < bytes.length; ) {
      const count = readSync(file, bytes, read, bytes.length - read, from + read);
      if (count === 0) throw new Error(`it ends at byte ${from + read}`);
      read += count;
    }
    return bytes.buffer;
  } finally {
    closeSync(file);
  }
}

/** Damage shows itself anywhere in the library, by any error. */
async function attempt<T>(path: string, name: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof UserError) throw new UserError(`${path}: ${name}: ${message}`);
    throw new UserError(`${path}: ${name} can't be read, damaged file? (${message})`, { cause: error });
  }
}

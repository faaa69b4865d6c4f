import { z } from 'zod';
import { UserError } from '../../../errors.js';
import { isFile, readTextIfThere } from '../../../files/reading.js';
import { checkJson } from '../../checked_json.js';
import { type Column, isNumbers, rowSize } from '../../column.js';
import type { DeclaredColumn } from '../../dataset.js';
import { type Metadata, type MetadataValue, metadataValue } from '../../metadata.js';
import { parseExactPythonJson } from '../../python_json.js';
import { ArrowFile } from '../../storage/arrow.js';
import { ParquetFile } from '../../storage/parquet.js';
import type { Table } from '../../storage/table.js';
import { named } from '../../wording.js';
import { episodeFiles, episodeFolders } from './paths.js';
import type { MinariStore, StoredArray, StoredEpisode } from './store.js';

export type TableStorage = 'arrow' | 'parquet';

const episodeSchema = z.looseObject({
  total_steps: z.int().nullish(),
  seed: z
    .union([z.int(), z.string().regex(/^-?\d+$/)])
    .transform(BigInt)
    .nullish(),
});

/** Episodes in Arrow or Parquet: a folder `<id>` each, with a file of T + 1 rows. */
export class TableStore implements MinariStore {
  private constructor(
    readonly path: string,
    private readonly storage: TableStorage,
    private readonly folders: ReadonlyMap<number, string>,
    private readonly declared: ReadonlyMap<string, DeclaredColumn>,
    readonly notes: readonly string[],
  ) {}

  static open(
    path: string,
    storage: TableStorage,
    declared: ReadonlyMap<string, DeclaredColumn>,
  ): TableStore {
    const folders = episodeFolders(path);
    const bare = [...folders].filter(([, folder]) => !isFile(episodeFiles(folder, storage).json));
    const notes =
      bare.length > 0
        ? [
            `without metadata.json, so that their seeds are not known: ${named(bare.map(([n]) => `episode_${n}`))}`,
          ]
        : [];
    return new TableStore(path, storage, folders, declared, notes);
  }

  get numbers(): number[] {
    return [...this.folders.keys()];
  }

  async episode(number: number): Promise<StoredEpisode> {
    const { data, json } = episodeFiles(this.folders.get(number)!, this.storage);
    const text = readTextIfThere(json);
    const values = text === null ? {} : checkJson(json, episodeSchema, parseExactPythonJson(json, text));
    const { seed, total_steps: steps } = values;
    const table = await (this.storage === 'arrow' ? ArrowFile : ParquetFile).open(data);
    if (steps !== undefined && steps !== null && steps !== table.rows - 1) {
      throw new UserError(`${json} says ${steps} steps; ${data} has ${table.rows - 1}, by its rows`);
    }
    return new TableEpisode(table, seed ?? null, attributesOf(values), this.declared);
  }

  close(): void {
    // Files are closed as soon as they are read.
  }
}

class TableEpisode implements StoredEpisode {
  constructor(
    private readonly table: Table,
    readonly seed: bigint | null,
    readonly attributes: Metadata,
    private readonly declared: ReadonlyMap<string, DeclaredColumn>,
  ) {}

  get path(): string {
    return this.table.path;
  }

  parts(): string[] {
    return [...new Set(this.table.names.map((name) => name.split('/')[0]))];
  }

  /** A Dict or a Tuple is a structure, a Tuple one of `0`, `1` and so on. */
  arrays(part: string): StoredArray[] | null {
    const names = this.table.names.filter((name) => name === part || name.startsWith(`${part}/`));
    if (names.length === 0) return null;
    const tuples = new Map(
      [...this.declared.keys()].map((name) => [name.replaceAll(TUPLE_PART, '$1$2'), name]),
    );
    return names.map((name) => {
      const declared = this.declared.has(name) ? name : (tuples.get(name) ?? name);
      const path = declared.slice(part.length + 1);
      return { path, name, read: () => this.read(name, part, this.declared.get(declared)?.shape) };
    });
  }

  /** Reads a column, without the row after the last step where that stands for nothing. */
  private async read(name: string, part: string, declared?: readonly number[]): Promise<Column> {
    const { table } = this;
    const rows = part === 'observations' || part === 'infos' ? table.rows : table.rows - 1;
    if (rows < 1)
      throw new UserError(
        `${table.path}: it has ${table.rows} rows; expected one for each step and one more`,
      );
    const { column, empty } = await table.column(name, 0, rows);
    if (empty.length > 0) throw new UserError(`${table.path}: ${name} holds nothing at step ${empty[0]}`);
    if (!isNumbers(column)) return column;
    // Arrays of several axes are stored flat.
    const shape = declared ?? (await table.remarks(name)).get('shape')?.split(',').map(Number);
    const size = shape?.reduce((product, axis) => product * axis, 1);
    return shape && size === rowSize(column) ? { ...column, shape: [rows, ...shape] } : column;
  }
}

/** Values of JSON by the names that attributes in HDF5 have: `options/low`. */
function attributesOf(values: object, above = ''): Map<string, MetadataValue> {
  const entries = Object.entries(values).flatMap(([key, value]): [string, MetadataValue][] => {
    const name = `${above}${key}`;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return [[name, metadataValue(value)]];
    return [...attributesOf(value, `${name}/`)];
  });
  return new Map(entries);
}

/** A part of a Tuple among declared names: `_0`. */
const TUPLE_PART = /(^|\/)_(\d+)(?=\/|$)/g;

import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Dataset, File, Group, ready } from 'h5wasm/node';
import { UserError } from '../../errors.js';
import { readError } from '../../files/problems.js';
import { type Column, type ColumnType, isNumberType, type NumberColumn, numberTypeOf } from '../column.js';
import type { Metadata } from '../metadata.js';
import { filterName, hdf5Message, openProblem } from './hdf5_problems.js';
import { metadataOf } from './hdf5_values.js';

/** An HDF5 dataset's numbers, flat in row-major order. */
export interface NumericArray<T> {
  data: T;
  shape: number[];
}

const INTEGER = 0;
const FLOAT = 1;
const TEXT = 3;
const ENUM = 8;
const VARIABLE_LENGTH = 9;

const NUMBERS = [INTEGER, FLOAT, ENUM];

// Filters every HDF5 library has: deflate (gzip), shuffle, fletcher32, n-bit, scale-offset.
const READABLE_FILTERS = new Set([1, 2, 3, 5, 6]);

// The library's memory is addressed with 32 bits, and a size beyond wraps around.
const MAX_BYTES = 2 ** 31;

// More than any recording nests, and few enough to notice a damaged group that holds itself.
const MAX_DEPTH = 8;
const MAX_ENTITIES = 10_000;

/** Loads the HDF5 library, set to throw on failures: by default it prints them and goes on with a bad handle. */
export async function loadHdf5(): Promise<void> {
  const library = await ready.catch((cause: unknown) => {
    // It stumbles over its own words when it has no memory to start in, which is all that can go wrong.
    throw new RangeError('HDF5 could not allocate memory', { cause });
  });
  library.activate_throwing_error_handler();
}

// More than an episode has; each takes a few hundred bytes.
const MAX_KEPT = 512;

type ReadableMetadata = Dataset['metadata'] & { shape: number[] };
type Entity = ReturnType<File['get']>;

/**
 * An HDF5 file to read. Its objects go by their paths, `traj_0/obs`, and the root by the empty one. HDF5 notices damage
 * only where it comes by, in any call: whatever fails here is a UserError that names the file and the object.
 */
export class Hdf5File {
  /** The objects that were looked up last: HDF5 takes its time to find one, and to tell the type of an array. */
  private readonly kept = new Map<string, Entity>();

  private constructor(
    readonly path: string,
    private readonly file: File,
  ) {}

  /** Opens a file. Throws a UserError if it is missing, truncated or no HDF5 file. */
  static async open(path: string): Promise<Hdf5File> {
    const found = await lookAt(path);
    if (!found.isFile()) throw new UserError(`${path} is not a file; give the path of a .h5 file`);
    await loadHdf5();
    try {
      return new Hdf5File(path, new File(path, 'r'));
    } catch (error) {
      throw new UserError(`${path}: ${await openProblem(path, found.size, error)}`, { cause: error });
    }
  }

  /** The names in a group. */
  keys(group: string): string[] {
    return this.attempt(group, () => {
      const entity = this.entity(group || '/');
      if (!(entity instanceof Group)) throw new UserError(`${this.path}: ${group} is not a group`);
      return entity.keys();
    });
  }

  /** Kind of the entry at `name`: a group, or an array of numbers; null for nothing, or something else. */
  kind(name: string): 'group' | 'array' | null {
    const entity = this.attempt(name, () => this.entity(name));
    if (entity instanceof Group) return 'group';
    return entity instanceof Dataset ? 'array' : null;
  }

  /** The paths, from there, of all arrays in a group and in the groups within. */
  arrays(group: string): string[] {
    const found: string[] = [];
    let visited = 0;
    const visit = (path: string, depth: number) => {
      for (const key of this.keys(path)) {
        const name = `${path}/${key}`;
        if (depth > MAX_DEPTH || ++visited > MAX_ENTITIES) {
          throw new UserError(`${this.path}: ${group} holds itself, or far too much: damaged file?`);
        }
        const kind = this.kind(name);
        if (kind === 'array') found.push(name.slice(group.length + 1));
        else if (kind === 'group') visit(name, depth + 1);
      }
    };
    visit(group, 1);
    return found;
  }

  /** The shape of an array; empty for a scalar. */
  shape(name: string): number[] {
    return this.attempt(name, () => this.dataset(name).shape ?? []);
  }

  /** The type and the shape of an array. */
  columnType(name: string): ColumnType {
    return this.attempt(name, () => {
      const { metadata } = this.dataset(name);
      return { dtype: typeName(metadata), shape: metadata.shape ?? [] };
    });
  }

  /** Reads float32 or float64 numbers. */
  readFloats(name: string): NumericArray<Float32Array> {
    return this.attempt(name, () => {
      const { dataset, metadata } = this.readableDataset(name);
      const { shape } = metadata;
      if (metadata.type !== FLOAT || metadata.size < 4) {
        const found = typeName(metadata);
        throw new UserError(
          `${this.path}: ${name} is ${found}; expected float32 (or float64), so convert it with h5py`,
        );
      }
      const value = dataset.value;
      if (value instanceof Float32Array) return { data: value, shape };
      if (value instanceof Float64Array) return { data: Float32Array.from(value), shape };
      throw new UserError(`${this.path}: ${name} is ${typeName(metadata)}; expected float32`);
    });
  }

  /** Reads flags: h5py's bool (an enum over int8) or 8-bit integers. Anything but 0 becomes 1. */
  readFlags(name: string): NumericArray<Uint8Array> {
    return this.attempt(name, () => {
      const { dataset, metadata } = this.readableDataset(name);
      const { shape } = metadata;
      const value = metadata.size === 1 ? dataset.value : null;
      if (value instanceof Int8Array || value instanceof Uint8Array) {
        return { data: Uint8Array.from(value, (flag) => (flag === 0 ? 0 : 1)), shape };
      }
      throw new UserError(`${this.path}: ${name} is ${typeName(metadata)}; expected bool`);
    });
  }

  /** Reads numbers of any type; those with a fraction come as float32. */
  readNumbers(name: string): NumericArray<unknown> {
    return this.attempt(name, () => {
      const { dataset, metadata } = this.readableDataset(name);
      if (metadata.type === FLOAT) return this.readFloats(name);
      return { data: dataset.value, shape: metadata.shape };
    });
  }

  /** Reads an array of any type that there is a column for, in its own precision. */
  readColumn(name: string): Column {
    return this.attempt(name, () => {
      const { dataset, metadata } = this.readableDataset(name, [...NUMBERS, TEXT, VARIABLE_LENGTH]);
      const { shape } = metadata;
      const dtype = typeName(metadata);
      const data: unknown = dataset.value;
      const isList = Array.isArray(data) && shape.length === 1;
      if (isList && dtype === 'string') return { dtype, shape, data: data as string[] };
      if (isList && dtype === 'bytes') return { dtype, shape, data: data as Uint8Array[] };
      const numbers = numberColumn(dtype, shape, data);
      if (numbers) return numbers;
      throw new UserError(`${this.path}: ${name} is ${dtype}; expected numbers, texts or bytes`);
    });
  }

  /** The type and the shape of an array of numbers. Throws a UserError if no rows of such an array can be read here. */
  numbersType(name: string): ColumnType {
    return this.attempt(name, () => {
      const { metadata } = this.readableDataset(name, NUMBERS, 1);
      const dtype = typeName(metadata);
      if (isNumberType(dtype)) return { dtype, shape: metadata.shape };
      const found = metadata.type === FLOAT ? `has floats of ${8 * metadata.size} bits` : `is ${dtype}`;
      throw new UserError(
        `${this.path}: ${name} ${found}, which can't be read here; convert it to float32 with h5py`,
      );
    });
  }

  /** Reads the rows `from` to `to`, that one not included, of an array of numbers, in its own precision. */
  readRows(name: string, from: number, to: number): NumberColumn {
    return this.attempt(`${name}, rows ${from} to ${to - 1},`, () => {
      const { dataset, metadata } = this.readableDataset(name, NUMBERS, to - from);
      const dtype = typeName(metadata);
      const shape = [to - from, ...metadata.shape.slice(1)];
      const numbers = numberColumn(dtype, shape, dataset.slice([[from, to]]));
      if (numbers) return numbers;
      throw new UserError(`${this.path}: ${name} is ${dtype}; expected numbers`);
    });
  }

  /** The number of rows that are compressed together in an array; 1 if there are no such chunks. */
  rowsOfChunk(name: string): number {
    return this.attempt(name, () => this.dataset(name).metadata.chunks?.[0] ?? 1);
  }

  /** A text or a number that stands alone, whole ones of 64 bits as bigint; null if `name` is something else, or nothing. */
  readScalar(name: string): string | number | bigint | null {
    return this.attempt(name, () => {
      const entity = this.entity(name);
      if (!(entity instanceof Dataset) || entity.shape?.length !== 0) return null;
      const { value } = entity;
      const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
      return isScalar ? value : null;
    });
  }

  /** The attributes of a group: texts, numbers, and lists of them, by their names. */
  attributes(group: string): Metadata {
    return this.attempt(group, () => {
      const entity = this.entity(group || '/');
      if (!(entity instanceof Group)) throw new UserError(`${this.path}: no group ${group}`);
      return metadataOf(entity);
    });
  }

  close(): void {
    try {
      this.file.close();
    } catch {
      // What could be read of a damaged file has been read.
    }
  }

  private entity(name: string): Entity {
    const kept = this.kept.get(name);
    if (kept !== undefined) return kept;
    const entity = this.file.get(name);
    if (this.kept.size === MAX_KEPT) this.kept.clear();
    this.kept.set(name, entity);
    return entity;
  }

  private dataset(name: string): Dataset {
    const entity = this.entity(name);
    if (!(entity instanceof Dataset)) throw new UserError(`${this.path}: no dataset ${name}`);
    return entity;
  }

  /**
   * The dataset, after checking what HDF5 would not mind: it would return garbage, or write past its memory. `rows` is the
   * number of rows to read, all if left out.
   */
  private readableDataset(
    name: string,
    types = NUMBERS,
    rows?: number,
  ): { dataset: Dataset; metadata: ReadableMetadata } {
    const dataset = this.dataset(name);
    const { metadata } = dataset;
    const { shape } = metadata;
    if (!shape?.length) throw new UserError(`${this.path}: ${name} is a scalar; expected an array`);
    if (!types.includes(metadata.type)) {
      throw new UserError(`${this.path}: ${name} is ${typeName(metadata)}; expected numbers`);
    }
    // An unknown filter is skipped without an exception, and the still compressed bytes pass for numbers.
    const filters = metadata.chunks ? dataset.filters : [];
    const unknown = filters.filter((filter) => !READABLE_FILTERS.has(filter.id));
    if (unknown.length > 0) {
      const names = unknown.map(filterName).join(', ');
      throw new UserError(
        `${this.path}: ${name} is compressed with ${names}, which can't be read here; ` +
          'rewrite it with gzip or without compression',
      );
    }
    const [all, ...row] = shape;
    const bytes = row.reduce((product, size) => product * size, metadata.size * (rows ?? all));
    if (bytes > MAX_BYTES) {
      throw new UserError(
        `${this.path}: ${name} can't be read: its shape [${shape.join(', ')}] means ${bytes} bytes, at most ` +
          `${MAX_BYTES} are possible`,
      );
    }
    return { dataset, metadata: { ...metadata, shape } };
  }

  private attempt<T>(name: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError(
        `${this.path}: ${name || 'its list of episodes'} can't be read, damaged file? (${hdf5Message(error)})`,
        { cause: error },
      );
    }
  }
}

/** HDF5 would take whatever hinders its reading for damage. */
async function lookAt(path: string): Promise<Stats> {
  try {
    const found = await stat(path);
    if (found.isFile()) await (await open(path)).close();
    return found;
  } catch (error) {
    throw readError(path, error);
  }
}

/** Numbers as h5wasm gives them as a column; null if they are none, or of a type that no column has. */
function numberColumn(dtype: string, shape: number[], data: unknown): NumberColumn | null {
  if (dtype === 'bool') return { dtype, shape, data: Uint8Array.from(data as Int8Array) };
  // An enum other than bool, for example, has numbers too, but they stand for something else.
  if (!ArrayBuffer.isView(data) || numberTypeOf(data) !== dtype) return null;
  return { dtype, shape, data: data as NumberColumn['data'] };
}

function typeName({ type, size, signed, enum_type, vlen_type }: Dataset['metadata']): string {
  if (type === FLOAT) return `float${size * 8}`;
  if (type === INTEGER) return `${signed ? 'int' : 'uint'}${size * 8}`;
  if (type === TEXT) return 'string';
  if (type === ENUM && size === 1 && 'TRUE' in (enum_type?.members ?? {})) return 'bool';
  if (type === VARIABLE_LENGTH && vlen_type?.type === INTEGER && vlen_type.size === 1) return 'bytes';
  return `of HDF5 type class ${type}`;
}

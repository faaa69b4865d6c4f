import { stat } from 'node:fs/promises';
import { Dataset, File, type Filter, Group, ready } from 'h5wasm/node';
import { UserError } from '../errors.js';

/** An HDF5 dataset's numbers, flat in row-major order. */
export interface NumericArray<T extends Float32Array | Uint8Array> {
  data: T;
  shape: number[];
}

// Filters every HDF5 library has: deflate (gzip), shuffle, fletcher32, n-bit, scale-offset.
const READABLE_FILTERS = new Set([1, 2, 3, 5, 6]);

/** Loads the HDF5 library, set to throw on failures: by default it prints them and goes on with a bad handle. */
export async function loadHdf5(): Promise<void> {
  const library = await ready;
  library.activate_throwing_error_handler();
}

/** Opens an HDF5 file for reading. Throws a UserError if it is missing, truncated or no HDF5 file. */
export async function openHdf5(path: string): Promise<File> {
  await loadHdf5();
  const found = await stat(path).catch(() => null);
  if (!found) throw new UserError(`${path}: no such file`);
  if (!found.isFile()) throw new UserError(`${path} is not a file; give the path of a .h5 file`);
  try {
    return new File(path, 'r');
  } catch (error) {
    throw new UserError(`${path}: ${openProblem(hdf5Message(error), found.size)}`, { cause: error });
  }
}

function openProblem(message: string, sizeBytes: number): string {
  const eof = /stored_eof = (\d+)/.exec(message);
  if (eof) return `truncated: it should have ${eof[1]} bytes and has ${sizeBytes}; copy or download it again`;
  if (/file signature not found|not accessible/.test(message)) return 'not an HDF5 file';
  return `damaged, HDF5 can't open it (${message})`;
}

/** What went wrong, out of HDF5's error stack: the system's words for it, or else the innermost frame's. */
export function hdf5Message(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const system = /error message = '([^']+)'/.exec(text);
  if (system) return system[1];
  const frames = text.split('\n').filter((line) => /^\s*#\d+:/.test(line));
  return frames.at(-1)?.replace(/^.*\(\): /, '') ?? text;
}

/** The datasets in a group and the groups in it, by their paths from there. */
export function* arraysIn(group: Group, prefix = ''): Generator<[name: string, dataset: Dataset]> {
  for (const key of group.keys()) {
    const entity = group.get(key);
    if (entity instanceof Dataset) yield [`${prefix}${key}`, entity];
    else if (entity instanceof Group) yield* arraysIn(entity, `${prefix}${key}/`);
  }
}

/** Reads a dataset of float32 or float64 numbers. Throws a UserError naming the file and the dataset otherwise. */
export function readFloats(file: File, name: string): NumericArray<Float32Array> {
  const { dataset, shape } = readableDataset(file, name);
  if (dataset.metadata.type !== 1 || dataset.metadata.size < 4) {
    throw new UserError(
      `${file.filename}: ${name} is ${typeName(dataset)}; expected float32 (or float64), so convert it with h5py`,
    );
  }
  const value = readValue(file, dataset);
  if (value instanceof Float32Array) return { data: value, shape };
  if (value instanceof Float64Array) return { data: Float32Array.from(value), shape };
  throw new UserError(`${file.filename}: ${name} is ${typeName(dataset)}; expected float32`);
}

/** Reads a dataset of flags: h5py's bool (an enum over int8) or 8-bit integers. Anything but 0 becomes 1. */
export function readFlags(file: File, name: string): NumericArray<Uint8Array> {
  const { dataset, shape } = readableDataset(file, name);
  const value = dataset.metadata.size === 1 ? readValue(file, dataset) : null;
  if (value instanceof Int8Array || value instanceof Uint8Array) {
    return { data: Uint8Array.from(value, (flag) => (flag === 0 ? 0 : 1)), shape };
  }
  throw new UserError(`${file.filename}: ${name} is ${typeName(dataset)}; expected bool`);
}

/** Reads a dataset of any type; floating-point numbers come as float32. Throws a UserError if it can't be read. */
export function readAny(file: File, name: string): { data: unknown; shape: number[] } {
  const { dataset, shape } = readableDataset(file, name);
  if (dataset.metadata.type === 1) return readFloats(file, name);
  return { data: readValue(file, dataset), shape };
}

function readableDataset(file: File, name: string): { dataset: Dataset; shape: number[] } {
  const dataset = file.get(name);
  if (!(dataset instanceof Dataset)) throw new UserError(`${file.filename}: no dataset ${name}`);
  if (!dataset.shape?.length) throw new UserError(`${file.filename}: ${name} is a scalar; expected an array`);
  // An unknown filter is skipped without an exception, and the still compressed bytes pass for numbers.
  const unknown = dataset.filters.filter((filter) => !READABLE_FILTERS.has(filter.id));
  if (unknown.length > 0) {
    throw new UserError(
      `${file.filename}: ${name} is compressed with ${unknown.map(filterName).join(', ')}, which can't be read here; ` +
        'rewrite it with gzip or without compression',
    );
  }
  return { dataset, shape: dataset.shape };
}

function readValue(file: File, dataset: Dataset) {
  try {
    return dataset.value;
  } catch (error) {
    throw new UserError(
      `${file.filename}: ${dataset.path} can't be read, damaged file? (${hdf5Message(error)})`,
      {
        cause: error,
      },
    );
  }
}

function filterName(filter: Filter): string {
  const known: Record<number, string> = {
    4: 'szip',
    32000: 'lzf',
    32001: 'blosc',
    32004: 'lz4',
    32015: 'zstd',
  };
  return known[filter.id] ?? (filter.name || `HDF5 filter ${filter.id}`);
}

function typeName(dataset: Dataset): string {
  const { type, size, signed } = dataset.metadata;
  if (type === 1) return `float${size * 8}`;
  if (type === 0) return `${signed ? 'int' : 'uint'}${size * 8}`;
  return `of HDF5 type class ${type}`;
}

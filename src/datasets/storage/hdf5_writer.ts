import { File, type Group } from 'h5wasm/node';
import { UserError } from '../../errors.js';
import type { NumberColumn, TextColumn } from '../column.js';
import type { MetadataValue } from '../metadata.js';
import { loadHdf5 } from './hdf5.js';
import { type ArrayForm, GrowingArray, writeArray } from './hdf5_arrays.js';
import { convertFlagsToBool } from './hdf5_bool.js';
import { hdf5Message } from './hdf5_problems.js';
import { storedScalar, storedValue } from './hdf5_values.js';

/**
 * An HDF5 file to write, from its beginning to its end. Its objects go by their paths, groups come into being with what is in
 * them. All failures are UserErrors that name the file.
 */
export class Hdf5Writer {
  private readonly groups = new Map<string, Group>();
  private readonly growing = new Map<string, GrowingArray>();
  private flagArrays = 0;
  private open = true;

  private constructor(
    private readonly path: string,
    /** The path in messages: that which the file will have. */
    private readonly named: string,
    private readonly file: File,
  ) {}

  static async create(path: string, named: string): Promise<Hdf5Writer> {
    await loadHdf5();
    try {
      return new Hdf5Writer(path, named, new File(path, 'w', { libver: ['earliest', 'latest'] }));
    } catch (error) {
      throw cantWrite(named, error);
    }
  }

  /** Makes a group with those above it, unless it is there. */
  group(name: string): Group {
    const known = this.groups.get(name);
    if (known) return known;
    const [above, own] = split(name);
    const parent = name === '' ? null : this.group(above);
    const made = this.attempt(() => (parent ? parent.create_group(own) : (this.file.get('/') as Group)));
    this.groups.set(name, made);
    return made;
  }

  /** Forgets groups that are complete: many of them would take memory. */
  completeGroup(name: string): void {
    for (const known of this.groups.keys()) {
      if (known === name || known.startsWith(`${name}/`)) this.groups.delete(known);
    }
  }

  /** Writes a column, whole. */
  array(name: string, column: NumberColumn | TextColumn, form: ArrayForm): void {
    const [above, own] = split(name);
    const group = this.group(above);
    this.attempt(() => writeArray(group, own, column, form));
    if (column.dtype === 'bool') this.flagArrays++;
  }

  /** Adds rows to an array, which begins with the first ones. False if they are not of the type and shape of those before. */
  grow(name: string, column: NumberColumn): boolean {
    let array = this.growing.get(name);
    if (!array) {
      const [above, own] = split(name);
      array = new GrowingArray(this.group(above), own, column);
      this.growing.set(name, array);
      if (column.dtype === 'bool') this.flagArrays++;
    }
    if (!array.takes(column)) return false;
    const rows = array;
    this.attempt(() => rows.append(column));
    return true;
  }

  /** Writes an attribute of a group: see {@link storedValue}. */
  attribute(group: string, name: string, value: MetadataValue): void {
    const { ending, data, shape, dtype } = storedValue(value);
    const entity = this.group(group);
    this.attempt(() => entity.create_attribute(name + ending, data, shape, dtype));
  }

  /** Writes a value that stands alone: see {@link storedScalar}. */
  scalar(name: string, value: MetadataValue): void {
    const { ending, data, shape, dtype } = storedScalar(value);
    const [above, own] = split(name);
    const group = this.group(above);
    this.attempt(() => group.create_dataset({ name: own + ending, data, shape, dtype }));
  }

  /** Writes fixed-length texts, as h5py's arrays of bytes are. */
  fixedTexts(name: string, texts: readonly string[]): void {
    const [above, own] = split(name);
    const group = this.group(above);
    const size = Math.max(1, ...texts.map((text) => Buffer.byteLength(text)));
    this.attempt(() =>
      group.create_dataset({ name: own, data: [...texts], dtype: `A${size}`, shape: [texts.length] }),
    );
  }

  /** Completes and closes the file. */
  async finish(): Promise<void> {
    this.attempt(() => {
      for (const array of this.growing.values()) array.flush();
      this.close();
    });
    const converted = await convertFlagsToBool(this.path).catch((error: unknown) => {
      throw cantWrite(this.named, error);
    });
    if (converted === this.flagArrays) return;
    throw new UserError(
      `can't write ${this.named}: ${converted} of ${this.flagArrays} arrays of flags were found again`,
    );
  }

  /** Closes the file as it is. Harmless once it is closed. */
  abort(): void {
    try {
      this.close();
    } catch {
      // On a full disk closing fails too; the file is to be removed in any case.
    }
  }

  private close(): void {
    if (!this.open) return;
    this.open = false;
    this.file.close();
  }

  private attempt<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      throw cantWrite(this.named, error);
    }
  }
}

function split(name: string): [above: string, own: string] {
  const at = name.lastIndexOf('/');
  return at < 0 ? ['', name] : [name.slice(0, at), name.slice(at + 1)];
}

function cantWrite(path: string, error: unknown): UserError {
  return new UserError(`can't write ${path}: ${hdf5Message(error)}`, { cause: error });
}

import { columnName } from '../../column.js';
import type { Metadata } from '../../metadata.js';
import { Hdf5File } from '../../storage/hdf5.js';
import { named } from '../../wording.js';
import type { MinariStore, StoredArray, StoredEpisode } from './store.js';

/** Episodes in HDF5: a group `episode_<id>` each. */
export class Hdf5Store implements MinariStore {
  private constructor(
    private readonly file: Hdf5File,
    readonly numbers: readonly number[],
    readonly notes: readonly string[],
  ) {}

  static async open(path: string): Promise<Hdf5Store> {
    const file = await Hdf5File.open(path);
    try {
      const groups = file.keys('');
      const numbers = groups.flatMap((name) => EPISODE_GROUP.exec(name)?.slice(1).map(Number) ?? []);
      const unread = groups.filter((name) => !EPISODE_GROUP.test(name));
      const notes = unread.length > 0 ? [`not read, as it is no episode_<id>: ${named(unread)}`] : [];
      // HDF5 lists them by the alphabet: 0, 1, 10, 2.
      return new Hdf5Store(
        file,
        numbers.sort((a, b) => a - b),
        notes,
      );
    } catch (error) {
      file.close();
      throw error;
    }
  }

  get path(): string {
    return this.file.path;
  }

  async episode(number: number): Promise<StoredEpisode> {
    return new Hdf5Episode(this.file, `episode_${number}`);
  }

  close(): void {
    this.file.close();
  }
}

class Hdf5Episode implements StoredEpisode {
  /** Read once: HDF5 takes its time for each. */
  private known: Metadata | null = null;

  constructor(
    private readonly file: Hdf5File,
    private readonly group: string,
  ) {}

  get path(): string {
    return this.file.path;
  }

  get attributes(): Metadata {
    this.known ??= this.file.attributes(this.group);
    return this.known;
  }

  get seed(): bigint | null {
    const seed = this.attributes.get('seed');
    return typeof seed === 'bigint' || Number.isInteger(seed) ? BigInt(seed as bigint | number) : null;
  }

  parts(): string[] {
    return this.file.keys(this.group);
  }

  /** A Dict is a group by its keys, a Tuple one of `_index_0`, `_index_1` and so on. */
  arrays(part: string): StoredArray[] | null {
    const { file } = this;
    const group = `${this.group}/${part}`;
    const kind = file.kind(group);
    if (kind === null) return null;
    const paths = kind === 'array' ? [''] : file.arrays(group);
    return paths.map((path) => {
      const name = columnName(group, path);
      const isOfSpace = part === 'observations' || part === 'actions';
      const read = async () => file.readColumn(name);
      return { path: isOfSpace ? path.replaceAll(TUPLE_PART, '$1_$2') : path, name, read };
    });
  }
}

const EPISODE_GROUP = /^episode_(\d+)$/;
/** A part of a Tuple as minari names its group: `_index_0`. */
const TUPLE_PART = /(^|\/)_index_(\d+)(?=\/|$)/g;

import { UserError } from '../../../errors.js';
import { type Column, type Columns, columnName, type NumberColumn } from '../../column.js';
import { type Dataset, type DatasetHead, inOrder, type LearningRules } from '../../dataset.js';
import type { Episode, EpisodeOutcome } from '../../episode.js';
import { recordedRules } from '../../recorded_rules.js';
import { Hdf5File } from '../../storage/hdf5.js';
import { readMetadata } from './metadata.js';
import { decodePictures, isEncoded } from './pictures.js';

/** The episodes of a Minari dataset in HDF5: a group `episode_<id>` each. */
export class MinariEpisodes implements Dataset {
  private constructor(
    readonly head: DatasetHead,
    private readonly file: Hdf5File,
  ) {}

  static async open(path: string, { hdf5, json }: { hdf5: string; json: string }): Promise<MinariEpisodes> {
    const metadata = readMetadata(json);
    const file = await Hdf5File.open(hdf5);
    try {
      const numbers = file
        .keys('')
        .flatMap((name) => /^episode_(\d+)$/.exec(name)?.slice(1).map(Number) ?? []);
      // HDF5 lists them by the alphabet: 0, 1, 10, 2.
      numbers.sort((a, b) => a - b);
      const ids = numbers.map((number) => `episode_${number}`);
      const problems = gapsIn(numbers).map((gap) => `${hdf5}: no ${gap}`);
      return new MinariEpisodes({ path, ids, ...metadata, problems }, file);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  async episode(index: number): Promise<Episode> {
    const { file } = this;
    const outcome = await this.outcome(index);
    const { id } = outcome;
    const rewards = `${id}/rewards`;
    return {
      ...outcome,
      observations: await this.columns(id, 'observations'),
      actions: await this.columns(id, 'actions'),
      rewards: file.kind(rewards) === 'array' ? this.floats(rewards) : null,
      extras: async () => this.infos(id),
    };
  }

  async outcome(index: number): Promise<EpisodeOutcome> {
    const { file, head } = this;
    const id = head.ids[index];
    const flags = (name: string) => file.readFlags(`${id}/${name}`).data;
    const terminated = flags('terminations');
    const { length } = terminated;
    if (length === 0) throw new UserError(`${file.path}: ${id} has no steps`);
    const seed = file.attributes(id).get('seed');
    // Infos have T + 1 rows too: the first is that of the reset.
    const success = file.kind(`${id}/infos/success`) === 'array' ? flags('infos/success').subarray(1) : null;
    return {
      id,
      seed: typeof seed === 'bigint' || Number.isInteger(seed) ? BigInt(seed as bigint | number) : null,
      length,
      terminated,
      truncated: flags('truncations'),
      success,
    };
  }

  episodes(): AsyncIterable<Episode> {
    return inOrder(this);
  }

  learningRules(): LearningRules {
    return recordedRules(this.head.path);
  }

  close(): void {
    this.file.close();
  }

  /** A Dict is a group by its keys, a Tuple one of `_index_0`, `_index_1` and so on. */
  private async columns(id: string, part: string): Promise<Columns> {
    const { file, head } = this;
    const kind = file.kind(`${id}/${part}`);
    if (kind === null)
      throw new UserError(`${file.path}: ${id} has no ${part}; it has ${file.keys(id).join(', ')}`);
    const stored = kind === 'array' ? [''] : file.arrays(`${id}/${part}`);
    const names = stored.map((path): [path: string, stored: string] => [
      path.replaceAll('_index_', '_'),
      path,
    ]);
    const columns = new Map<string, Column>();
    for (const [path, storedPath] of names.sort(([a], [b]) => NUMERIC.compare(a, b))) {
      const name = `${id}/${columnName(part, storedPath)}`;
      const column = file.readColumn(name);
      const declared = head.declared.get(columnName(part, path));
      columns.set(
        path,
        declared && isEncoded(column, declared)
          ? await decodePictures(`${file.path}: ${name}`, column, declared)
          : column,
      );
    }
    return columns;
  }

  private infos(id: string): Columns {
    const { file } = this;
    if (file.kind(`${id}/infos`) !== 'group') return new Map();
    return new Map(
      file.arrays(`${id}/infos`).map((path) => [`infos/${path}`, file.readColumn(`${id}/infos/${path}`)]),
    );
  }

  private floats(name: string): NumberColumn<'float32' | 'float64'> {
    const column = this.file.readColumn(name);
    if (column.dtype === 'float32' || column.dtype === 'float64')
      return column as NumberColumn<'float32' | 'float64'>;
    throw new UserError(`${this.file.path}: ${name} is ${column.dtype}; expected float64 or float32`);
  }
}

const NUMERIC = new Intl.Collator('en', { numeric: true });

/** Episodes that lack among ascending numbers, which begin at 0. */
function gapsIn(numbers: readonly number[]): string[] {
  if (numbers.length === 0) return ['episodes'];
  return numbers.flatMap((number, i) => {
    const next = i === 0 ? 0 : numbers[i - 1] + 1;
    if (next === number) return [];
    return next === number - 1 ? `episode_${next}` : `episode_${next} to episode_${number - 1}`;
  });
}

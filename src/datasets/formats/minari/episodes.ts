import { UserError } from '../../../errors.js';
import {
  type Column,
  type Columns,
  columnName,
  isNumbers,
  type NumberColumn,
  toFlags,
} from '../../column.js';
import { rowsOf } from '../../column_rows.js';
import {
  type Dataset,
  type DatasetHead,
  type DatasetTask,
  inOrder,
  type LearningRules,
} from '../../dataset.js';
import type { Episode, EpisodeOutcome } from '../../episode.js';
import { fromInfos, INTENDED_INFO, successIn } from '../../infos.js';
import { uncheckedTask } from '../../other_task.js';
import { recordedRules } from '../../recorded_rules.js';
import { Hdf5File } from '../../storage/hdf5.js';
import { named } from '../../wording.js';
import { readMetadata } from './metadata.js';
import { decodePictures, isEncoded } from './pictures.js';
import { DERIVED_ATTRIBUTES, FINAL_OBSERVATION, REPEATED } from './stored_names.js';

/** The episodes of a Minari dataset in HDF5: a group `episode_<id>` each. */
export class MinariEpisodes implements Dataset {
  private constructor(
    readonly head: DatasetHead,
    private readonly file: Hdf5File,
  ) {}

  /** Opens a dataset. Throws a UserError if it was recorded in another environment than `task`. */
  static async open(
    path: string,
    { hdf5, json }: { hdf5: string; json: string },
    task?: DatasetTask,
  ): Promise<MinariEpisodes> {
    const { envId, ...metadata } = readMetadata(json);
    const notes = [...metadata.notes, ...uncheckedTask(path, envId, task)];
    const file = await Hdf5File.open(hdf5);
    try {
      const groups = file.keys('');
      const numbers = groups.flatMap((name) => EPISODE_GROUP.exec(name)?.slice(1).map(Number) ?? []);
      const unread = groups.filter((name) => !EPISODE_GROUP.test(name));
      if (unread.length > 0) notes.push(`not read, as it is no episode_<id>: ${named(unread)}`);
      // HDF5 lists them by the alphabet: 0, 1, 10, 2.
      numbers.sort((a, b) => a - b);
      const ids = numbers.map((number) => `episode_${number}`);
      const problems = gapsIn(numbers).map((gap) => `${hdf5}: no ${gap}`);
      return new MinariEpisodes({ path, envId, ids, ...metadata, notes, problems }, file);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  async episode(index: number): Promise<Episode> {
    const { file } = this;
    const outcome = await this.outcome(index);
    const { id, length, hasFinalObservation } = outcome;
    const rewards = `${id}/rewards`;
    const observations = await this.columns(id, 'observations');
    const actions = await this.columns(id, 'actions');
    const { intendedActions } = fromInfos(this.intended(id), { actions, length });
    return {
      ...outcome,
      observations: hasFinalObservation ? observations : firstRows(observations, length),
      actions,
      ...(intendedActions && { intendedActions }),
      rewards: file.kind(rewards) === 'array' ? this.numbers(rewards) : null,
      extras: async () => this.infos(id),
      metadata: new Map([...file.attributes(id)].filter(([name]) => !DERIVED_ATTRIBUTES.includes(name))),
    };
  }

  async outcome(index: number): Promise<EpisodeOutcome> {
    const { file, head } = this;
    const id = head.ids[index];
    const flags = (name: string) => this.flags(`${id}/${name}`);
    const terminated = flags('terminations');
    const { length } = terminated;
    if (length === 0) throw new UserError(`${file.path}: ${id} has no steps`);
    const attributes = file.attributes(id);
    const seed = attributes.get('seed');
    return {
      id,
      seed: typeof seed === 'bigint' || Number.isInteger(seed) ? BigInt(seed as bigint | number) : null,
      length,
      hasFinalObservation: attributes.get(FINAL_OBSERVATION) !== REPEATED,
      terminated,
      truncated: flags('truncations'),
      success: this.success(id, length),
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

  /** Success after each step, where `infos/success` has it: numbers of any type, with a row for the reset before or without. */
  private success(id: string, length: number): Uint8Array | null {
    const name = `${id}/infos/success`;
    if (this.file.kind(name) !== 'array') return null;
    return successIn(this.numbers(name), length);
  }

  /** A Dict is a group by its keys, a Tuple one of `_index_0`, `_index_1` and so on. */
  private async columns(id: string, part: string): Promise<Columns> {
    const { file, head } = this;
    const kind = file.kind(`${id}/${part}`);
    if (kind === null)
      throw new UserError(`${file.path}: ${id} has no ${part}; it has ${file.keys(id).join(', ')}`);
    const stored = kind === 'array' ? [''] : file.arrays(`${id}/${part}`);
    const byPath = new Map(stored.map((path) => [path.replaceAll(TUPLE_PART, '$1_$2'), path]));
    const columns = new Map<string, Column>();
    for (const path of this.inOrder(part, [...byPath.keys()])) {
      const name = `${id}/${columnName(part, byPath.get(path)!)}`;
      const column = file.readColumn(name);
      const declared = head.declared.get(columnName(part, path));
      const isPicture = declared && isEncoded(column, declared);
      columns.set(path, isPicture ? await decodePictures(`${file.path}: ${name}`, column, declared) : column);
    }
    return columns;
  }

  /** The order of the spaces, in which Gymnasium too makes one vector of them; without spaces that of the names. */
  private inOrder(part: string, paths: readonly string[]): string[] {
    const declared = [...this.head.declared.keys()];
    const place = (path: string) => {
      const index = declared.indexOf(columnName(part, path));
      return index < 0 ? declared.length : index;
    };
    return paths.toSorted((a, b) => place(a) - place(b) || NUMERIC.compare(a, b));
  }

  /** The arrays that may be intended actions. */
  private intended(id: string): Columns {
    const { file } = this;
    const name = `infos/${INTENDED_INFO}`;
    const kind = file.kind(`${id}/${name}`);
    if (kind === null) return new Map();
    const names = kind === 'array' ? [name] : file.arrays(`${id}/${name}`).map((path) => `${name}/${path}`);
    return new Map(names.map((path) => [path, file.readColumn(`${id}/${path}`)]));
  }

  private infos(id: string): Columns {
    const { file } = this;
    if (file.kind(`${id}/infos`) !== 'group') return new Map();
    return new Map(
      file.arrays(`${id}/infos`).map((path) => [`infos/${path}`, file.readColumn(`${id}/infos/${path}`)]),
    );
  }

  private numbers(name: string): NumberColumn {
    const column = this.file.readColumn(name);
    if (isNumbers(column)) return column;
    throw new UserError(`${this.file.path}: ${name} is ${column.dtype}; expected numbers`);
  }

  /** Minari's flags are bool, those of other writers are not always. */
  private flags(name: string): Uint8Array {
    return toFlags(this.numbers(name));
  }
}

const EPISODE_GROUP = /^episode_(\d+)$/;
/** A part of a Tuple as minari names its group: `_index_0`. */
const TUPLE_PART = /(^|\/)_index_(\d+)(?=\/|$)/g;
const NUMERIC = new Intl.Collator('en', { numeric: true });

/** Columns without what comes after their first rows. */
function firstRows(columns: Columns, rows: number): Columns {
  return new Map([...columns].map(([path, column]) => [path, rowsOf(column, 0, rows)]));
}

/** Episodes that lack among ascending numbers, which begin at 0. */
function gapsIn(numbers: readonly number[]): string[] {
  if (numbers.length === 0) return ['episodes'];
  return numbers.flatMap((number, i) => {
    const next = i === 0 ? 0 : numbers[i - 1] + 1;
    if (next === number) return [];
    return next === number - 1 ? `episode_${next}` : `episode_${next} to episode_${number - 1}`;
  });
}

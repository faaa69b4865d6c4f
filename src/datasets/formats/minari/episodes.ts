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
import { Hdf5Store } from './hdf5_store.js';
import { readMetadata } from './metadata.js';
import type { MinariPaths } from './paths.js';
import { decodePictures, isEncoded } from './pictures.js';
import type { MinariStore, StoredArray, StoredEpisode } from './store.js';
import { DERIVED_ATTRIBUTES, FINAL_OBSERVATION, REPEATED } from './stored_names.js';
import { TableStore } from './table_store.js';

/** The episodes of a Minari dataset. */
export class MinariEpisodes implements Dataset {
  private constructor(
    readonly head: DatasetHead,
    private readonly store: MinariStore,
  ) {}

  /** Opens a dataset. Throws a UserError if it was recorded in another environment than `task`. */
  static async open(
    path: string,
    { folder, hdf5, json }: MinariPaths,
    task?: DatasetTask,
  ): Promise<MinariEpisodes> {
    const { envId, storage, ...metadata } = readMetadata(json);
    const notes = [...metadata.notes, ...uncheckedTask(path, envId, task)];
    const store =
      storage === 'hdf5' ? await Hdf5Store.open(hdf5) : TableStore.open(folder, storage, metadata.declared);
    notes.push(...store.notes);
    const ids = store.numbers.map((number) => `episode_${number}`);
    const problems = gapsIn(store.numbers).map((gap) => `${store.path}: no ${gap}`);
    return new MinariEpisodes({ path, envId, ids, ...metadata, notes, problems }, store);
  }

  async episode(index: number): Promise<Episode> {
    const stored = await this.stored(index);
    const outcome = await this.outcomeOf(index, stored);
    const { length, hasFinalObservation } = outcome;
    const observations = await this.columns(index, stored, 'observations');
    const actions = await this.columns(index, stored, 'actions');
    const infos = await infosOf(stored, (path) => path.split('/')[0] === INTENDED_INFO);
    const { intendedActions } = fromInfos(infos, { actions, length });
    return {
      ...outcome,
      observations: hasFinalObservation ? observations : firstRows(observations, length),
      actions,
      ...(intendedActions && { intendedActions }),
      rewards: stored.arrays('rewards') ? await this.numbers(index, stored, 'rewards') : null,
      extras: async () => infosOf(await this.stored(index)),
      metadata: new Map([...stored.attributes].filter(([name]) => !DERIVED_ATTRIBUTES.includes(name))),
    };
  }

  async outcome(index: number): Promise<EpisodeOutcome> {
    return this.outcomeOf(index, await this.stored(index));
  }

  episodes(): AsyncIterable<Episode> {
    return inOrder(this);
  }

  learningRules(): LearningRules {
    return recordedRules(this.head.path);
  }

  close(): void {
    this.store.close();
  }

  private stored(index: number): Promise<StoredEpisode> {
    return this.store.episode(this.store.numbers[index]);
  }

  private async outcomeOf(index: number, stored: StoredEpisode): Promise<EpisodeOutcome> {
    const id = this.head.ids[index];
    // Minari's flags are bool, those of other writers are not always.
    const flags = async (part: string) => toFlags(await this.numbers(index, stored, part));
    const terminated = await flags('terminations');
    const { length } = terminated;
    if (length === 0) throw new UserError(`${stored.path}: ${id} has no steps`);
    return {
      id,
      seed: stored.seed,
      length,
      hasFinalObservation: stored.attributes.get(FINAL_OBSERVATION) !== REPEATED,
      terminated,
      truncated: await flags('truncations'),
      success: await successOf(stored, length),
    };
  }

  private async columns(index: number, stored: StoredEpisode, part: string): Promise<Columns> {
    const { declared } = this.head;
    const columns = new Map<string, Column>();
    for (const { path, name, read } of this.inOrder(part, this.arrays(index, stored, part))) {
      const column = await read();
      const space = declared.get(columnName(part, path));
      const isPicture = space && isEncoded(column, space);
      columns.set(path, isPicture ? await decodePictures(`${stored.path}: ${name}`, column, space) : column);
    }
    return columns;
  }

  /** The order of the spaces, in which Gymnasium too makes one vector of them; without spaces that of the names. */
  private inOrder(part: string, arrays: readonly StoredArray[]): StoredArray[] {
    const declared = [...this.head.declared.keys()];
    const place = ({ path }: StoredArray) => {
      const index = declared.indexOf(columnName(part, path));
      return index < 0 ? declared.length : index;
    };
    return arrays.toSorted((a, b) => place(a) - place(b) || NUMERIC.compare(a.path, b.path));
  }

  private async numbers(index: number, stored: StoredEpisode, part: string): Promise<NumberColumn> {
    const arrays = this.arrays(index, stored, part);
    const array = arrays.find(({ path }) => path === '');
    const column = await array?.read();
    if (column && isNumbers(column)) return column;
    const found = column?.dtype ?? 'divided into parts';
    throw new UserError(`${stored.path}: ${array?.name ?? part} is ${found}; expected numbers`);
  }

  private arrays(index: number, stored: StoredEpisode, part: string): StoredArray[] {
    const arrays = stored.arrays(part);
    if (arrays) return arrays;
    throw new UserError(
      `${stored.path}: ${this.head.ids[index]} has no ${part}; it has ${stored.parts().join(', ')}`,
    );
  }
}

const NUMERIC = new Intl.Collator('en', { numeric: true });

/** Success after each step, where `infos/success` has it: numbers of any type, with a row for the reset before or without. */
async function successOf(stored: StoredEpisode, length: number): Promise<Uint8Array | null> {
  const column = await stored
    .arrays('infos')
    ?.find(({ path }) => path === 'success')
    ?.read();
  return column ? successIn(column, length) : null;
}

/** Arrays among the infos, all or those whose paths are wanted. */
async function infosOf(stored: StoredEpisode, isWanted = (_path: string) => true): Promise<Columns> {
  const infos = new Map<string, Column>();
  for (const { path, read } of stored.arrays('infos') ?? []) {
    // Some writers have an array in place of the group.
    if (path !== '' && isWanted(path)) infos.set(`infos/${path}`, await read());
  }
  return infos;
}

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

import { UserError } from '../../../errors.js';
import { wrongRows } from '../../array_checks.js';
import { type Column, type Columns, isNumbers, type NumberColumn, toFlags } from '../../column.js';
import { firstDifference, lastRowOf, withRow } from '../../column_rows.js';
import {
  type Dataset,
  type DatasetHead,
  type DatasetTask,
  inOrder,
  type LearningRules,
} from '../../dataset.js';
import type { Episode, EpisodeOutcome } from '../../episode.js';
import type { Metadata, MetadataValue } from '../../metadata.js';
import { uncheckedTask } from '../../other_task.js';
import { recordedRules } from '../../recorded_rules.js';
import { Hdf5File } from '../../storage/hdf5.js';
import { DATA, ONE_ARRAY, OWN_ARRAYS, OWN_ATTRIBUTES, readLayout } from './layout.js';

/** The demonstrations of a robomimic file: a group `data/demo_<number>` each. */
export class RobomimicEpisodes implements Dataset {
  private constructor(
    readonly head: DatasetHead,
    private readonly file: Hdf5File,
  ) {}

  /** Opens a file. Throws a UserError if it was recorded in another environment than `task`. */
  static async open(path: string, task?: DatasetTask): Promise<RobomimicEpisodes> {
    const file = await Hdf5File.open(path);
    try {
      const layout = readLayout(file);
      const notes = [...layout.notes, ...uncheckedTask(path, layout.envId, task)];
      if (layout.ids.some((id) => file.kind(`${DATA}/${id}/terminated`) === null)) {
        notes.push(
          'dones tell successes, ends of episodes, or both: no step is taken to have terminated by them, and episodes are open',
        );
      }
      const totals = { episodes: null, steps: null };
      return new RobomimicEpisodes({ path, totals, ...layout, notes }, file);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  async episode(index: number): Promise<Episode> {
    const attributes = this.attributes(index);
    const outcome = this.outcomeOf(index, attributes);
    const { id, length, hasFinalObservation } = outcome;
    const intended = this.ownArray(id, 'intended_actions', length);
    const rewards = this.ownArray(id, 'rewards', length);
    return {
      ...outcome,
      observations: this.observations(id, length, hasFinalObservation),
      actions: new Map([['', this.file.readColumn(`${DATA}/${id}/actions`)]]),
      ...(intended && { intendedActions: new Map([['', intended]]) }),
      rewards: rewards && { ...rewards, shape: [length] },
      extras: async () => this.extras(id, length),
      metadata: new Map([...attributes].filter(([name]) => !OWN_ATTRIBUTES.includes(name))),
    };
  }

  async outcome(index: number): Promise<EpisodeOutcome> {
    return this.outcomeOf(index, this.attributes(index));
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

  private attributes(index: number): Metadata {
    return this.file.attributes(`${DATA}/${this.head.ids[index]}`);
  }

  private outcomeOf(index: number, attributes: Metadata): EpisodeOutcome {
    const id = this.head.ids[index];
    const length = this.lengthOf(id, attributes.get('num_samples'));
    const flags = (name: (typeof OWN_ARRAYS)[number]) => {
      const column = this.ownArray(id, name, length);
      return column && toFlags(column);
    };
    const seed = attributes.get('seed');
    return {
      id,
      seed: typeof seed === 'bigint' ? seed : null,
      length,
      hasFinalObservation: this.hasFinal(id),
      terminated: flags('terminated') ?? new Uint8Array(length),
      truncated: flags('truncated') ?? new Uint8Array(length),
      success: flags('success'),
    };
  }

  /** The number of actions, which `num_samples` has to be. */
  private lengthOf(id: string, said: MetadataValue | undefined): number {
    const { file } = this;
    const name = `${DATA}/${id}`;
    if (file.kind(`${name}/actions`) !== 'array') {
      throw new UserError(`${file.path}: ${name} has no actions; it has ${file.keys(name).join(', ')}`);
    }
    const [length = 0] = file.shape(`${name}/actions`);
    if (length === 0) throw new UserError(`${file.path}: ${name} has no steps`);
    if (said === undefined || Number(said) === length) return length;
    throw new UserError(`${file.path}: ${name} says num_samples ${said}; it has ${length} actions`);
  }

  private keysOf(id: string, group: 'obs' | 'next_obs'): string[] {
    const name = `${DATA}/${id}/${group}`;
    return this.file.kind(name) === 'group' ? this.file.arrays(name) : [];
  }

  private hasFinal(id: string): boolean {
    const keys = this.keysOf(id, 'obs');
    const next = this.keysOf(id, 'next_obs');
    return keys.length > 0 && keys.every((key) => next.includes(key));
  }

  /** The observations, and the last next one, where it was recorded. */
  private observations(id: string, length: number, hasFinal: boolean): Columns {
    const keys = this.keysOf(id, 'obs');
    const columns = keys.map((key): [string, Column] => {
      const column = this.rows(`${id}/obs/${key}`, length);
      const path = keys.length === 1 && key === ONE_ARRAY ? '' : key;
      return [path, hasFinal ? this.withFinal(id, key, column, length) : column];
    });
    return new Map(columns);
  }

  private withFinal(id: string, key: string, column: Column, length: number): Column {
    const next = this.rows(`${id}/next_obs/${key}`, length);
    const step = firstDifference(column, next, 1);
    if (step >= 0) {
      throw new UserError(
        `${this.file.path}: ${DATA}/${id}/next_obs/${key} of step ${step} are not the obs of step ${step + 1}`,
      );
    }
    return withRow(column, lastRowOf(next));
  }

  private rows(name: string, length: number): Column {
    const column = this.file.readColumn(`${DATA}/${name}`);
    const problem = wrongRows(column.shape, length);
    if (problem !== null) throw new UserError(`${this.file.path}: ${DATA}/${name} ${problem}`);
    return column;
  }

  /** An array of numbers with a row a step; null where it is not there, or something else. */
  private ownArray(id: string, name: (typeof OWN_ARRAYS)[number], length: number): NumberColumn | null {
    if (!this.isOwn(id, name, length)) return null;
    const column = this.file.readColumn(`${DATA}/${id}/${name}`);
    return isNumbers(column) ? column : null;
  }

  private isOwn(id: string, name: string, length: number): boolean {
    const path = `${DATA}/${id}/${name}`;
    if (!(OWN_ARRAYS as readonly string[]).includes(name) || this.file.kind(path) !== 'array') return false;
    const { dtype, shape } = this.file.columnType(path);
    return dtype !== 'string' && dtype !== 'bytes' && shape[0] === length;
  }

  private extras(id: string, length: number): Columns {
    const names = this.file
      .arrays(`${DATA}/${id}`)
      .filter((name) => !/^(next_)?obs\//.test(name) && !this.isOwn(id, name, length));
    return new Map(names.map((name) => [name, this.file.readColumn(`${DATA}/${id}/${name}`)]));
  }
}

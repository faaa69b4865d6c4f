import { join } from 'node:path';
import { UserError } from '../../../errors.js';
import {
  type Column,
  type Columns,
  columnName,
  isNumbers,
  type NumberColumn,
  rowSize,
  toFlags,
} from '../../column.js';
import { rowsOf } from '../../column_rows.js';
import {
  type Dataset,
  type DatasetHead,
  type DatasetTask,
  type DeclaredColumn,
  inOrder,
  type LearningRules,
} from '../../dataset.js';
import type { Episode, EpisodeOutcome } from '../../episode.js';
import { uncheckedTask } from '../../other_task.js';
import { recordedRules } from '../../recorded_rules.js';
import { Shards } from '../../storage/shards.js';
import { type Feature, parseExample } from '../../storage/tf_example.js';
import { named } from '../../wording.js';
import { columnType, decodeColumn } from './example_columns.js';
import { type Features, type Leaf, readFeatures } from './features.js';
import { FEATURES_FILE, readLayout } from './layout.js';
import { metadataOf, outcomeOf, type Steps } from './outcome.js';

const STEPS = 'steps/';
const PARTS = { observations: 'observation', actions: 'action' } as const;
/** Names of steps that have a place of their own in an episode. */
const TOLD = /^steps\/(observation|action|reward|is_first|is_last|is_terminal|success)(\/|$)/;
const RAGGED = ['ragged_flat_values', 'ragged_row_lengths_0'];

/** A record, taken apart. */
interface Example {
  place: string;
  values: ReadonlyMap<string, Feature>;
  /** Columns of steps that were decoded already. */
  decoded: Map<string, Column>;
}

/** The episodes of a dataset in RLDS, as TFDS stores it. */
export class RldsEpisodes implements Dataset {
  private constructor(
    readonly head: DatasetHead,
    private readonly features: Features,
    private readonly shards: Shards,
  ) {}

  static async open(path: string, task?: DatasetTask): Promise<RldsEpisodes> {
    const layout = readLayout(path);
    const features = readFeatures(join(layout.folder, FEATURES_FILE));
    const shards = await Shards.open(layout.shards);
    const counts = new Map<string, number>();
    const ids = shards.places.map(({ shard: { split } }) => {
      const number = counts.get(split) ?? 0;
      counts.set(split, number + 1);
      return `${split} ${number}`;
    });
    const unread = [...features].filter(([, leaf]) => columnType(leaf) === null);
    const head: DatasetHead = {
      path,
      envId: null,
      ids,
      declared: declaredColumns(features),
      totals: { episodes: null, steps: null },
      facts: layout.facts,
      notes: [
        ...layout.notes,
        ...uncheckedTask(path, null, task),
        ...(unread.length > 0
          ? [
              `not read, as their types are unknown here: ${named(unread.map(([name, { dtype }]) => `${name} (${dtype})`))}`,
            ]
          : []),
      ],
      problems: [],
    };
    return new RldsEpisodes(head, features, shards);
  }

  async episode(index: number, leftOut: ReadonlySet<string> = new Set()): Promise<Episode> {
    const example = await this.example(index);
    const steps = await this.stepsOf(index, example);
    const { length, hasFinalObservation } = steps;
    const part = async (name: keyof typeof PARTS, rows: number) => {
      const columns = await this.columns(
        example,
        STEPS + PARTS[name],
        steps.rows,
        (path) => !leftOut.has(columnName(name, path)),
      );
      return new Map([...columns].map(([path, column]) => [path, rowsOf(column, 0, rows)]));
    };
    const rewards = await this.scalars(example, 'reward', steps.rows);
    return {
      ...outcomeOf(this.head.ids[index], steps, await this.episodeValues(example)),
      observations: await part('observations', length + (hasFinalObservation ? 1 : 0)),
      actions: await part('actions', length),
      rewards: rewards && rowsOf(rewards, 0, length),
      extras: () => this.extras(index),
      metadata: metadataOf(await this.episodeValues(example)),
    };
  }

  async outcome(index: number): Promise<EpisodeOutcome> {
    const example = await this.example(index);
    return outcomeOf(
      this.head.ids[index],
      await this.stepsOf(index, example),
      await this.episodeValues(example),
    );
  }

  episodes(): AsyncIterable<Episode> {
    return inOrder(this);
  }

  /** Learning from what is recorded, but for pictures and texts among the observations, which no network here sees. */
  learningRules(): LearningRules {
    const unseen = [...this.features].flatMap(([name, { kind }]) =>
      name.startsWith(`${STEPS}observation/`) && (kind === 'picture' || kind === 'text')
        ? [name.replace(`${STEPS}observation`, 'observations')]
        : [],
    );
    return {
      ...recordedRules(this.head.path),
      unseen: new Set(unseen),
      notes:
        unseen.length === 0
          ? []
          : [`not learnt from, as no network here sees pictures or texts yet: ${named(unseen)}`],
    };
  }

  close(): void {
    void this.shards.close();
  }

  private async example(index: number): Promise<Example> {
    const found = this.shards.places[index];
    const place = `${found.shard.path}: record ${found.record}`;
    const bytes = await this.shards.read(found);
    try {
      return { place, values: parseExample(bytes), decoded: new Map() };
    } catch (error) {
      throw new UserError(`${place} is no tf.train.Example: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Reads what a record's steps say of their number and end. Throws a UserError if it has none, or lacks a feature. */
  private async stepsOf(index: number, example: Example): Promise<Steps> {
    const rows = await this.rowsOf(example);
    if (rows === 0) throw new UserError(`${example.place}: ${this.head.ids[index]} has no steps`);
    for (const [name, { isRagged }] of this.features) {
      const stored = isRagged ? RAGGED.map((part) => `${name}/${part}`) : [name];
      const lacking = stored.find((key) => !example.values.has(key));
      if (lacking && name.startsWith(STEPS)) {
        throw new UserError(`${example.place} has no ${lacking}, which ${FEATURES_FILE} declares`);
      }
    }
    const flags = async (name: string) => {
      const column = await this.scalars(example, name, rows);
      return column && toFlags(column);
    };
    const success = await this.scalars(example, 'success', rows);
    const isFinal = rows > 1 && (await this.endsWithDummy(example, rows));
    return {
      rows,
      length: isFinal ? rows - 1 : rows,
      hasFinalObservation: isFinal,
      isLast: await flags('is_last'),
      isTerminal: await flags('is_terminal'),
      discounts: await this.scalars(example, 'discount', rows),
      success,
    };
  }

  /** The number of steps, which stands nowhere: that of any feature's values. */
  private async rowsOf(example: Example): Promise<number> {
    const fixed = [...this.features].filter(
      ([name, leaf]) =>
        name.startsWith(STEPS) &&
        !leaf.isRagged &&
        columnType(leaf) !== null &&
        leaf.shape.every((size) => size > 0) &&
        example.values.has(name),
    );
    const size = ([, { shape }]: [string, Leaf]) => shape.reduce((product, axis) => product * axis, 1);
    const [smallest] = fixed.sort((a, b) => size(a) - size(b));
    if (!smallest) throw new UserError(`${example.place} has no steps that can be counted`);
    const [name, leaf] = smallest;
    const column = await decodeColumn(`${example.place}: ${name}`, leaf, example.values.get(name)!);
    return column.shape[0];
  }

  /**
   * True if the last step only holds the last observation, as RLDS has it: its action and its reward are all 0. Many datasets
   * end with a step of their own instead.
   */
  private async endsWithDummy(example: Example, rows: number): Promise<boolean> {
    const columns = [...(await this.columns(example, `${STEPS}action`, rows)).values()];
    const reward = await this.scalars(example, 'reward', rows);
    const numbers = [...columns, ...(reward ? [reward] : [])].filter(isNumbers);
    return (
      columns.length > 0 &&
      numbers.every((column) =>
        (rowsOf(column, rows - 1, rows).data as ArrayLike<number | bigint> as Float64Array).every(
          (value) => Number(value) === 0 || Number.isNaN(value),
        ),
      )
    );
  }

  private async scalars(example: Example, name: string, rows: number): Promise<NumberColumn | null> {
    const leaf = this.features.get(STEPS + name);
    const feature = example.values.get(STEPS + name);
    if (!leaf || !feature || columnType(leaf) === null) return null;
    const column = await this.decode(example, STEPS + name, leaf, feature, rows);
    return isNumbers(column) && rowSize(column) === 1 ? { ...column, shape: [rows] } : null;
  }

  /** The columns at a name or below it, by their paths from there. */
  private async columns(
    example: Example,
    above: string,
    rows: number,
    isWanted = (_path: string) => true,
  ): Promise<Columns> {
    const columns = new Map<string, Column>();
    for (const [name, leaf] of this.features) {
      if (name !== above && !name.startsWith(`${above}/`)) continue;
      const path = name.slice(above.length + 1);
      if (leaf.isRagged || columnType(leaf) === null || !isWanted(path)) continue;
      columns.set(path, await this.decode(example, name, leaf, example.values.get(name)!, rows));
    }
    return columns;
  }

  private async decode(
    example: Example,
    name: string,
    leaf: Leaf,
    feature: Feature,
    rows: number,
  ): Promise<Column> {
    const known = example.decoded.get(name);
    if (known) return known;
    const column = await decodeColumn(`${example.place}: ${name}`, leaf, feature, rows);
    example.decoded.set(name, column);
    if (column.shape[0] === rows) return column;
    throw new UserError(
      `${example.place}: ${name} has ${column.shape[0]} values; expected ${rows}, one for each step`,
    );
  }

  /** All that is neither observation nor action nor reward nor flag; of lists in steps the values and their lengths. */
  private async extras(index: number): Promise<Columns> {
    const example = await this.example(index);
    const rows = await this.rowsOf(example);
    const extras = new Map<string, Column>();
    for (const [name, leaf] of this.features) {
      if (!name.startsWith(STEPS) || columnType(leaf) === null) continue;
      const short = name.slice(STEPS.length);
      if (leaf.isRagged) {
        for (const part of RAGGED) {
          const key = `${name}/${part}`;
          const of: Leaf =
            part === RAGGED[0] ? leaf : { ...leaf, kind: 'numbers', dtype: 'int64', shape: [] };
          const column = await decodeColumn(`${example.place}: ${key}`, of, example.values.get(key)!);
          extras.set(`${short}/${part}`, column);
        }
      } else if (!TOLD.test(name)) {
        extras.set(short, await this.decode(example, name, leaf, example.values.get(name)!, rows));
      }
    }
    for (const [name, column] of await this.episodeValues(example)) {
      if (column.data.length !== 1) extras.set(name, column);
    }
    return extras;
  }

  /** The features of an episode as a whole, by their names below `episode_metadata`. */
  private async episodeValues(example: Example): Promise<Columns> {
    const values = new Map<string, Column>();
    for (const [name, leaf] of this.features) {
      const feature = example.values.get(name);
      if (name.startsWith(STEPS) || !feature || leaf.isRagged || columnType(leaf) === null) continue;
      values.set(
        name.replace(/^episode_metadata\//, ''),
        await decodeColumn(`${example.place}: ${name}`, leaf, feature),
      );
    }
    return values;
  }
}

/** Columns of observations and actions as the features declare them, but for those of free sizes. */
function declaredColumns(features: Features): Map<string, DeclaredColumn> {
  return new Map(
    [...features].flatMap(([name, leaf]): [string, DeclaredColumn][] => {
      const [, part, path] = /^steps\/(observation|action)(\/.*)?$/.exec(name) ?? [];
      const dtype = columnType(leaf);
      if (!part || dtype === null || leaf.isRagged || leaf.shape.some((size) => size < 0)) return [];
      return [[`${part}s${path ?? ''}`, { dtype, shape: leaf.shape, bounds: null }]];
    }),
  );
}

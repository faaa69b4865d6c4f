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
import { withRow } from '../../column_rows.js';
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
import { ParquetFile } from '../../storage/parquet.js';
import type { Table } from '../../storage/table.js';
import { named } from '../../wording.js';
import { type Aside, readAside } from './aside.js';
import { factsOf, metadataOf } from './described.js';
import { endsBy } from './ends.js';
import { FINAL, finalRow, hasFinal, metadataOfEntry, seedOf } from './episode_entry.js';
import { declaredColumn, kindOf, type Place, pictureShape, placesOf } from './features.js';
import { indexV2 } from './index_v2.js';
import { indexV3 } from './index_v3.js';
import { type Feature, type LeRobotInfo, readInfo } from './info.js';
import { learningRules } from './learning_rules.js';
import { decodePictures } from './pictures.js';
import type { EpisodeIndex, PlacedEpisode } from './placed_episode.js';

/** The episodes of a LeRobot dataset: rows of Parquet files, of which an index tells where each begins. */
export class LeRobotEpisodes implements Dataset {
  readonly head: DatasetHead;
  readonly places: ReadonlyMap<string, Place>;
  /** The file that was read last; episodes of a file follow one another. */
  private latest: Promise<Table> | undefined;
  private latestPath: string | undefined;

  private constructor(
    private readonly root: string,
    readonly info: LeRobotInfo,
    readonly index: EpisodeIndex,
    private readonly aside: Aside,
    task: DatasetTask | undefined,
  ) {
    const { features } = info;
    this.places = placesOf(features, aside.columns);
    this.head = {
      path: root,
      envId: aside.envId,
      ids: index.episodes.map(({ number }) => `episode ${number}`),
      declared: this.declared(),
      totals: { episodes: info.total_episodes, steps: info.total_frames },
      facts: factsOf(info, index),
      metadata: new Map([...metadataOf(info), ...aside.metadata]),
      notes: [...uncheckedTask(root, aside.envId, task), ...this.remarks()],
      problems: index.problems,
    };
  }

  /** Opens a dataset and reads where its episodes are. */
  static async open(root: string, task?: DatasetTask): Promise<LeRobotEpisodes> {
    const info = readInfo(root);
    const index = info.codebase_version === 'v3.0' ? await indexV3(root, info) : indexV2(root, info);
    return new LeRobotEpisodes(root, info, index, readAside(root), task);
  }

  async episode(index: number, leftOut: ReadonlySet<string> = new Set()): Promise<Episode> {
    const placed = this.index.episodes[index];
    const table = await this.table(placed);
    const part = async (wanted: Place['part']) => {
      const columns = new Map<string, Column>();
      for (const [name, feature, { path }] of this.features(wanted)) {
        if (!leftOut.has(columnName(wanted, path)))
          columns.set(path, await this.read(table, placed, name, feature));
      }
      return columns;
    };
    const outcome = await this.outcomeOf(index, table);
    const observations = await part('observations');
    const intended = await part('intendedActions');
    return {
      ...outcome,
      observations: outcome.hasFinalObservation ? await this.withFinal(placed, observations) : observations,
      actions: await part('actions'),
      ...(intended.size > 0 && { intendedActions: new Map(numbersAmong(intended)) }),
      rewards: numbersOf((await part('rewards')).get('')),
      extras: () => this.extras(placed),
      metadata: await metadataOfEntry(placed.entry),
    };
  }

  async outcome(index: number): Promise<EpisodeOutcome> {
    return this.outcomeOf(index, await this.table(this.index.episodes[index]));
  }

  episodes(): AsyncIterable<Episode> {
    return inOrder(this);
  }

  learningRules(): LearningRules {
    return learningRules(this.head, this.info.features, this.places);
  }

  close(): void {
    this.latest = undefined;
    this.latestPath = undefined;
  }

  /** The features of a part that can be read: all but videos. */
  private features(part: Place['part']): [name: string, feature: Feature, place: Place][] {
    return [...this.places].flatMap(([name, place]): [string, Feature, Place][] => {
      const feature = this.info.features[name];
      return place.part === part && kindOf(feature) !== 'video' ? [[name, feature, place]] : [];
    });
  }

  private declared(): Map<string, DeclaredColumn> {
    const parts = (['observations', 'actions'] as const).flatMap((part) =>
      this.features(part).map(([name, feature, { path }]): [string, DeclaredColumn] => [
        columnName(part, path),
        declaredColumn(feature, this.aside.columns.get(name)),
      ]),
    );
    return new Map(parts);
  }

  private remarks(): string[] {
    const videos = Object.entries(this.info.features).flatMap(([name, feature]) =>
      kindOf(feature) === 'video' ? [`${name} (${feature.info?.['video.codec'] ?? 'video'})`] : [],
    );
    return videos.length === 0 ? [] : [`not read, as there is no decoder of videos here: ${named(videos)}`];
  }

  /** The table with an episode's frames. Throws a UserError if it has other rows than the index says. */
  private async table({ path, from, length, number }: PlacedEpisode): Promise<Table> {
    if (this.latestPath !== path) {
      this.latestPath = path;
      this.latest = ParquetFile.open(path);
    }
    const table = await this.latest!;
    if (from + length > table.rows) {
      throw new UserError(
        `${path}: it has ${table.rows} rows; episode ${number} should be rows ${from} to ${from + length - 1}`,
      );
    }
    return table;
  }

  private async outcomeOf(index: number, table: Table): Promise<EpisodeOutcome> {
    const placed = this.index.episodes[index];
    const { number, length, path } = placed;
    const column = async (name: string) => {
      const feature = this.info.features[name];
      return feature ? numbersOf(await this.read(table, placed, name, feature)) : null;
    };
    const owner = await column('episode_index');
    const stranger = owner ? Array.from(owner.data, Number).findIndex((found) => found !== number) : -1;
    if (stranger >= 0) {
      throw new UserError(
        `${path}: row ${placed.from + stranger} is of episode ${owner!.data[stranger]}; expected episode ${number}`,
      );
    }
    const flags = async (name: string) => {
      const found = await column(name);
      return found && toFlags(found);
    };
    const [done, success] = [await flags('next.done'), await flags('next.success')];
    const [terminated, truncated] = [await flags('next.terminated'), await flags('next.truncated')];
    return {
      id: this.head.ids[index],
      seed: await seedOf(placed.entry),
      length,
      hasFinalObservation: await this.hasFinal(placed),
      ...(terminated && truncated ? { terminated, truncated } : endsBy(length, done, success)),
      success,
    };
  }

  /** True if the observation after the last step of an episode is recorded, in all columns. */
  private async hasFinal({ entry }: PlacedEpisode): Promise<boolean> {
    const features = this.features('observations');
    if (features.length === 0 || !features.every(([name]) => hasFinal(entry, name))) return false;
    for (const [name, feature] of features) {
      if ((await finalRow(entry, finalColumn(name, feature))) === null) return false;
    }
    return true;
  }

  /** The observations [T] with the one after the last step. */
  private async withFinal(placed: PlacedEpisode, observations: Columns): Promise<Columns> {
    const longer = new Map(observations);
    for (const [name, feature, { path }] of this.features('observations')) {
      const column = observations.get(path);
      if (column) longer.set(path, withRow(column, (await this.lastRow(placed, name, feature))!));
    }
    return longer;
  }

  /** The row of a feature after an episode's last step; null where it is not recorded. */
  private async lastRow(placed: PlacedEpisode, name: string, feature: Feature): Promise<Column | null> {
    const stored = await finalRow(placed.entry, finalColumn(name, feature));
    if (stored?.column.dtype !== 'bytes') return stored && this.shaped(name, stored.column);
    const place = `${placed.entry!.table.path}: episode ${placed.number}/${name}`;
    const pictures = { bytes: stored.column, paths: null, empty: [] };
    return decodePictures(this.root, place, pictures, pictureShape(feature));
  }

  /** A column in the shape that its rows had before. */
  private shaped(name: string, column: Column): Column {
    const shape = this.aside.columns.get(name)?.shape;
    if (!shape || !isNumbers(column) || rowSize(column) !== sizeOf(shape)) return column;
    return { ...column, shape: [column.shape[0], ...shape] };
  }

  /** Reads a feature's rows. Throws a UserError if some lack. */
  private async read(table: Table, placed: PlacedEpisode, name: string, feature: Feature): Promise<Column> {
    const { from, length } = placed;
    const place = `${table.path}: episode ${placed.number}/${name}`;
    const stored = async (column: string) => {
      if (table.names.includes(column)) return table.column(column, from, from + length);
      throw new UserError(
        `${table.path}: no column ${column}, which info.json declares; it has ${named(table.names)}`,
      );
    };
    if (kindOf(feature) === 'images') {
      const bytes = await stored(`${name}/bytes`);
      const paths = table.names.includes(`${name}/path`) ? (await stored(`${name}/path`)).column : null;
      if (bytes.column.dtype !== 'bytes' || (paths && paths.dtype !== 'string')) {
        throw new UserError(`${place} is ${bytes.column.dtype}; expected pictures`);
      }
      const pictures = { bytes: bytes.column, paths, empty: bytes.empty };
      return decodePictures(this.root, place, pictures, pictureShape(feature));
    }
    const { column, empty } = await stored(name);
    if (empty.length > 0) throw new UserError(`${place} holds nothing at step ${empty[0]}`);
    return this.shaped(name, column);
  }

  /** All features that are neither observations nor actions, and the instruction in words. */
  private async extras(placed: PlacedEpisode): Promise<Columns> {
    const table = await this.table(placed);
    const columns = new Map<string, Column>();
    for (const [name, feature, { path }] of this.features('extras')) {
      const column = await this.read(table, placed, name, feature);
      const last = hasFinal(placed.entry, name) ? await this.lastRow(placed, name, feature) : null;
      columns.set(path, last ? withRow(column, last) : column);
    }
    const tasks = columns.get('task_index');
    if (tasks && isNumbers(tasks) && !columns.has('task')) {
      const numbers = Array.from(tasks.data as ArrayLike<number | bigint>, Number);
      const texts = numbers.map((task) => this.index.tasks.get(task) ?? '');
      columns.set('task', { dtype: 'string', shape: [texts.length], data: texts });
    }
    return columns;
  }
}

function numbersOf(column: Column | undefined): NumberColumn | null {
  return column && isNumbers(column) ? column : null;
}

function numbersAmong(columns: Columns): [path: string, column: NumberColumn][] {
  return [...columns].flatMap(([path, column]): [string, NumberColumn][] =>
    isNumbers(column) ? [[path, column]] : [],
  );
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function finalColumn(name: string, feature: Feature): string {
  return kindOf(feature) === 'images' ? `${FINAL}${name}/bytes` : FINAL + name;
}

import { UserError } from '../../../errors.js';
import {
  type Column,
  type Columns,
  columnName,
  isNumbers,
  type NumberColumn,
  toFlags,
} from '../../column.js';
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
import { declaredColumn, kindOf, numberNames, type Place, pictureShape, placesOf } from './features.js';
import { indexV2 } from './index_v2.js';
import { indexV3 } from './index_v3.js';
import { type Feature, type LeRobotInfo, readInfo } from './info.js';
import { learningRules } from './learning_rules.js';
import { decodePictures } from './pictures.js';
import type { EpisodeIndex, PlacedEpisode } from './placed_episode.js';

/** The episodes of a LeRobot dataset: rows of Parquet files, of which an index tells where each begins. */
export class LeRobotEpisodes implements Dataset {
  readonly head: DatasetHead;
  private readonly places: ReadonlyMap<string, Place>;
  /** The file that was read last; episodes of a file follow one another. */
  private latest: Promise<Table> | undefined;
  private latestPath: string | undefined;

  private constructor(
    private readonly root: string,
    readonly info: LeRobotInfo,
    readonly index: EpisodeIndex,
    notes: readonly string[],
  ) {
    const { features } = info;
    this.places = placesOf(features);
    this.head = {
      path: root,
      envId: null,
      ids: index.episodes.map(({ number }) => `episode ${number}`),
      declared: this.declared(),
      totals: { episodes: info.total_episodes, steps: info.total_frames },
      facts: factsOf(info, index),
      notes: [...notes, ...this.remarks()],
      problems: index.problems,
    };
  }

  /** Opens a dataset and reads where its episodes are. */
  static async open(root: string, task?: DatasetTask): Promise<LeRobotEpisodes> {
    const info = readInfo(root);
    const index = info.codebase_version === 'v3.0' ? await indexV3(root, info) : indexV2(root, info);
    return new LeRobotEpisodes(root, info, index, uncheckedTask(root, null, task));
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
    return {
      ...(await this.outcomeOf(index, table)),
      observations: await part('observations'),
      actions: await part('actions'),
      rewards: numbersOf((await part('rewards')).get('')),
      extras: () => this.extras(placed),
    };
  }

  async outcome(index: number): Promise<EpisodeOutcome> {
    return this.outcomeOf(index, await this.table(this.index.episodes[index]));
  }

  episodes(): AsyncIterable<Episode> {
    return inOrder(this);
  }

  learningRules(): LearningRules {
    return learningRules(this.head, this.info.features);
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
      this.features(part).map(([, feature, { path }]): [string, DeclaredColumn] => [
        columnName(part, path),
        declaredColumn(feature),
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
    const [done, succeeds] = [await column('next.done'), await column('next.success')];
    const success = succeeds && toFlags(succeeds);
    const ends = done && toFlags(done);
    // A flag of the end alone doesn't tell whether the task ended or the time was up.
    const terminated = Uint8Array.from({ length }, (_, step) => (ends?.[step] && success?.[step] ? 1 : 0));
    const truncated = new Uint8Array(length);
    truncated[length - 1] = terminated[length - 1] ? 0 : 1;
    return {
      id: this.head.ids[index],
      seed: null,
      length,
      hasFinalObservation: false,
      terminated,
      truncated,
      success,
    };
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
    return column;
  }

  /** All features that are neither observations nor actions, and the instruction in words. */
  private async extras(placed: PlacedEpisode): Promise<Columns> {
    const table = await this.table(placed);
    const columns = new Map<string, Column>();
    for (const [name, feature] of this.features('extras')) {
      columns.set(name, await this.read(table, placed, name, feature));
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

function factsOf(info: LeRobotInfo, { tasks }: EpisodeIndex): DatasetHead['facts'] {
  const names = Object.entries(info.features).flatMap(([name, feature]): [string, string][] => {
    const numbers = kindOf(feature) === 'numbers' ? numberNames(feature) : null;
    return numbers === null ? [] : [['names', `${name}: ${numbers}`]];
  });
  return [
    ['lerobot', info.codebase_version],
    ['robot', info.robot_type || 'unknown'],
    ['fps', String(info.fps)],
    ['tasks', [...tasks.values()].join(' | ') || 'none'],
    ...names,
  ];
}

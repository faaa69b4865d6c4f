import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeError } from '../../../files/problems.js';
import { type Column, columnName } from '../../column.js';
import { rowsOf } from '../../column_rows.js';
import type { FormatWriter, WriteTarget, WrittenHead } from '../../format_writer.js';
import { metadataJson, NO_METADATA } from '../../metadata.js';
import { loadParquetWriter, ParquetWriter, type ParquetWriterLibrary } from '../../storage/parquet_writer.js';
import { loadPng } from '../../storage/png.js';
import type { WholeEpisode } from '../../whole_episode.js';
import { type AsideColumn, asideJson, asidePath } from './aside.js';
import { DataFiles } from './data_files.js';
import { DatasetStatistics } from './dataset_statistics.js';
import { EpisodesTable } from './episodes_table.js';
import { fitToLeRobot } from './fit.js';
import { infoPath } from './info.js';
import { fieldOf, parquetRows } from './rows.js';
import { statsPath } from './stats_check.js';
import {
  asideOf,
  columnOfFeature,
  countedFeatures,
  featuresOf,
  TASK,
  type WrittenFeature,
} from './written_features.js';
import { huggingFaceFeatures, INFO_METADATA, infoOf } from './written_info.js';

/** Frames per second where a dataset doesn't say: those of ManiSkill's control. */
const USUAL_FPS = 20;

/** Parts that can only be begun when the features are known, by the first episode. */
interface Begun {
  features: ReadonlyMap<string, WrittenFeature>;
  frames: DataFiles;
  table: EpisodesTable;
  statistics: DatasetStatistics;
}

/** Writes a LeRobot dataset of version 3.0. Pictures are PNGs in the files of frames. */
export class LeRobotWriter implements FormatWriter {
  private begun: Begun | null = null;
  private readonly fps: number;
  private readonly isUsualFps: boolean;
  /** Instructions in words, by their numbers. */
  private readonly tasks: string[] = [];
  private episodes = 0;
  private steps = 0;

  private constructor(
    private readonly target: WriteTarget,
    private readonly head: WrittenHead,
    private readonly library: ParquetWriterLibrary,
  ) {
    const fps = Number(head.metadata?.get('fps'));
    this.isUsualFps = !(fps > 0);
    this.fps = this.isUsualFps ? USUAL_FPS : fps;
  }

  static async create(target: WriteTarget, head: WrittenHead): Promise<LeRobotWriter> {
    const library = await loadParquetWriter();
    await loadPng();
    try {
      mkdirSync(join(target.path, 'meta'), { recursive: true });
    } catch (error) {
      throw writeError(target.named, error);
    }
    return new LeRobotWriter(target, head, library);
  }

  fit(episode: WholeEpisode): WholeEpisode {
    return fitToLeRobot(episode, {
      fps: this.fps,
      task: this.head.envId ?? '',
      features: this.begun?.features ?? null,
      number: this.episodes,
      firstIndex: this.steps,
      taskNumber: (text) => this.taskNumber(text),
    });
  }

  append(episode: WholeEpisode): void {
    this.begun ??= this.begin(episode);
    const { features, frames, table, statistics } = this.begun;
    const columns = new Map<string, Column>();
    for (const [name, feature] of features) {
      columns.set(name, rowsOf(columnOfFeature(episode, feature)!, 0, episode.length));
    }
    const place = frames.append(
      new Map([...features].map(([name, feature]) => [name, parquetRows(columns.get(name)!, feature)])),
    );
    const texts = episode.extras.get(TASK)!.data as readonly string[];
    table.append(
      episode,
      { ...place, number: this.episodes, firstIndex: this.steps },
      { tasks: [...new Set(texts)], statistics: statistics.add(columns) },
    );
    this.episodes++;
    this.steps += episode.length;
  }

  notes(): string[] {
    return this.isUsualFps
      ? [`added: ${this.fps} frames per second, which LeRobot needs and the dataset doesn't tell`]
      : [];
  }

  async finish(): Promise<void> {
    const { head, target, fps, begun } = this;
    if (begun === null) return;
    const { features, frames, table, statistics } = begun;
    frames.finish();
    table.finish();
    const metadata = head.metadata ?? NO_METADATA;
    const counts = { episodes: this.episodes, frames: this.steps, tasks: this.tasks.length };
    const aside = {
      envId: head.envId,
      columns: new Map(this.asideColumns(features)),
      metadata: new Map([...metadata].filter(([name]) => !INFO_METADATA.includes(name))),
    };
    try {
      this.writeTasks();
      const info = infoOf(features, metadata, fps, counts);
      writeFileSync(infoPath(target.path), metadataJson(info), { flag: 'wx' });
      writeFileSync(statsPath(target.path), metadataJson(statistics.json()), { flag: 'wx' });
      writeFileSync(asidePath(target.path), asideJson(aside), { flag: 'wx' });
    } catch (error) {
      throw writeError(target.named, error);
    }
  }

  abort(): void {
    // Files are closed as soon as they are written to.
  }

  private begin(first: WholeEpisode): Begun {
    const { library, target } = this;
    const features = new Map([...featuresOf(first), ...countedFeatures()]);
    const fields = [...features].map(([name, feature]) => fieldOf(name, feature));
    const remarks = [{ key: 'huggingface', value: huggingFaceFeatures(features) }];
    const statistics = new DatasetStatistics(features);
    return {
      features,
      frames: new DataFiles(library, target.path, target.named, fields, remarks),
      table: new EpisodesTable(library, target.path, target.named, features, statistics.measured),
      statistics,
    };
  }

  private writeTasks(): void {
    const file = new ParquetWriter(
      this.library,
      join(this.target.path, 'meta', 'tasks.parquet'),
      this.target.named,
      [
        { name: 'task_index', type: 'int64', lists: 0 },
        { name: TASK, type: 'string', lists: 0 },
      ],
      [{ key: 'pandas', value: PANDAS }],
    );
    file.append(
      new Map<string, readonly unknown[]>([
        ['task_index', this.tasks.map((_, number) => BigInt(number))],
        [TASK, this.tasks],
      ]),
    );
    file.finish();
  }

  private taskNumber(text: string): number {
    const known = this.tasks.indexOf(text);
    return known >= 0 ? known : this.tasks.push(text) - 1;
  }

  private asideColumns(features: Begun['features']): [name: string, aside: AsideColumn][] {
    return [...features].flatMap(([name, feature]): [string, AsideColumn][] => {
      const bounds = this.head.declared.get(columnName(feature.part, feature.path))?.bounds ?? null;
      const aside = asideOf(name, feature, bounds);
      return aside ? [[name, aside]] : [];
    });
  }
}

/** Pandas' own description of a table whose index is the instruction, by which lerobot looks tasks up. */
const PANDAS = JSON.stringify({
  index_columns: [TASK],
  column_indexes: [
    { name: null, field_name: null, pandas_type: 'unicode', numpy_type: 'object', metadata: null },
  ],
  columns: [
    {
      name: 'task_index',
      field_name: 'task_index',
      pandas_type: 'int64',
      numpy_type: 'int64',
      metadata: null,
    },
    { name: TASK, field_name: TASK, pandas_type: 'unicode', numpy_type: 'object', metadata: null },
  ],
  creator: { library: 'rlpd', version: '1' },
  pandas_version: '2.0.0',
});

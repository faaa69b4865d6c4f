import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lastRowOf } from '../../column_rows.js';
import { metadataJson } from '../../metadata.js';
import {
  type ParquetField,
  type ParquetRows,
  ParquetWriter,
  type ParquetWriterLibrary,
} from '../../storage/parquet_writer.js';
import type { WholeEpisode } from '../../whole_episode.js';
import { FINAL, METADATA, SEED } from './episode_entry.js';
import { type FeatureStatistics, STATISTICS } from './frame_statistics.js';
import { fieldOf, parquetRows } from './rows.js';
import { columnOfFeature, type WrittenFeature } from './written_features.js';

/** Episodes that are written together. */
const GROUP = 500;

/** The place of an episode's frames. */
export interface WrittenPlace {
  number: number;
  firstIndex: number;
  chunk: number;
  file: number;
}

/** The instructions of an episode in words, and the statistics of its features. */
export interface EpisodeFacts {
  tasks: readonly string[];
  statistics: ReadonlyMap<string, { isPicture: boolean; numbers: FeatureStatistics }>;
}

/** The table of episodes in `meta/episodes`. */
export class EpisodesTable {
  private rows: Record<string, unknown>[] = [];
  private readonly file: ParquetWriter;
  private readonly fields: readonly ParquetField[];

  /** Begins the table of a dataset in `root`, which messages call `named`. `measured` features have statistics. */
  constructor(
    library: ParquetWriterLibrary,
    root: string,
    named: string,
    private readonly features: ReadonlyMap<string, WrittenFeature>,
    measured: readonly string[],
  ) {
    const folder = join(root, 'meta', 'episodes', 'chunk-000');
    mkdirSync(folder, { recursive: true });
    this.fields = fieldsOf(features, measured);
    this.file = new ParquetWriter(library, join(folder, 'file-000.parquet'), named, this.fields);
  }

  append(episode: WholeEpisode, place: WrittenPlace, { tasks, statistics }: EpisodeFacts): void {
    const { length, seed, metadata } = episode;
    this.rows.push({
      episode_index: BigInt(place.number),
      tasks,
      length: BigInt(length),
      'data/chunk_index': BigInt(place.chunk),
      'data/file_index': BigInt(place.file),
      dataset_from_index: BigInt(place.firstIndex),
      dataset_to_index: BigInt(place.firstIndex + length),
      ...statisticsOf(statistics),
      'meta/episodes/chunk_index': 0n,
      'meta/episodes/file_index': 0n,
      [SEED]: seed === null ? null : String(seed),
      [METADATA]: metadata.size > 0 ? metadataJson(Object.fromEntries(metadata)) : null,
      ...this.finalRow(episode),
    });
    if (this.rows.length === GROUP) this.flush();
  }

  finish(): void {
    this.flush();
    this.file.finish();
  }

  private flush(): void {
    if (this.rows.length === 0) return;
    const { rows } = this;
    this.file.append(
      new Map(this.fields.map(({ name }): [string, ParquetRows] => [name, rows.map((row) => row[name])])),
    );
    this.rows = [];
  }

  /** The rows of features after the last step, in columns of their own; nothing where they were not recorded. */
  private finalRow(episode: WholeEpisode): Record<string, unknown> {
    const longer = [...this.features].filter(([, { mayBeLonger }]) => mayBeLonger);
    const values = longer.map(([name, feature]): [string, unknown] => {
      const column = columnOfFeature(episode, feature);
      const isThere = column !== null && column.shape[0] > episode.length;
      return [FINAL + name, isThere ? parquetRows(lastRowOf(column), feature)[0] : null];
    });
    return Object.fromEntries(values);
  }
}

function fieldsOf(
  features: ReadonlyMap<string, WrittenFeature>,
  measured: readonly string[],
): ParquetField[] {
  const integer = (name: string): ParquetField => ({ name, type: 'int64', lists: 0 });
  const text = (name: string): ParquetField => ({ name, type: 'string', lists: 0 });
  const statistics = measured.flatMap((name) => {
    // Those of a picture stand alone in two more axes.
    const lists = features.get(name)?.isPicture ? 3 : 1;
    return STATISTICS.map(
      (statistic): ParquetField => ({
        name: `stats/${name}/${statistic}`,
        type: statistic === 'count' ? 'int64' : 'float64',
        lists: statistic === 'count' ? 1 : lists,
      }),
    );
  });
  const final = [...features].flatMap(([name, feature]) =>
    feature.mayBeLonger ? [{ ...fieldOf(name, feature), name: FINAL + name }] : [],
  );
  return [
    integer('episode_index'),
    { name: 'tasks', type: 'string', lists: 1 },
    ...['length', 'data/chunk_index', 'data/file_index', 'dataset_from_index', 'dataset_to_index'].map(
      integer,
    ),
    ...statistics,
    integer('meta/episodes/chunk_index'),
    integer('meta/episodes/file_index'),
    text(SEED),
    text(METADATA),
    ...final,
  ];
}

function statisticsOf(statistics: EpisodeFacts['statistics']): Record<string, unknown> {
  const values = [...statistics].flatMap(([name, { isPicture, numbers }]) =>
    STATISTICS.map((statistic): [string, unknown] => {
      const found = numbers[statistic];
      if (statistic === 'count') return [`stats/${name}/${statistic}`, found.map(BigInt)];
      return [`stats/${name}/${statistic}`, isPicture ? found.map((value) => [[value]]) : found];
    }),
  );
  return Object.fromEntries(values);
}

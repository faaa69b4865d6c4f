import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../../errors.js';
import { isNumbers } from '../../column.js';
import { ParquetFile } from '../../storage/parquet.js';
import type { Table } from '../../storage/table.js';
import { type LeRobotInfo, pathFrom, videoFeatures, videoTemplate } from './info.js';
import type { EpisodeIndex, PlacedEpisode, VideoSpan } from './placed_episode.js';

/** Finds the episodes of version 3.0: several in a file, and a table that says where. */
export async function indexV3(root: string, info: LeRobotInfo): Promise<EpisodeIndex> {
  const folder = join(root, 'meta', 'episodes');
  const files = parquetFilesIn(folder);
  if (files.length === 0) {
    throw new UserError(
      `${folder}: no list of episodes there: the recording was stopped before finalize() wrote it, or the files were not ` +
        'copied; with lerobot it can be made anew from data',
    );
  }
  const episodes: PlacedEpisode[] = [];
  const problems: string[] = [];
  const videos: VideoSpan[] = [];
  const rowsBefore = new Map<string, number>();
  let total = 0;
  for (const file of files) {
    const table = await ParquetFile.open(file);
    const [numbers, lengths, chunks, places, froms, tos] = await Promise.all(
      COLUMNS.map((name) => integers(table, name)),
    );
    for (const [row, number] of numbers.entries()) {
      const length = lengths[row];
      const path = pathFrom(root, info.data_path, { chunk_index: chunks[row], file_index: places[row] });
      if (length < 1) throw new UserError(`${file}: episode ${number} has ${length} steps`);
      if (froms[row] !== total || tos[row] !== total + length) {
        problems.push(
          `${file}: episode ${number} is rows ${froms[row]} to ${tos[row]} (dataset_from_index, dataset_to_index); expected ` +
            `${total} to ${total + length}, by the lengths of the episodes`,
        );
      }
      const from = rowsBefore.get(path) ?? 0;
      episodes.push({ number, length, path, from, firstIndex: total, entry: { table, row } });
      rowsBefore.set(path, from + length);
      total += length;
    }
    videos.push(...(await videosOf(root, info, table, numbers)));
  }
  return { episodes, videos, tasks: await readTasks(join(root, 'meta', 'tasks.parquet')), problems };
}

/** The parts of videos that show the episodes in a table of these. */
async function videosOf(
  root: string,
  info: LeRobotInfo,
  table: Table,
  numbers: readonly number[],
): Promise<VideoSpan[]> {
  const spans: VideoSpan[] = [];
  for (const feature of videoFeatures(info)) {
    const column = (name: string) => numbersOf(table, `videos/${feature}/${name}`);
    const [chunks, files, froms, tos] = await Promise.all(
      ['chunk_index', 'file_index', 'from_timestamp', 'to_timestamp'].map(column),
    );
    for (const [row, number] of numbers.entries()) {
      const values = { video_key: feature, chunk_index: chunks[row], file_index: files[row] };
      const path = pathFrom(root, videoTemplate(root, info), values);
      spans.push({ feature, number, path, seconds: tos[row] - froms[row] });
    }
  }
  return spans;
}

const COLUMNS = [
  'episode_index',
  'length',
  'data/chunk_index',
  'data/file_index',
  'dataset_from_index',
  'dataset_to_index',
] as const;

async function readTasks(path: string): Promise<Map<number, string>> {
  const table = await ParquetFile.open(path);
  const numbers = await integers(table, 'task_index');
  // Older writers leave the table's index without its name.
  const name = table.names.includes('task') ? 'task' : '__index_level_0__';
  const { column } = await table.column(name, 0, table.rows);
  if (column.dtype !== 'string') throw new UserError(`${path}: ${name} is ${column.dtype}; expected texts`);
  return new Map(column.data.map((text, row) => [numbers[row], text]));
}

async function integers(table: Table, name: string): Promise<number[]> {
  const numbers = await numbersOf(table, name);
  const strange = numbers.findIndex((number) => !Number.isSafeInteger(number));
  if (strange < 0) return numbers;
  throw new UserError(
    `${table.path}: ${name} is ${numbers[strange]} in row ${strange}; expected a whole number`,
  );
}

async function numbersOf(table: Table, name: string): Promise<number[]> {
  if (table.rows === 0) return [];
  const { column, empty } = await table.column(name, 0, table.rows);
  if (!isNumbers(column) || column.shape.length > 1 || empty.length > 0) {
    throw new UserError(`${table.path}: ${name} holds other things than one number a row`);
  }
  return Array.from(column.data as ArrayLike<number | bigint>, Number);
}

/** Parquet files of chunks, in their order. */
function parquetFilesIn(folder: string): string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return names
      .filter((name) => name.endsWith('.parquet'))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

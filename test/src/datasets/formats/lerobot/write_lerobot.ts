import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encode } from 'fast-png';
import { parquetWriteBuffer } from 'hyparquet-writer';

type Row = number | bigint | boolean | string | number[] | { bytes: Uint8Array | null; path: string } | null;

/** A feature with a row for each frame of each episode. */
export interface StoredFeature {
  dtype: string;
  shape: number[];
  episodes: Row[][];
}

export interface LeRobotFiles {
  features: Record<string, StoredFeature>;
  /** Keys of info.json that differ. */
  info: Record<string, unknown>;
  /** Columns of the list of episodes that differ. */
  list: Record<string, bigint[]>;
}

const LENGTHS = [4, 5, 3];
const FPS = 10;
/** Elements of the columns of each type, as pyarrow writes them. */
const TYPES: Record<string, object> = {
  float32: { type: 'FLOAT' },
  float64: { type: 'DOUBLE' },
  int64: { type: 'INT64' },
  bool: { type: 'BOOLEAN' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
};

/** Rows of every frame, by its episode and its place there. */
export function frames(row: (episode: number, frame: number, length: number) => Row): Row[][] {
  return LENGTHS.map((length, episode) => Array.from({ length }, (_, frame) => row(episode, frame, length)));
}

/** Three episodes of an arm, with a camera; the first and the last succeed. Actions are in [−1, 1]. */
export function soundLeRobot(): LeRobotFiles {
  const before = (episode: number) => LENGTHS.slice(0, episode).reduce((sum, length) => sum + length, 0);
  const isEnd = (episode: number, frame: number) => frame === LENGTHS[episode] - 1;
  const succeeds = (episode: number, frame: number) => isEnd(episode, frame) && episode !== 1;
  return {
    features: {
      'observation.state': {
        dtype: 'float32',
        shape: [3],
        episodes: frames((episode, frame) => [episode, frame / 8, -frame]),
      },
      'observation.images.top': {
        dtype: 'image',
        shape: [4, 6, 3],
        episodes: frames((episode, frame) => ({
          bytes: picture(10 * episode + frame),
          path: `${frame}.png`,
        })),
      },
      action: { dtype: 'float32', shape: [2], episodes: frames((_, frame) => [frame / 8, -0.5]) },
      'next.reward': {
        dtype: 'float32',
        shape: [1],
        episodes: frames((episode, frame) => (succeeds(episode, frame) ? 1 : 0)),
      },
      'next.done': { dtype: 'bool', shape: [1], episodes: frames(isEnd) },
      'next.success': { dtype: 'bool', shape: [1], episodes: frames(succeeds) },
      timestamp: {
        dtype: 'float32',
        shape: [1],
        episodes: frames((_, frame) => Math.fround(frame / FPS)),
      },
      frame_index: { dtype: 'int64', shape: [1], episodes: frames((_, frame) => BigInt(frame)) },
      episode_index: { dtype: 'int64', shape: [1], episodes: frames((episode) => BigInt(episode)) },
      index: {
        dtype: 'int64',
        shape: [1],
        episodes: frames((episode, frame) => BigInt(before(episode) + frame)),
      },
      task_index: { dtype: 'int64', shape: [1], episodes: frames((episode) => BigInt(episode % 2)) },
    },
    info: {},
    list: {},
  };
}

function picture(shade: number): Uint8Array {
  const data = Uint8Array.from({ length: 4 * 6 * 3 }, (_, i) => (i + shade) % 256);
  return encode({ width: 6, height: 4, channels: 3, depth: 8, data });
}

/** Writes a dataset of version 3.0 to the folder `path`; gives the path. */
export function writeLeRobot(path: string, { features, info, list }: LeRobotFiles): string {
  const write = (name: string, contents: string | Uint8Array) => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), contents);
  };
  const declared = Object.entries(features).map(([name, { dtype, shape }]) => [
    name,
    { dtype, shape, names: null },
  ]);
  const total = LENGTHS.reduce((sum, length) => sum + length, 0);
  write(
    'meta/info.json',
    JSON.stringify({
      codebase_version: 'v3.0',
      fps: FPS,
      robot_type: 'arm',
      total_episodes: LENGTHS.length,
      total_frames: total,
      total_tasks: 2,
      chunks_size: 1000,
      data_path: 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet',
      video_path: null,
      splits: { train: `0:${LENGTHS.length}` },
      features: Object.fromEntries(declared),
      ...info,
    }),
  );
  write('data/chunk-000/file-000.parquet', parquet(features));
  const whole = (rows: Row[]) => ({ dtype: 'int64', shape: [1], episodes: [rows] });
  const ends = LENGTHS.map((_, i) => LENGTHS.slice(0, i + 1).reduce((sum, length) => sum + length, 0));
  const episodes = {
    episode_index: whole(LENGTHS.map((_, i) => BigInt(i))),
    length: whole(LENGTHS.map(BigInt)),
    'data/chunk_index': whole(LENGTHS.map(() => 0n)),
    'data/file_index': whole(LENGTHS.map(() => 0n)),
    dataset_from_index: whole(LENGTHS.map((length, i) => BigInt(ends[i] - length))),
    dataset_to_index: whole(ends.map(BigInt)),
  };
  for (const [name, numbers] of Object.entries(list)) Object.assign(episodes, { [name]: whole(numbers) });
  write('meta/episodes/chunk-000/file-000.parquet', parquet(episodes));
  const tasks = {
    task_index: whole([0n, 1n]),
    task: { dtype: 'string', shape: [1], episodes: [['Lift it.', 'Stell es hin.']] },
  };
  write('meta/tasks.parquet', parquet(tasks));
  return path;
}

function parquet(features: Record<string, StoredFeature>): Uint8Array {
  const columns = Object.entries(features).map(([name, { dtype, shape, episodes }]) => {
    const isList = dtype !== 'image' && (shape.length > 1 || shape[0] !== 1);
    return { name, data: episodes.flat(), schema: schemaOf(name, dtype, isList) };
  });
  const buffer = parquetWriteBuffer({
    columnData: columns.map(({ name, data }) => ({ name, data })),
    schema: [
      { name: 'schema', num_children: columns.length },
      ...columns.flatMap(({ schema }) => schema),
    ] as never,
    rowGroupSize: LENGTHS[0] + 1,
  });
  return new Uint8Array(buffer);
}

function schemaOf(name: string, dtype: string, isList: boolean): object[] {
  const optional = { repetition_type: 'OPTIONAL' };
  if (dtype === 'image') {
    return [
      { name, ...optional, num_children: 2 },
      { name: 'bytes', ...optional, type: 'BYTE_ARRAY' },
      { name: 'path', ...optional, ...TYPES['string'] },
    ];
  }
  if (!isList) return [{ name, ...optional, ...TYPES[dtype] }];
  return [
    { name, ...optional, num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', ...optional, ...TYPES[dtype] },
  ];
}

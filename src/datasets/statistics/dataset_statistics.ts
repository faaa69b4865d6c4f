import { setImmediate } from 'node:timers/promises';
import { UserError } from '../../errors.js';
import { type Column, isNumbers, type NumberColumn, rowSize, withNames } from '../column.js';
import type { Dataset } from '../dataset.js';
import type { Episode } from '../episode.js';
import { checkStop, type VerifyOptions } from '../verification.js';
import { SeriesAccumulator, type SeriesStatistics } from './series_statistics.js';

/** Statistics of a column. */
export interface ColumnStatistics {
  dtype: string;
  /** Shape of a row. */
  shape: readonly number[];
  /** `numbers`: one for each number of a row. `channels`: one for each channel of pictures. `all`: one for all numbers together. */
  by: 'numbers' | 'channels' | 'all';
  series: SeriesStatistics[];
}

/** Statistics of a dataset, exact to the rounding of floating point. Integers of 64 bits count as the nearest float. */
export interface DatasetStatistics {
  path: string;
  episodes: number;
  steps: number;
  /** Observations, actions and rewards by their full names. */
  columns: ReadonlyMap<string, ColumnStatistics>;
  /** Sums of the rewards of whole episodes; null where no episode has rewards. */
  returns: SeriesStatistics | null;
  lengths: SeriesStatistics;
  notes: string[];
}

/** Rows with more numbers than these are not told apart: 256 kB are needed for each while they are counted. */
const MAX_SERIES = 256;
const MAX_CHANNELS = 4;

/** Numbers that are held in memory at most while they are sorted: 128 MiB. */
const MAX_COLLECTED = 2 ** 24;

/**
 * Goes through all episodes, twice or, for data that don't fit into memory, some times more. It takes at most 128 MiB, 256 KiB for
 * each number of a row, and one episode. Throws a UserError if an episode can't be read, or has other columns than the first one.
 */
export async function datasetStatistics(
  dataset: Dataset,
  { onEpisode, signal }: Pick<VerifyOptions, 'onEpisode' | 'signal'> = {},
): Promise<DatasetStatistics> {
  const { path, ids } = dataset.head;
  const columns = new Map<string, ColumnAccumulator>();
  const [returns, lengths] = [new SeriesAccumulator(), new SeriesAccumulator()];
  const outcomes: { length: number; gained: number | null }[] = [];
  const unread = new Set<string>();
  let done = 0;
  const pass = async (look: (episode: Episode) => void) => {
    for (const index of ids.keys()) {
      checkStop(path, signal);
      look(await dataset.episode(index));
      done++;
      // Further passes are rare, and told as they come.
      onEpisode?.(done, Math.max(2, Math.ceil(done / ids.length)) * ids.length);
      await setImmediate();
    }
  };
  await pass((episode) => {
    outcomes.push({ length: episode.length, gained: episode.rewards && sumOf(episode.rewards) });
    for (const [name, column] of columnsOf(episode)) {
      if (!isNumbers(column)) {
        unread.add(name);
        continue;
      }
      const known = columns.get(name) ?? new ColumnAccumulator(column);
      columns.set(name, known);
      known.check(`${path}: ${episode.id}/${name}`, column);
      known.each(column, (series, value) => series.first(value));
    }
  });
  const gained = outcomes.flatMap((outcome) => outcome.gained ?? []);
  for (const value of gained) returns.first(value);
  for (const { length } of outcomes) lengths.first(length);
  const all = [...[...columns.values()].flatMap(({ series }) => series), returns, lengths];
  for (const series of all) series.prepare();
  do {
    const open = all.reduce((sum, { search }) => sum + search.open, 0);
    for (const { search } of all) open > MAX_COLLECTED ? search.narrow() : search.collect();
    await pass((episode) => {
      for (const [name, column] of columnsOf(episode)) {
        if (isNumbers(column)) columns.get(name)!.each(column, (series, value) => series.again(value));
      }
    });
    for (const value of gained) returns.again(value);
    for (const { length } of outcomes) lengths.again(length);
    for (const series of all) series.end();
  } while (all.some(({ search }) => search.open > 0));
  return {
    path,
    episodes: ids.length,
    steps: outcomes.reduce((sum, { length }) => sum + length, 0),
    columns: new Map([...columns].map(([name, column]) => [name, column.result()])),
    returns: gained.length > 0 ? returns.result() : null,
    lengths: lengths.result(),
    notes: [...unread].map((name) => `${name} holds texts or bytes: no statistics`),
  };
}

function columnsOf({ observations, actions, rewards }: Episode): [name: string, column: Column][] {
  return [
    ...withNames('observations', observations),
    ...withNames('actions', actions),
    ...(rewards ? [['rewards', rewards] as [string, Column]] : []),
  ];
}

function sumOf({ data }: NumberColumn): number {
  let sum = 0;
  for (const value of data) sum += Number(value);
  return sum;
}

class ColumnAccumulator {
  readonly series: SeriesAccumulator[];
  private readonly by: ColumnStatistics['by'];
  private readonly shape: readonly number[];
  private readonly dtype: string;

  constructor(column: NumberColumn) {
    this.dtype = column.dtype;
    this.shape = column.shape.slice(1);
    const channels = this.shape.at(-1)!;
    const isPicture = column.dtype === 'uint8' && this.shape.length > 1 && channels <= MAX_CHANNELS;
    const size = rowSize(column);
    this.by = isPicture ? 'channels' : size <= MAX_SERIES ? 'numbers' : 'all';
    const count = { channels, numbers: size, all: 1 }[this.by];
    this.series = Array.from({ length: count }, () => new SeriesAccumulator());
  }

  check(place: string, { shape }: NumberColumn): void {
    const row = shape.slice(1);
    if (row.join() === this.shape.join()) return;
    throw new UserError(
      `${place} has rows of [${row.join(', ')}]; in the episodes before [${this.shape.join(', ')}]`,
    );
  }

  each({ data }: NumberColumn, look: (series: SeriesAccumulator, value: number) => void): void {
    const { series } = this;
    const count = series.length;
    for (let i = 0; i < data.length; i++) look(series[i % count], Number(data[i]));
  }

  result(): ColumnStatistics {
    const { dtype, shape, by } = this;
    return { dtype, shape, by, series: this.series.map((one) => one.result()) };
  }
}

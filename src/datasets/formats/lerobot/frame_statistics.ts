import type { NumberColumn } from '../../column.js';
import { rowSize } from '../../column.js';

/** Shares of the values below a quantile, as LeRobot names them. */
const QUANTILES = { q01: 0.01, q10: 0.1, q50: 0.5, q90: 0.9, q99: 0.99 } as const;

export const STATISTICS = ['min', 'max', 'mean', 'std', 'count', ...quantileNames()] as const;

export type StatisticName = 'min' | 'max' | 'mean' | 'std' | 'count' | keyof typeof QUANTILES;

/** Statistics of a feature: of each number of a row; of pictures, of each channel in 0 to 1. `count` has the number of rows alone. */
export type FeatureStatistics = Record<StatisticName, number[]>;

function quantileNames(): (keyof typeof QUANTILES)[] {
  return Object.keys(QUANTILES) as (keyof typeof QUANTILES)[];
}

/** The statistics of an episode's rows; the deviation is the population's, quantiles lie between two values as NumPy's do. */
export function frameStatistics(column: NumberColumn): FeatureStatistics {
  const width = rowSize(column);
  const [rows] = column.shape;
  const statistics = emptyStatistics(rows);
  const values = new Float64Array(rows);
  for (let i = 0; i < width; i++) {
    for (let row = 0; row < rows; row++) values[row] = Number(column.data[row * width + i]);
    addStatistics(statistics, values);
  }
  return statistics;
}

/** The same of pictures [rows, height, width, channels], over all pixels of all rows. */
export function pictureStatistics({ shape, data, dtype }: NumberColumn): FeatureStatistics {
  const channels = shape.at(-1)!;
  const statistics = emptyStatistics(shape[0]);
  const most = dtype === 'uint16' ? 65535 : 255;
  const counts = new Float64Array(most + 1);
  for (let channel = 0; channel < channels; channel++) {
    counts.fill(0);
    for (let i = channel; i < data.length; i += channels) counts[Number(data[i])]++;
    addCounted(statistics, counts, most);
  }
  return statistics;
}

/**
 * The statistics of all episodes of theirs. The quantiles are the means of the episodes' quantiles by their numbers of rows, not
 * those of all values: this is what LeRobot calls them.
 */
export class TotalStatistics {
  private total: FeatureStatistics | null = null;

  add(episode: FeatureStatistics): void {
    const { total } = this;
    if (!total) {
      this.total = structuredClone(episode);
      return;
    }
    const [a, b] = [total.count[0], episode.count[0]];
    const share = b / (a + b);
    for (let i = 0; i < total.mean.length; i++) {
      const difference = episode.mean[i] - total.mean[i];
      const variance =
        (1 - share) * total.std[i] ** 2 + share * episode.std[i] ** 2 + share * (1 - share) * difference ** 2;
      total.std[i] = Math.sqrt(variance);
      total.mean[i] += share * difference;
      total.min[i] = Math.min(total.min[i], episode.min[i]);
      total.max[i] = Math.max(total.max[i], episode.max[i]);
      for (const name of quantileNames()) total[name][i] += share * (episode[name][i] - total[name][i]);
    }
    total.count = [a + b];
  }

  /** Statistics up to now; null before the first episode. */
  get result(): FeatureStatistics | null {
    return this.total;
  }
}

function emptyStatistics(rows: number): FeatureStatistics {
  const names = STATISTICS.map((name): [StatisticName, number[]] => [name, name === 'count' ? [rows] : []]);
  return Object.fromEntries(names) as FeatureStatistics;
}

/** Adds those of one number of a row. `values` are sorted. */
function addStatistics(statistics: FeatureStatistics, values: Float64Array): void {
  const { length } = values;
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length;
  values.sort();
  statistics.min.push(values[0]);
  statistics.max.push(values[length - 1]);
  statistics.mean.push(mean);
  statistics.std.push(Math.sqrt(variance));
  for (const name of quantileNames()) statistics[name].push(quantile(values, QUANTILES[name]));
}

function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/** Adds those of a channel of which each of the values 0 to `most` occurs so often. */
function addCounted(statistics: FeatureStatistics, counts: Float64Array, most: number): void {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mean = counts.reduce((sum, count, value) => sum + count * value, 0) / total;
  const variance = counts.reduce((sum, count, value) => sum + count * (value - mean) ** 2, 0) / total;
  const valueAt = (share: number) => {
    let before = 0;
    return counts.findIndex((count) => {
      before += count;
      return before > share * (total - 1);
    });
  };
  statistics.min.push(valueAt(0) / most);
  statistics.max.push(valueAt(1) / most);
  statistics.mean.push(mean / most);
  statistics.std.push(Math.sqrt(variance) / most);
  for (const name of quantileNames()) statistics[name].push(valueAt(QUANTILES[name]) / most);
}

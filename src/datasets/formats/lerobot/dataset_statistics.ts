import { type Column, isNumbers } from '../../column.js';
import type { MetadataValue } from '../../metadata.js';
import {
  type FeatureStatistics,
  frameStatistics,
  pictureStatistics,
  STATISTICS,
  TotalStatistics,
} from './frame_statistics.js';
import type { WrittenFeature } from './written_features.js';

/** The statistics of a dataset's features, as its episodes come. Texts have none. */
export class DatasetStatistics {
  /** Names of the features that have some. */
  readonly measured: readonly string[];
  private readonly totals: ReadonlyMap<string, TotalStatistics>;

  constructor(private readonly features: ReadonlyMap<string, WrittenFeature>) {
    this.measured = [...features].flatMap(([name, { type }]) => (type.dtype === 'string' ? [] : [name]));
    this.totals = new Map(this.measured.map((name) => [name, new TotalStatistics()]));
  }

  /** Adds an episode's columns, and gives the statistics of these alone. */
  add(columns: ReadonlyMap<string, Column>): Map<string, { isPicture: boolean; numbers: FeatureStatistics }> {
    const found = new Map<string, { isPicture: boolean; numbers: FeatureStatistics }>();
    for (const [name, total] of this.totals) {
      const column = columns.get(name)!;
      if (!isNumbers(column)) continue;
      const { isPicture } = this.features.get(name)!;
      const numbers = isPicture ? pictureStatistics(column) : frameStatistics(column);
      total.add(numbers);
      found.set(name, { isPicture, numbers });
    }
    return found;
  }

  /** The contents of `meta/stats.json`. */
  json(): Record<string, MetadataValue> {
    const entries = [...this.totals].map(([name, { result }]): [string, MetadataValue] => {
      const { isPicture } = this.features.get(name)!;
      const values = STATISTICS.map((statistic): [string, MetadataValue] => {
        const numbers = result![statistic];
        return [statistic, isPicture && statistic !== 'count' ? numbers.map((value) => [[value]]) : numbers];
      });
      return [name, Object.fromEntries(values)];
    });
    return Object.fromEntries(entries);
  }
}

import { RankSearch } from './rank_search.js';

/** The quantiles that are told, as shares of the numbers that are not greater. */
export const QUANTILES = { q01: 0.01, q10: 0.1, q50: 0.5, q90: 0.9, q99: 0.99 } as const;

export type QuantileName = keyof typeof QUANTILES;

/** Statistics of a series of numbers. NaN is counted, and left out of all else; null where there is no number. */
export interface SeriesStatistics extends Record<QuantileName, number | null> {
  /** Numbers that aren't NaN. */
  count: number;
  nan: number;
  mean: number | null;
  /** Standard deviation of these numbers, divided by their count, as numpy does. */
  deviation: number | null;
  min: number | null;
  max: number | null;
  /** Numbers in equal parts of the range from min to max, both included; null where one of the two is not finite. */
  histogram: number[] | null;
}

const BINS = 40;

/** Statistics of a series that is gone through several times: `first` with all values, then `prepare`, `again` with all, and `end`. */
export class SeriesAccumulator {
  private count = 0;
  private nan = 0;
  private mean = 0;
  private squares = 0;
  private min = Number.POSITIVE_INFINITY;
  private max = Number.NEGATIVE_INFINITY;
  private bins: number[] | null = null;
  private isBinned = false;
  readonly search = new RankSearch();

  first(value: number): void {
    if (Number.isNaN(value)) {
      this.nan++;
      return;
    }
    this.count++;
    const off = value - this.mean;
    this.mean += off / this.count;
    this.squares += off * (value - this.mean);
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    this.search.count(value);
  }

  /** Begins the search for the quantiles, after the first pass. */
  prepare(): void {
    this.search.begin(
      this.count === 0 ? [] : [...new Set(Object.values(QUANTILES).flatMap((q) => this.ranksOf(q)))],
    );
    const hasRange = this.count > 0 && Number.isFinite(this.min) && Number.isFinite(this.max);
    if (hasRange) this.bins = new Array<number>(BINS).fill(0);
  }

  again(value: number): void {
    if (Number.isNaN(value)) return;
    this.search.add(value);
    if (this.bins === null || this.isBinned) return;
    // Halves, as the range of large numbers may be too large for a float.
    const share = (value / 2 - this.min / 2) / (this.max / 2 - this.min / 2);
    this.bins[this.max === this.min ? 0 : Math.min(BINS - 1, Math.floor(share * BINS))]++;
  }

  end(): void {
    this.search.end();
    this.isBinned = true;
  }

  result(): SeriesStatistics {
    const { count, nan, mean, min, max, bins } = this;
    const isThere = count > 0;
    const quantiles = Object.entries(QUANTILES).map(([name, q]) => [name, isThere ? this.quantile(q) : null]);
    return {
      count,
      nan,
      mean: isThere ? mean : null,
      deviation: isThere ? Math.sqrt(this.squares / count) : null,
      min: isThere ? min : null,
      max: isThere ? max : null,
      ...(Object.fromEntries(quantiles) as Record<QuantileName, number | null>),
      histogram: bins,
    };
  }

  /** The ranks of the two values that a quantile lies between. */
  private ranksOf(quantile: number): [number, number] {
    const place = quantile * (this.count - 1);
    return [Math.floor(place), Math.ceil(place)];
  }

  /** A quantile by linear interpolation, which is numpy's and pandas' default. */
  private quantile(quantile: number): number {
    const [below, above] = this.ranksOf(quantile);
    const [low, high] = [this.search.value(below), this.search.value(above)];
    const share = quantile * (this.count - 1) - below;
    if (share === 0 || low === high) return low;
    return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
  }
}

import { join } from 'node:path';
import { z } from 'zod';
import { readTextIfThere } from '../../../files/reading.js';
import { checkJson } from '../../checked_json.js';
import { type Column, columnName, isNumbers, rowSize, toFloat32 } from '../../column.js';
import { rowsOf } from '../../column_rows.js';
import { parsePythonJson } from '../../python_json.js';
import type { SurveyedEpisode } from '../../survey.js';
import { figure } from '../../wording.js';
import type { Place } from './features.js';

const STATS = ['mean', 'std', 'min', 'max'] as const;

/** Difference to what is recorded, as a share of the range, that rounding explains. */
const TOLERANCE = 1e-3;

const numbers = z.unknown().transform((value) => [value].flat(Number.POSITIVE_INFINITY).map(Number));
const statsSchema = z.record(
  z.string(),
  z.looseObject({ min: numbers, max: numbers, mean: numbers, std: numbers }),
);

type Stats = z.output<typeof statsSchema>;

export function statsPath(root: string): string {
  return join(root, 'meta', 'stats.json');
}

/** Reads `meta/stats.json`, which some versions lack: null then. Throws a UserError if it is damaged. */
export function readStats(root: string): Stats | null {
  const path = statsPath(root);
  const text = readTextIfThere(path);
  return text === null ? null : checkJson(path, statsSchema, parsePythonJson(path, text));
}

/** Compares the statistics that a dataset brings along with those of its data, column by column. */
export class StatsCheck {
  private readonly moments = new Map<string, Moments>();

  private constructor(
    private readonly path: string,
    private readonly stats: Stats,
    private readonly places: ReadonlyMap<string, Place>,
  ) {}

  /** A check of the statistics there; null if there are none. */
  static open(root: string, places: ReadonlyMap<string, Place>): StatsCheck | null {
    const stats = readStats(root);
    return stats && new StatsCheck(statsPath(root), stats, places);
  }

  add({ columns, length }: SurveyedEpisode): void {
    for (const feature of Object.keys(this.stats)) {
      const place = this.places.get(feature);
      const name = place && (place.part === 'extras' ? place.path : columnName(place.part, place.path));
      const column = columns.get(name ?? feature) as Column | undefined;
      // Statistics of pictures are of a sample of them, in 0 to 1.
      if (!column || !('data' in column) || !isNumbers(column) || column.shape.length > 3) continue;
      const moments = this.moments.get(feature) ?? new Moments(rowSize(column));
      this.moments.set(feature, moments);
      // What is after the last step is no frame.
      moments.add(toFloat32(rowsOf(column, 0, length ?? column.shape[0])));
    }
  }

  /** Contradictions, in a sentence for each feature that has some. */
  problems(): string[] {
    return [...this.moments].flatMap(([feature, moments]) => {
      const found = moments.result();
      const contradictions = STATS.flatMap((stat) => {
        const said = this.stats[feature][stat];
        const range = (i: number) => Math.max(1e-6, found.max[i] - found.min[i]);
        const at = found[stat].findIndex((value, i) => !(Math.abs(value - said[i]) <= TOLERANCE * range(i)));
        if (at < 0 || said.length !== found[stat].length) return [];
        const number = said.length > 1 ? `number ${at} of ` : '';
        return [
          `${this.path} says that the ${stat} of ${number}${feature} is ${figure(said[at])}; in the data it is ` +
            figure(found[stat][at]),
        ];
      });
      return contradictions.slice(0, 1);
    });
  }
}

/** Minimum, maximum, mean and population deviation of each number of a row, as rows come. */
class Moments {
  private rows = 0;
  private readonly min: number[];
  private readonly max: number[];
  private readonly mean: number[];
  private readonly squares: number[];

  constructor(private readonly width: number) {
    this.min = new Array<number>(width).fill(Number.POSITIVE_INFINITY);
    this.max = new Array<number>(width).fill(Number.NEGATIVE_INFINITY);
    this.mean = new Array<number>(width).fill(0);
    this.squares = new Array<number>(width).fill(0);
  }

  /** Takes rows one after another, by Welford's recurrence. */
  add(data: Float32Array): void {
    for (let at = 0; at + this.width <= data.length; at += this.width) {
      this.rows++;
      for (let i = 0; i < this.width; i++) {
        const value = data[at + i];
        const difference = value - this.mean[i];
        this.min[i] = Math.min(this.min[i], value);
        this.max[i] = Math.max(this.max[i], value);
        this.mean[i] += difference / this.rows;
        this.squares[i] += difference * (value - this.mean[i]);
      }
    }
  }

  result(): Record<(typeof STATS)[number], number[]> {
    const { min, max, mean, squares, rows } = this;
    return { min, max, mean, std: squares.map((sum) => Math.sqrt(sum / rows)) };
  }
}

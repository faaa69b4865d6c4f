import { Command } from 'commander';
import { printResult } from '../console.js';
import { consoleTable } from '../console_table.js';
import { consoleWidth } from '../console_text.js';
import { formatsText, openDataset } from '../datasets/registry.js';
import { type DatasetStatistics, datasetStatistics } from '../datasets/statistics/dataset_statistics.js';
import { drawStatistics, seriesOf } from '../datasets/statistics/draw_statistics.js';
import type { SeriesStatistics } from '../datasets/statistics/series_statistics.js';
import { UserError } from '../errors.js';
import { checkWritable } from '../files/folders.js';
import { fileExists } from '../files/reading.js';
import { path, picturePath } from './arguments.js';
import { counted } from './data_description.js';
import { withReadingProgress } from './reading_progress.js';

interface Flags {
  plot?: string;
  json: boolean;
}

/** The command `rlpd data stats <path>`. */
export function dataStatsCommand(): Command {
  return new Command('stats')
    .description(
      'exact quantiles, mean, deviation and range of each number of observations and actions, of rewards, returns and lengths',
    )
    .argument('<path>', `a dataset: ${formatsText()}`, path)
    .option('--plot <file>', 'draw histograms: a .svg or .png file, where none may be', picturePath)
    .option('--json', 'print all of it as JSON, with histograms', false)
    .action(async (input: string, { plot, json }: Flags) => {
      if (plot !== undefined) {
        if (await fileExists(plot)) throw new UserError(`${plot} exists already; nothing is written over`);
        checkWritable(plot);
      }
      await withReadingProgress(async (options) => {
        const dataset = await openDataset(input);
        try {
          const statistics = await datasetStatistics(dataset, options);
          const drawn = plot === undefined ? [] : [await draw(statistics, plot)];
          await printResult(json ? jsonText(statistics) : [tablesText(statistics), ...drawn].join('\n'));
        } finally {
          dataset.close();
        }
      });
    });
}

const NARROW = ['mean', 'deviation', 'min', 'q10', 'q50', 'q90', 'max'] as const;
const WIDE = ['mean', 'deviation', 'min', 'q01', 'q10', 'q50', 'q90', 'q99', 'max'] as const;
/** The width of a line in which all quantiles have room. */
const WIDE_LINE = 120;

function tablesText(statistics: DatasetStatistics): string {
  const { path: name, episodes, steps, columns, returns, lengths, notes } = statistics;
  const isWide = consoleWidth() >= WIDE_LINE;
  const alone: [string, SeriesStatistics][] = [];
  const tables: string[] = [];
  for (const [column, { dtype, shape, by, series }] of columns) {
    if (series.length === 1) alone.push([column, series[0]]);
    else {
      const title = `${column}  ${dtype} [${shape.join(', ')}]${by === 'channels' ? ', by channels' : ''}`;
      const rows = series.map((one, i): [string, SeriesStatistics] => [String(i), one]);
      tables.push(title, tableOf(rows, isWide));
    }
  }
  if (returns) alone.push(['returns', returns]);
  tables.push(tableOf([...alone, ['lengths', lengths]], isWide));
  const nan = seriesOf(statistics).filter(([, series]) => series.nan > 0);
  return [
    `${name}: ${counted(episodes, 'episode')}, ${counted(steps, 'step')}`,
    ...tables,
    ...nan.map(([series, { nan: count }]) => `note: NaN in ${series}, left out: ${count}`),
    ...notes.map((note) => `note: ${note}`),
    ...(isWide ? [] : [`q01 and q99 are shown in ${WIDE_LINE} columns, and by --json`]),
  ].join('\n');
}

function tableOf(rows: readonly (readonly [string, SeriesStatistics])[], isWide: boolean): string {
  const columns = isWide ? WIDE : NARROW;
  return consoleTable({
    head: ['', ...columns.map((column) => (column === 'deviation' ? 'dev.' : column))],
    rows: rows.map(([name, values]) => [name, ...columns.map((column) => shortNumber(values[column]))]),
  });
}

function shortNumber(value: number | null): string {
  if (value === null) return '-';
  const size = Math.abs(value);
  if (value === 0 || !Number.isFinite(value) || (Number.isInteger(value) && size < 1e5)) return String(value);
  return size >= 1e5 || size < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

function jsonText({ columns, ...others }: DatasetStatistics): string {
  // JSON has no infinite numbers.
  const written = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  return JSON.stringify({ ...others, columns: Object.fromEntries(columns) }, written, 2);
}

async function draw(statistics: DatasetStatistics, file: string): Promise<string> {
  const { drawn, left } = await drawStatistics(statistics, file);
  return `${file}: ${counted(drawn, 'histogram')}${left > 0 ? `; ${left} more are not drawn` : ''}`;
}

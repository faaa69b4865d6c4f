import { rowText } from '../column.js';
import type { DatasetInfo } from '../info.js';
import type { DatasetStatistics } from '../statistics/dataset_statistics.js';
import type { SeriesStatistics } from '../statistics/series_statistics.js';
import { figure } from '../wording.js';

/** Facts about a dataset that only its maker knows, for its card. */
export interface CardFacts {
  title: string;
  /** A sentence or more on what it is; null: none. */
  description: string | null;
  /** The licence, such as `cc-by-4.0`, as Hugging Face names them. */
  licence: string;
  /** The commands by which it was made; null: not told. */
  made: string | null;
}

/** Columns that are listed at most. */
const MAX_COLUMNS = 100;

/** The text of a card: a README in Markdown, with the header that Hugging Face reads. `picture` is the name of a file with histograms. */
export function cardText(
  info: DatasetInfo,
  statistics: DatasetStatistics,
  { title, description, licence, made }: CardFacts,
  picture: string,
): string {
  return `${[
    header(info, licence),
    `# ${title}`,
    ...(description === null ? [] : [description]),
    table(['', ''], factRows(info, licence)),
    '## Episodes',
    table(['', ...HEADS], outcomeRows(statistics)),
    successText(info),
    '## Columns',
    table(['column', 'type', ...HEADS], columnRows(statistics)),
    `![Histograms of all columns](${picture})`,
    ...(made === null ? [] : ['## How it was made', `\`\`\`sh\n${made}\n\`\`\``]),
    ...(info.notes.length > 0 ? ['## Notes', info.notes.map((note) => `- ${note}`).join('\n')] : []),
  ].join('\n\n')}\n`;
}

/** The header by which Hugging Face sorts and shows datasets. */
function header({ format }: DatasetInfo, licence: string): string {
  const isLeRobot = format === 'LeRobot';
  const tags = [...(isLeRobot ? ['LeRobot'] : []), 'robotics', 'reinforcement-learning', 'rlpd'];
  return [
    '---',
    `license: ${licence}`,
    'task_categories:',
    '- robotics',
    'tags:',
    ...tags.map((tag) => `- ${tag}`),
    ...(isLeRobot ? ['configs:', '- config_name: default', '  data_files: data/*/*.parquet'] : []),
    '---',
  ].join('\n');
}

function factRows({ format, facts, episodes, steps, files }: DatasetInfo, licence: string): string[][] {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return [
    ['format', format],
    ...facts.map(([name, text]) => [name, text]),
    ['episodes', String(episodes)],
    ['steps', String(steps)],
    ['size', `${(bytes / 1e6).toFixed(1)} MB`],
    ['licence', licence],
  ];
}

const HEADS = ['mean', 'deviation', 'min', 'median', 'max'] as const;

function numbersOf({ mean, deviation, min, q50, max }: SeriesStatistics): string[] {
  return [mean, deviation, min, q50, max].map((value) => (value === null ? '–' : figure(value)));
}

function outcomeRows({ returns, lengths }: DatasetStatistics): string[][] {
  return [['length', ...numbersOf(lengths)], ...(returns ? [['return', ...numbersOf(returns)]] : [])];
}

function successText({ success, ends }: DatasetInfo): string {
  const known =
    success.known === 0
      ? 'Success is not recorded.'
      : `Of ${success.known} episodes, ${success.once} succeed at some step and ${success.atEnd} at their end.`;
  return `${known} ${ends.terminated} terminated, ${ends.truncated} were cut off, ${ends.open} are open.`;
}

function columnRows({ columns }: DatasetStatistics): string[][] {
  const rows = [...columns].flatMap(([name, { dtype, shape, by, series }]) =>
    series.map((one, i) => {
      const part = series.length === 1 ? '' : `${by === 'channels' ? ', channel' : ','} ${i}`;
      return [`${name}${part}`, i === 0 ? rowText({ dtype, shape: [0, ...shape] }) : '', ...numbersOf(one)];
    }),
  );
  const more = rows.length - MAX_COLUMNS;
  if (more <= 0) return rows;
  return [
    ...rows.slice(0, MAX_COLUMNS),
    [`and ${more} more`, ...new Array<string>(HEADS.length + 1).fill('')],
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

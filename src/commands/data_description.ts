import { commandText } from '../command_text.js';
import { consoleWidth, wrapText } from '../console_text.js';
import { rowText } from '../datasets/column.js';
import type { ColumnRange } from '../datasets/column_range.js';
import type { DatasetInfo } from '../datasets/info.js';
import type { SurveyedColumn } from '../datasets/survey.js';
import { problemsOf } from '../datasets/verification.js';
import { figure } from '../datasets/wording.js';
import { median } from '../median.js';

type Row = [name: string, value: string];

/** The column in which values begin. */
const INDENT = 16;

/** The text that `data info` prints: a line for each fact. */
export function describeDataset(info: DatasetInfo): string {
  const { episodes, steps } = info;
  const rows: Row[] = [
    ['format', info.format],
    ...fileRows(info),
    ...info.facts.map(([name, text]): Row => [name, text]),
    ['episodes', `${episodes}, ${counted(steps, 'step')}`],
    ...outcomeRows(info),
    ...columnRows(info),
    ...actionRows(info),
  ];
  return [info.path, ...rows.flatMap(factLines), ...remarks(info).map(factLine)].join('\n');
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Rows that may end in a command to copy. */
function remarks(info: DatasetInfo): Row[] {
  const rows = info.notes.map((note): Row => ['note', note]);
  const problems = problemsOf(info).length;
  if (problems === 0) return rows;
  return [['problems', `${problems}, listed by: ${commandText('data', 'verify', info.path)}`], ...rows];
}

/** The hashes of so many files are more than anyone compares by eye. */
const MAX_HASHES = 3;

/** The first file is the one with the data. */
function fileRows({ files }: DatasetInfo): Row[] {
  if (files.length > MAX_HASHES) {
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return [
      ['files', String(files.length)],
      ['size', `${bytes.toLocaleString('en-US')} bytes`],
    ];
  }
  return files.flatMap(({ name, bytes, sha256 }, i): Row[] =>
    i > 0
      ? [[`${name} sha256`, sha256]]
      : [
          ['size', `${bytes.toLocaleString('en-US')} bytes`],
          ['sha256', sha256],
        ],
  );
}

/** Lengths, ends and returns of the episodes. */
function outcomeRows({ episodes, lengths, returns, ends, success }: DatasetInfo): Row[] {
  if (lengths.length === 0) return [];
  const share = (count: number) => `${count} (${((100 * count) / success.known).toFixed(1)} %)`;
  const known = success.known === episodes ? '' : `, known of ${success.known} of ${episodes} episodes`;
  const rows: Row[] = [
    ['lengths', spread(lengths)],
    ['ends', `terminated ${ends.terminated}, truncated ${ends.truncated}, open ${ends.open}`],
    [
      'success',
      success.known > 0
        ? `once ${share(success.once)}, at end ${share(success.atEnd)}${known}`
        : 'not recorded',
    ],
  ];
  if (returns.length > 0) rows.push(['returns', spread(returns)]);
  return rows;
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, middle, max] = [sorted[0], median(sorted), sorted.at(-1)!].map(figure);
  return `min ${min}, median ${middle}, max ${max}`;
}

/** A row for each part of an episode, with its arrays: `env_states  actors/cube float32 [13], …`. */
function columnRows({ columns, episodes }: DatasetInfo): Row[] {
  const parts = new Map<string, string[]>();
  for (const [name, column] of columns) {
    const [part, ...rest] = name.split('/');
    parts.set(part, [...(parts.get(part) ?? []), columnText(rest.join('/'), column, episodes)]);
  }
  return [...parts].map(([part, texts]) => [part, texts.join(', ')]);
}

function columnText(path: string, { type, range, episodes }: SurveyedColumn, all: number): string {
  // A picture has more numbers than a call can have arguments.
  const lowest = range?.min.reduce((low, value) => Math.min(low, value));
  const highest = range?.max.reduce((high, value) => Math.max(high, value));
  const span =
    lowest === undefined || highest === undefined ? '' : ` from ${figure(lowest)} to ${figure(highest)}`;
  const presence = episodes === all ? '' : ` in ${episodes} of ${all} episodes`;
  return `${path} ${rowText(type)}${span}${presence}`.trim();
}

/** The range of each number of an action that is a vector. */
function actionRows({ columns }: DatasetInfo): Row[] {
  const range: ColumnRange | null = columns.get('actions')?.range ?? null;
  if (range === null) return [];
  return Array.from(range.min, (low, i) => [
    `action ${i}`,
    `${low.toFixed(4)} to ${range.max[i].toFixed(4)}`,
  ]);
}

/** `  name          value`, and where that is too long, the rest of the value below its beginning. */
function factLines([name, value]: Row): string[] {
  const lines = wrapText(value, consoleWidth() - INDENT);
  return lines.map((line, i) => factLine([i === 0 ? name : '', line]));
}

function factLine([name, value]: Row): string {
  const head = `  ${name}`;
  return (head.length < INDENT ? head.padEnd(INDENT) : `${head}  `) + value;
}

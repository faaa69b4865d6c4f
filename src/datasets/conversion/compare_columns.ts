import { type Column, type Columns, isNumbers, type NumberColumn, rowText } from '../column.js';
import { joinedColumn } from '../joined_columns.js';
import type { Fate, Finding } from './account.js';

/** Findings about the columns of a part that some formats keep as one array, and some under names. */
export function comparePart(part: string, before: Columns, after: Columns): Finding[] {
  const joined = joinedTo(before, after);
  if (joined) {
    const names = [...before].map(([path, column]) => `${path} ${rowText(column)}`).join(', ');
    return [
      ...compareColumn(part, '', joinedColumn('', part, before), joined),
      { part: `names of ${part}`, fate: 'lost', how: `${names} became one array` },
    ];
  }
  const renamed = renamedAlone(before, after);
  if (renamed) return compareColumn(part, renamed.name, renamed.before, renamed.after);
  return compareNamed(part, before, after);
}

/** Findings about columns by their names. `nameOf` makes names of different formats alike. */
export function compareNamed(
  part: string,
  before: Columns,
  after: Columns,
  nameOf: (path: string) => string = (path) => path,
): Finding[] {
  const [old, now] = [before, after].map(
    (columns) => new Map([...columns].map(([path, column]) => [nameOf(path), column])),
  );
  const finding = (fate: Fate, name: string): Finding => ({ part, fate, ...(name && { name }) });
  return [
    ...[...old].flatMap(([name, column]) => {
      const kept = now.get(name);
      return kept ? compareColumn(part, name, column, kept) : [finding('lost', name)];
    }),
    ...[...now.keys()].filter((name) => !old.has(name)).map((name) => finding('added', name)),
  ];
}

/** The one array that several columns became; null if they didn't. */
function joinedTo(before: Columns, after: Columns): NumberColumn | null {
  const [[path, column] = ['', null]] = after;
  if (before.size < 2 || after.size !== 1 || before.has(path)) return null;
  return column && isNumbers(column) ? column : null;
}

/** The one column of a part that has another name now, or has lost or got one. */
function renamedAlone(
  before: Columns,
  after: Columns,
): { name: string; before: Column; after: Column } | null {
  if (before.size !== 1 || after.size !== 1) return null;
  const [[old, column]] = before;
  const [[name, now]] = after;
  return old === name
    ? null
    : { name: `${old || 'one array'}, now ${name || 'one array'}`, before: column, after: now };
}

function compareColumn(part: string, name: string, before: Column, after: Column): Finding[] {
  const named = name === '' ? {} : { name };
  const [typeBefore, typeAfter] = [rowText(before), rowText(after)];
  const types = typeBefore === typeAfter ? {} : { how: `${typeBefore} became ${typeAfter}` };
  const [rowsBefore, rowsAfter] = [before.shape[0], after.shape[0]];
  if (rowsAfter < rowsBefore) {
    return [
      { part, fate: 'kept', ...named, ...types },
      { part: `last row of ${part}`, fate: 'lost', ...named },
    ];
  }
  if (hasSameValues(before, after)) return [{ part, fate: 'kept', ...named, ...types }];
  return [{ part: `precision of ${part}`, fate: 'lost', ...named, ...types }];
}

function hasSameValues(before: Column, after: Column): boolean {
  if (before.data === after.data) return true;
  if (before.data.length !== after.data.length) return false;
  if (!isNumbers(before) || !isNumbers(after)) {
    return [...before.data].every((row, i) => String(row) === String(after.data[i]));
  }
  for (let i = 0; i < before.data.length; i++) {
    const [a, b] = [before.data[i], after.data[i]];
    // biome-ignore lint/suspicious/noDoubleEquals: numbers and bigints of the same value are the same
    if (a != b && !(Number.isNaN(a) && Number.isNaN(b))) return false;
  }
  return true;
}

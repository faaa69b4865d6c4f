import { nearestWord } from '../../../envs/nearest_word.js';
import { UserError } from '../../errors.js';
import {
  type Column,
  type Columns,
  columnName,
  isNumbers,
  type NumberColumn,
  newNumbers,
} from '../column.js';
import { type Dataset, type DeclaredColumn, inOrder } from '../dataset.js';

/**
 * New names of columns, in their order, each with what it is made of: a column by its path within the part, or some of its numbers,
 * `state[0:7]`, the second one not included.
 */
export type ColumnChoice = Readonly<Record<string, string>>;

/** The columns that episodes are to have; a part that is left out stays as it is. */
export interface ChosenColumns {
  observations?: ColumnChoice;
  actions?: ColumnChoice;
}

/**
 * A dataset with these columns alone, by their new names and in this order; closing it closes the other. Its episodes throw a UserError
 * that names a column, or numbers of it, that are not there.
 */
export function chosenColumns(dataset: Dataset, choice: ChosenColumns): Dataset {
  const { head } = dataset;
  const observations = choice.observations && sourcesOf(choice.observations);
  const actions = choice.actions && sourcesOf(choice.actions);
  const columnsOf = (id: string, part: string, columns: Columns, sources: Sources | undefined): Columns =>
    sources ? chosenOf(`${head.path}: ${id}`, part, columns, sources) : columns;
  const unused = observations && unusedColumns(head.declared, observations);
  const chosen: Dataset = {
    head: { ...head, declared: declaredOf(head.declared, { observations, actions }) },
    async episode(index) {
      const episode = await dataset.episode(index, unused);
      const { id, intendedActions } = episode;
      return {
        ...episode,
        observations: columnsOf(id, 'observations', episode.observations, observations),
        actions: columnsOf(id, 'actions', episode.actions, actions),
        ...(intendedActions && { intendedActions: columnsOf(id, 'actions', intendedActions, actions) }),
      };
    },
    outcome: (index) => dataset.outcome(index),
    episodes: () => inOrder(chosen),
    learningRules(rewardMode) {
      const { unseen, ...rules } = dataset.learningRules(rewardMode);
      return observations || !unseen ? rules : { ...rules, unseen };
    },
    close: () => dataset.close(),
  };
  return chosen;
}

/** The origin of a column: a path, and a range of the numbers of a row, null for all. */
interface Source {
  path: string;
  range: readonly [from: number, to: number] | null;
}

type Sources = readonly (readonly [name: string, source: Source])[];

function sourcesOf(choice: ColumnChoice): Sources {
  return Object.entries(choice).map(([name, text]) => {
    const [, path, from, to] = /^(.*?)(?:\[(\d+):(\d+)\])?$/s.exec(text)!;
    return [name, { path, range: from === undefined ? null : [Number(from), Number(to)] }];
  });
}

function chosenOf(place: string, part: string, columns: Columns, sources: Sources): Columns {
  return new Map(
    sources.map(([name, { path, range }]) => {
      const column = columns.get(path);
      if (column)
        return [name, range ? numbersOf(`${place}/${columnName(part, path)}`, column, range) : column];
      const near = nearestWord(path, [...columns.keys()]);
      const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
      const found = [...columns.keys()].map((key) => `"${key}"`).join(', ');
      throw new UserError(`${place} has no "${path}" in its ${part}, which are ${found}.${hint}`);
    }),
  );
}

/** A range of the numbers of each row. */
function numbersOf(place: string, column: Column, [from, to]: readonly [number, number]): NumberColumn {
  const [rows, width = 1] = column.shape;
  if (!isNumbers(column) || column.shape.length > 2)
    throw new UserError(`${place} holds no rows of numbers to choose from`);
  if (from >= to || to > width) {
    throw new UserError(`${place} has ${width} numbers in a row; [${from}:${to}] are not some of them`);
  }
  const size = to - from;
  const data = newNumbers(column.dtype, rows * size) as Float64Array;
  for (let row = 0; row < rows; row++) {
    // Both are arrays of the column's type, which TypeScript can't tell.
    data.set((column.data as Float64Array).subarray(row * width + from, row * width + to), row * size);
  }
  return { dtype: column.dtype, shape: [rows, size], data };
}

function declaredOf(
  declared: ReadonlyMap<string, DeclaredColumn>,
  parts: Readonly<Record<'observations' | 'actions', Sources | undefined>>,
): Map<string, DeclaredColumn> {
  const isOf = (part: string, name: string) => name === part || name.startsWith(`${part}/`);
  const chosen = (['observations', 'actions'] as const).flatMap((part) => {
    const sources = parts[part];
    if (!sources) return [...declared].filter(([name]) => isOf(part, name));
    return sources.flatMap(([name, { path, range }]): [string, DeclaredColumn][] => {
      const column = declared.get(columnName(part, path));
      return column ? [[columnName(part, name), range ? declaredRange(column, range) : column]] : [];
    });
  });
  return new Map(chosen);
}

function declaredRange(
  { dtype, bounds }: DeclaredColumn,
  [from, to]: readonly [number, number],
): DeclaredColumn {
  return {
    dtype,
    shape: [to - from],
    bounds: bounds && { low: bounds.low.slice(from, to), high: bounds.high.slice(from, to) },
  };
}

/** Observations that nothing is made of, which need not be read. */
function unusedColumns(declared: ReadonlyMap<string, DeclaredColumn>, sources: Sources): Set<string> {
  const used = new Set(sources.map(([, { path }]) => columnName('observations', path)));
  return new Set([...declared.keys()].filter((name) => name.startsWith('observations/') && !used.has(name)));
}

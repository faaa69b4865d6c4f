import { unusableValues, wrongRows, wrongShape } from './array_checks.js';
import { type Column, type Columns, columnName, isNumbers, rowSize, toFloat32, withNames } from './column.js';
import type { DatasetHead, LearningRules } from './dataset.js';
import type { Episode } from './episode.js';

/** Rows of the columns of an episode that are learnt from, such as `[3]`, by their full names. */
type Layout = ReadonlyMap<string, string>;

/** Checks of a dataset's episodes, one after another: by the contract, by its metadata, and by the first of them. */
export class EpisodeChecks {
  private layout: Layout | null = null;

  constructor(
    private readonly head: Pick<DatasetHead, 'declared'>,
    private readonly rules: Pick<LearningRules, 'terminationEnds' | 'unseen'>,
  ) {}

  /** Faults of an episode. Each sentence names the episode and the column. */
  problemsOf(episode: Episode): string[] {
    const { id, length, hasFinalObservation, observations, actions, intendedActions, rewards } = episode;
    const layout = layoutOf(episode);
    this.layout ??= layout;
    return [
      ...rowProblems(id, 'observations', observations, hasFinalObservation ? length + 1 : length),
      ...rowProblems(id, 'actions', actions, length),
      ...(intendedActions ? intentionProblems(id, intendedActions, actions, length) : []),
      ...(rewards ? rowProblems(id, 'rewards', new Map([['', rewards]]), length) : []),
      ...(rewards && rowSize(rewards) !== 1 ? [`${id}/rewards ${wrongShape(rewards.shape, [length])}`] : []),
      ...flagProblems(episode),
      ...(this.rules.terminationEnds ? earlyEnds(episode) : []),
      ...declarationProblems(this.head, id, layout, this.rules.unseen),
      ...differences(id, layout, this.layout),
    ];
  }
}

function layoutOf({ observations, actions }: Episode): Layout {
  const columns = [...withNames('observations', observations), ...withNames('actions', actions)];
  return new Map(columns.map(([name, column]) => [name, row(column)]));
}

function row({ shape }: Column): string {
  return `[${shape.slice(1).join(', ')}]`;
}

/** Differences between an episode's columns and those that its dataset declares. */
function declarationProblems(
  { declared }: Pick<DatasetHead, 'declared'>,
  id: string,
  layout: Layout,
  unseen: ReadonlySet<string> = new Set(),
): string[] {
  return [...declared].flatMap(([name, { shape }]) => {
    const found = layout.get(name);
    if (found === undefined && unseen.has(name)) return [];
    if (found === undefined) {
      return [`${id} has no ${name}, which the metadata declare; it has ${[...layout.keys()].join(', ')}`];
    }
    const expected = `[${shape.join(', ')}]`;
    return found === expected ? [] : [`${id}/${name} has rows of ${found}; the metadata say ${expected}`];
  });
}

/** Differences between an episode's columns and those of the first episode. */
function differences(id: string, layout: Layout, first: Layout): string[] {
  const lacking = [...first.keys()].filter((name) => !layout.has(name));
  return [
    ...lacking.map((name) => `${id} has no ${name}, as the episodes before have`),
    ...[...layout].flatMap(([name, found]) => {
      const before = first.get(name);
      if (before === undefined) return [`${id} has ${name}, which the episodes before lack`];
      return found === before ? [] : [`${id}/${name} has rows of ${found}; in the episodes before ${before}`];
    }),
  ];
}

/** Faults of intended actions, which have to be laid out as the actions are. */
function intentionProblems(id: string, intended: Columns, actions: Columns, length: number): string[] {
  const unlike = [...actions].filter(([key, { shape }]) => intended.get(key)?.shape.join() !== shape.join());
  return [
    ...rowProblems(id, 'intendedActions', intended, length),
    ...unlike.map(([key]) => `${id}/${columnName('actions', key)} has no intended action of its shape`),
  ];
}

function rowProblems(id: string, part: string, columns: Columns, rows: number): string[] {
  if (columns.size === 0) return [`${id} has no ${part}`];
  return withNames(part, columns).flatMap(([name, column]) => {
    const values = valueProblem(column);
    const problem = wrongRows(column.shape, rows, 'steps') ?? (values && `${values}; drop that episode`);
    return problem === null ? [] : [`${id}/${name} ${problem}`];
  });
}

/** Problem of a column's values, in the precision that they were recorded in; integers of up to 32 bits have none. */
function valueProblem(column: Column): string | null {
  if (!isNumbers(column)) return null;
  const { data } = column;
  if (data instanceof Float64Array) return unusableValues(data, rowSize(column));
  const mayBeHuge =
    data instanceof Float32Array || data instanceof BigInt64Array || data instanceof BigUint64Array;
  return mayBeHuge ? unusableValues(toFloat32(column), rowSize(column)) : null;
}

function flagProblems(episode: Episode): string[] {
  const { id, length } = episode;
  return (['terminated', 'truncated', 'success'] as const).flatMap((flag) => {
    const values = episode[flag];
    if (!values || values.length === length) return [];
    return [`${id}/${flag} ${wrongRows([values.length], length, 'steps')}`];
  });
}

/** Ends before the last step, behind which another episode begins: no transition may lead from one to the other. */
function earlyEnds(episode: Episode): string[] {
  const { id, length } = episode;
  return (['terminated', 'truncated'] as const).flatMap((flag) => {
    const step = episode[flag].indexOf(1);
    if (step < 0 || step >= length - 1) return [];
    return [`${id}/${flag} says that it ended at step ${step} of ${length}, but it goes on: split it there`];
  });
}

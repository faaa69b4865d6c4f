import { unusableValues, wrongRows, wrongShape } from './array_checks.js';
import { type Columns, isNumbers, rowSize, toFloat32, withNames } from './column.js';
import type { DatasetHead } from './dataset.js';
import type { Episode } from './episode.js';

/** Faults of an episode, by the contract and by what its dataset declares. Each sentence names the episode and the column. */
export function episodeProblems(head: DatasetHead, episode: Episode): string[] {
  const { id, length, observations, actions, rewards } = episode;
  return [
    ...rowProblems(id, 'observations', observations, length + 1),
    ...rowProblems(id, 'actions', actions, length),
    ...(rewards ? rowProblems(id, 'rewards', new Map([['', rewards]]), length) : []),
    ...(rewards && rowSize(rewards) !== 1 ? [`${id}/rewards ${wrongShape(rewards.shape, [length])}`] : []),
    ...(['terminated', 'truncated', 'success'] as const).flatMap((flag) => {
      const values = episode[flag];
      if (!values || values.length === length) return [];
      return [`${id}/${flag} ${wrongRows([values.length], length)}`];
    }),
    ...declarationProblems(head, episode),
  ];
}

/** Differences between an episode's columns and those that its dataset declares. */
function declarationProblems({ declared }: DatasetHead, { id, observations, actions }: Episode): string[] {
  const found = new Map([...withNames('observations', observations), ...withNames('actions', actions)]);
  return [...declared].flatMap(([name, { shape }]) => {
    const column = found.get(name);
    if (!column)
      return [`${id} has no ${name}, which the metadata declare; it has ${[...found.keys()].join(', ')}`];
    const row = column.shape.slice(1).join(', ');
    if (row === shape.join(', ')) return [];
    return [`${id}/${name} has rows of [${row}]; the metadata say [${shape.join(', ')}]`];
  });
}

function rowProblems(id: string, part: string, columns: Columns, rows: number): string[] {
  if (columns.size === 0) return [`${id} has no ${part}`];
  return withNames(part, columns).flatMap(([name, column]) => {
    const values = isNumbers(column) ? unusableValues(toFloat32(column), rowSize(column)) : null;
    const problem = wrongRows(column.shape, rows) ?? (values && `${values}; drop that episode`);
    return problem === null ? [] : [`${id}/${name} ${problem}`];
  });
}

import { type Column, withNames } from './column.js';
import type { Episode } from './episode.js';

/** Contents of a column that no learner here can take, in words; null if one can. */
export function unlearnable(part: 'observations' | 'actions', { dtype, shape }: Column): string | null {
  if (dtype === 'string' || dtype === 'bytes') return 'texts or bytes, which no network here sees yet';
  if (part === 'observations') {
    return dtype === 'uint8' && shape.length > 2 ? 'pictures, which no network here sees yet' : null;
  }
  if (dtype === 'float32' || dtype === 'float64') return null;
  return 'discrete actions, and a policy here acts by continuous ones (float32, float64)';
}

/**
 * All columns of an episode that can't be learnt from, in sentences. Those that are `unseen` are no hindrance beside other
 * observations.
 */
export function unlearnableColumns(episode: Episode, unseen: ReadonlySet<string> = new Set()): string[] {
  const isAll = withNames('observations', episode.observations).every(([name]) => unseen.has(name));
  return (['observations', 'actions'] as const).flatMap((part) =>
    withNames(part, episode[part]).flatMap(([name, column]) => {
      if (unseen.has(name) && !isAll) return [];
      const problem = unlearnable(part, column);
      return problem === null ? [] : [`${name} holds ${problem}`];
    }),
  );
}

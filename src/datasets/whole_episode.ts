import { wrongRows } from './array_checks.js';
import { type Columns, rowSize, withNames } from './column.js';
import type { Episode } from './episode.js';
import { type Metadata, NO_METADATA } from './metadata.js';

/** An episode with everything that was recorded of it in memory: what a writer takes. */
export interface WholeEpisode extends Omit<Episode, 'extras' | 'metadata'> {
  extras: Columns;
  metadata: Metadata;
}

/** Reads what an episode reads only when asked for. */
export async function wholeEpisode({ extras, metadata, ...episode }: Episode): Promise<WholeEpisode> {
  return { ...episode, extras: await extras(), metadata: metadata ?? NO_METADATA };
}

/** The first fault of an episode that no file may have: a column with too many rows or too few. Null if there is none. */
export function rowFault(episode: WholeEpisode): string | null {
  const { id, length, hasFinalObservation, observations, actions, intendedActions, rewards } = episode;
  const columns = [
    ...withNames('observations', observations).map(
      (named) => [...named, hasFinalObservation ? 1 : 0] as const,
    ),
    ...withNames('actions', actions).map((named) => [...named, 0] as const),
    ...withNames('intended actions', intendedActions ?? new Map()).map((named) => [...named, 0] as const),
    ...(rewards ? [['rewards', rewards, 0] as const] : []),
  ];
  for (const [name, column, more] of columns) {
    const problem = wrongRows(column.shape, length + more, 'steps');
    if (problem !== null) return `${id}/${name} ${problem}`;
  }
  if (rewards && rowSize(rewards) !== 1) return `${id}/rewards has shape [${rewards.shape.join(', ')}]`;
  const flags = [episode.terminated, episode.truncated, episode.success ?? episode.terminated];
  return flags.some((values) => values.length !== length) ? `${id} has flags of another length` : null;
}

import type { ActionBounds } from '../action_range.js';
import type { DatasetHead } from '../dataset.js';
import { NO_METADATA } from '../metadata.js';
import type { Finding } from './account.js';
import { compareMetadata } from './compare_episodes.js';

/** Findings about a dataset as a whole: its environment, the bounds that are declared, its metadata. */
export function compareHeads(before: DatasetHead, after: DatasetHead): Finding[] {
  const bounds = [...before.declared].flatMap(([name, { bounds: old }]): Finding[] => {
    if (!old || !isBounded(old)) return [];
    const now = after.declared.get(name)?.bounds;
    const isKept = String([now?.low, now?.high]) === String([old.low, old.high]);
    return [{ part: 'bounds', fate: isKept ? 'kept' : 'lost', name }];
  });
  const isNamed = before.envId !== null;
  return [
    ...(isNamed
      ? [{ part: 'environment', fate: before.envId === after.envId ? 'kept' : 'lost' } as const]
      : []),
    ...bounds,
    ...compareMetadata('metadata', before.metadata ?? NO_METADATA, after.metadata ?? NO_METADATA),
  ];
}

function isBounded({ low, high }: ActionBounds): boolean {
  return [...low, ...high].some(Number.isFinite);
}

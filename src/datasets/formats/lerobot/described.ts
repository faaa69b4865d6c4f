import type { DatasetHead } from '../../dataset.js';
import { type MetadataValue, metadataValue } from '../../metadata.js';
import { kindOf, numberNames } from './features.js';
import type { LeRobotInfo } from './info.js';
import type { EpisodeIndex } from './placed_episode.js';

/** Facts for people, of what `meta` says. */
export function factsOf(info: LeRobotInfo, { tasks }: EpisodeIndex): DatasetHead['facts'] {
  const names = Object.entries(info.features).flatMap(([name, feature]): [string, string][] => {
    const numbers = kindOf(feature) === 'numbers' ? numberNames(feature) : null;
    return numbers === null ? [] : [['names', `${name}: ${numbers}`]];
  });
  return [
    ['lerobot', info.codebase_version],
    ['robot', info.robot_type || 'unknown'],
    ['fps', String(info.fps)],
    ['tasks', [...tasks.values()].join(' | ') || 'none'],
    ...names,
  ];
}

/** Metadata of a dataset as a whole, which other formats can keep. */
export function metadataOf({ fps, robot_type: robot, features }: LeRobotInfo): Map<string, MetadataValue> {
  const names = Object.entries(features).flatMap(([name, feature]): [string, MetadataValue][] =>
    kindOf(feature) === 'numbers' && feature.names ? [[name, metadataValue(feature.names)]] : [],
  );
  return new Map<string, MetadataValue>([
    ['fps', fps],
    ...(robot ? [['robot_type', robot] as const] : []),
    ...(names.length > 0 ? [['feature_names', Object.fromEntries(names)] as const] : []),
  ]);
}

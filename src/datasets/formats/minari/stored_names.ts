import { isTuple } from './written_spaces.js';

/** Names of metadata that follow from the files: they are made anew for each dataset. */
export const DERIVED_METADATA: readonly string[] = [
  'total_episodes',
  'total_steps',
  'data_format',
  'jpeg_encoding',
  'dataset_size',
  'dataset_id',
  'minari_version',
];

const STATISTICS = ['rewards_sum', 'rewards_mean', 'rewards_std', 'rewards_max', 'rewards_min'];

/**
 * Attribute of an episode whose last observation is a copy of the one before, since none was recorded: an addition of ours, as
 * minari has a row there in any case.
 */
export const FINAL_OBSERVATION = 'final_observation';
export const REPEATED = 'repeated';

/** Attributes of an episode that are told in other words, or follow from its arrays. */
export const DERIVED_ATTRIBUTES: readonly string[] = [
  'id',
  'total_steps',
  'seed',
  FINAL_OBSERVATION,
  ...STATISTICS,
];

/** The paths of columns in minari's files: the parts `_0`, `_1` of a Tuple are groups `_index_0`, `_index_1` there. */
export function storedPaths(paths: readonly string[]): Map<string, string> {
  const children = new Map<string, Set<string>>();
  for (const path of paths) {
    const keys = path.split('/');
    for (const [depth, key] of keys.entries()) {
      const above = keys.slice(0, depth).join('/');
      children.set(above, (children.get(above) ?? new Set()).add(key));
    }
  }
  const stored = (keys: readonly string[]) =>
    keys.map((key, depth) => {
      const siblings = children.get(keys.slice(0, depth).join('/'))!;
      return isTuple([...siblings]) ? `_index_${key.slice(1)}` : key;
    });
  return new Map(paths.map((path) => [path, path === '' ? '' : stored(path.split('/')).join('/')]));
}

/** Statistics of the rewards, as minari's attributes have them. */
export function rewardStatistics(rewards: ArrayLike<number | bigint>): [name: string, value: number][] {
  const values = Array.from(rewards, Number);
  const sum = values.reduce((total, value) => total + value, 0);
  const mean = sum / values.length;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
  const max = values.reduce((most, value) => Math.max(most, value));
  const min = values.reduce((least, value) => Math.min(least, value));
  return [sum, mean, Math.sqrt(variance), max, min].map((value, i) => [STATISTICS[i], value]);
}

import type { Column, ColumnType } from '../../column.js';
import { infoName } from '../../infos.js';
import type { WholeEpisode } from '../../whole_episode.js';
import type { AsideColumn } from './aside.js';
import { isAlone, type Place, placeOf } from './features.js';

/** A feature to write, and the place of its column in an episode. */
export interface WrittenFeature extends Place {
  type: ColumnType;
  isPicture: boolean;
  /** True if it may have a row for the state after the last step. */
  mayBeLonger: boolean;
}

/** Features that LeRobot gives every dataset. They are counted anew, so that an episode can be anywhere in it. */
export const COUNTED = ['timestamp', 'frame_index', 'episode_index', 'index', 'task_index'] as const;

/** The instruction in words, of which each frame has the number. */
export const TASK = 'task';
export const DONE = 'next.done';

/** The features that hold an episode's columns, by their names; without {@link countedFeatures}. */
export function featuresOf(episode: WholeEpisode): Map<string, WrittenFeature> {
  const found = new Map<string, WrittenFeature>();
  const add = (name: string, part: Place['part'], path: string, column: ColumnType) => {
    const type = { dtype: column.dtype, shape: column.shape.slice(1) };
    const mayBeLonger = part === 'observations' || column.shape[0] > episode.length;
    found.set(free(name, found), { part, path, type, isPicture: isPicture(column), mayBeLonger });
  };
  for (const [path, column] of episode.observations)
    add(observationName(path, column), 'observations', path, column);
  for (const [path, column] of episode.actions) add('action', 'actions', path, column);
  for (const column of episode.intendedActions?.values() ?? [])
    add('intended_action', 'intendedActions', '', column);
  if (episode.rewards) add('next.reward', 'rewards', '', episode.rewards);
  const flags = { dtype: 'bool', shape: [episode.length] };
  if (episode.success) add('next.success', 'success', '', flags);
  add('next.terminated', 'terminated', '', flags);
  add('next.truncated', 'truncated', '', flags);
  for (const [name, column] of episode.extras) {
    if (name !== TASK && !(COUNTED as readonly string[]).includes(name))
      add(dotted(infoName(name)), 'extras', name, column);
  }
  return found;
}

/** The features that LeRobot gives every dataset. */
export function countedFeatures(): Map<string, WrittenFeature> {
  return new Map(
    COUNTED.map((name) => {
      const dtype = name === 'timestamp' ? 'float32' : 'int64';
      return [
        name,
        { part: 'extras', path: name, type: { dtype, shape: [] }, isPicture: false, mayBeLonger: false },
      ];
    }),
  );
}

/** The column of an episode that a feature holds; null if it has none. */
export function columnOfFeature(episode: WholeEpisode, { part, path }: Place): Column | null {
  const flags = (data: Uint8Array | null): Column | null =>
    data && { dtype: 'bool', shape: [data.length], data };
  switch (part) {
    case 'observations':
    case 'actions':
    case 'extras':
      return episode[part].get(path) ?? null;
    case 'intendedActions':
      return episode.intendedActions?.get(path) ?? null;
    case 'rewards':
      return episode.rewards;
    case 'success':
    case 'terminated':
    case 'truncated':
      return flags(episode[part]);
  }
}

/** Facts on a feature that its name and its shape don't tell; null if there are none. */
export function asideOf(
  name: string,
  { part, path, type }: WrittenFeature,
  bounds: { low: readonly number[]; high: readonly number[] } | null,
): AsideColumn | null {
  const aside: AsideColumn = {
    ...(placeOf(name, {}).path !== path && { path }),
    ...(isAlone(type.shape) && { shape: [1] }),
    ...((part === 'observations' || part === 'actions') &&
      bounds && { low: [...bounds.low], high: [...bounds.high] }),
  };
  return Object.keys(aside).length > 0 ? aside : null;
}

/** True for [rows, height, width, channels] of 8 or 16 bits, grey or red, green and blue. */
export function isPicture({ dtype, shape }: ColumnType): boolean {
  const isSize = shape.length === 4 && shape[1] > 1 && shape[2] > 1 && [1, 3].includes(shape[3]);
  return isSize && (dtype === 'uint8' || dtype === 'uint16');
}

function observationName(path: string, column: ColumnType): string {
  if (path === '') return 'observation.state';
  const name = dotted(path);
  return isPicture(column) && !/^images?(\.|$)/.test(name)
    ? `observation.images.${name}`
    : `observation.${name}`;
}

/** LeRobot refuses names with a slash. */
function dotted(path: string): string {
  return path.replaceAll('/', '.');
}

function free(name: string, taken: ReadonlyMap<string, unknown>): string {
  const isCounted = (COUNTED as readonly string[]).includes(name) || name === TASK;
  return isCounted || taken.has(name) ? free(`${name}_`, taken) : name;
}

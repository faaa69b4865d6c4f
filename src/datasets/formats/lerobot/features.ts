import type { DeclaredColumn } from '../../dataset.js';
import type { Aside, AsideColumn } from './aside.js';
import type { Feature, LeRobotInfo } from './info.js';

/** The part of an episode that a feature belongs to, and its path there. */
export interface Place {
  part:
    | 'observations'
    | 'actions'
    | 'intendedActions'
    | 'rewards'
    | 'success'
    | 'terminated'
    | 'truncated'
    | 'extras';
  path: string;
}

/** Features with places of their own. Those that lerobot does not write are ours, and it passes over them. */
export const OWN_FEATURES: Readonly<Record<string, Exclude<Place['part'], 'observations' | 'extras'>>> = {
  'next.reward': 'rewards',
  'next.success': 'success',
  'next.terminated': 'terminated',
  'next.truncated': 'truncated',
  intended_action: 'intendedActions',
};

/**
 * The place of each feature: `observation.state` is `state` among the observations, `action` all of an action, `next.reward` the
 * rewards, `next.success` the success. Others are extras under their own names. Paths that stand aside count instead.
 */
export function placesOf(
  features: LeRobotInfo['features'],
  aside: Aside['columns'] = new Map(),
): Map<string, Place> {
  const places = Object.keys(features).map((name): [string, Place] => {
    const place = placeOf(name, features);
    return [name, { ...place, path: aside.get(name)?.path ?? place.path }];
  });
  return new Map(places);
}

/** The place of a feature by its name alone. */
export function placeOf(name: string, features: object): Place {
  const own = Object.hasOwn(OWN_FEATURES, name) ? OWN_FEATURES[name] : null;
  if (own) return { part: own, path: '' };
  const [first, ...rest] = name.split('.');
  const path = rest.join('.');
  if (first === 'observation') return { part: 'observations', path };
  // Beside a whole action its parts are something else.
  if (first === 'action' && (path === '' || !('action' in features))) return { part: 'actions', path };
  return { part: 'extras', path: name };
}

export type FeatureKind = 'numbers' | 'texts' | 'images' | 'video';

export function kindOf({ dtype }: Pick<Feature, 'dtype'>): FeatureKind {
  if (dtype === 'video') return 'video';
  if (dtype === 'image') return 'images';
  return dtype === 'string' ? 'texts' : 'numbers';
}

/** A feature's column as it is read: a shape of [1] is a number alone, pictures are [height, width, channels] of bytes. */
export function declaredColumn(
  feature: Feature,
  { shape: own, low, high }: AsideColumn = {},
): DeclaredColumn {
  const { dtype, shape } = feature;
  const kind = kindOf(feature);
  if (kind === 'images' || kind === 'video') {
    return { dtype: 'uint8', shape: pictureShape(feature), bounds: null };
  }
  const bounds = low && high ? { low, high } : null;
  return { dtype, shape: own ?? (isAlone(shape) ? [] : shape), bounds };
}

/** True for the shape of a number alone in a row, for which LeRobot has no other. */
export function isAlone(shape: readonly number[]): boolean {
  return shape.length === 1 && shape[0] === 1;
}

/** Height, width and channels, in whichever order they are declared. */
export function pictureShape({ shape, names }: Pick<Feature, 'shape' | 'names'>): number[] {
  const [first, second, third] = shape;
  const isNamedFirst = Array.isArray(names) && /^channel/.test(String(names[0]));
  const seemsFirst = !Array.isArray(names) && [1, 3].includes(first) && ![1, 3].includes(third);
  return shape.length === 3 && (isNamedFirst || seemsFirst) ? [second, third, first] : [...shape];
}

/** Names of a feature's numbers, for people; null if it has none that are short enough to be told. */
export function numberNames({ names }: Pick<Feature, 'names'>): string | null {
  const list = Array.isArray(names)
    ? names
    : names && typeof names === 'object'
      ? Object.values(names).flat()
      : [];
  return list.length > 0 && list.every((name) => typeof name === 'string') ? list.join(', ') : null;
}

import type { DeclaredColumn } from '../../dataset.js';
import type { Feature, LeRobotInfo } from './info.js';

/** The part of an episode that a feature belongs to, and its path there. */
export interface Place {
  part: 'observations' | 'actions' | 'rewards' | 'success' | 'extras';
  path: string;
}

/**
 * The place of each feature: `observation.state` is `state` among the observations, `action` all of an action, `next.reward` the
 * rewards, `next.success` the success. Others are extras under their own names.
 */
export function placesOf(features: LeRobotInfo['features']): Map<string, Place> {
  return new Map(Object.keys(features).map((name) => [name, placeOf(name, features)]));
}

function placeOf(name: string, features: LeRobotInfo['features']): Place {
  if (name === 'next.reward') return { part: 'rewards', path: '' };
  if (name === 'next.success') return { part: 'success', path: '' };
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
export function declaredColumn(feature: Feature): DeclaredColumn {
  const { dtype, shape } = feature;
  const kind = kindOf(feature);
  if (kind === 'images' || kind === 'video') {
    return { dtype: 'uint8', shape: pictureShape(feature), bounds: null };
  }
  return { dtype, shape: shape.length === 1 && shape[0] === 1 ? [] : shape, bounds: null };
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

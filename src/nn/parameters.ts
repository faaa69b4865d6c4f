import type { RandomStream } from '../rng.js';
import type { tf } from './tensorflow.js';

export type Shape = readonly number[];

/** Tensors by name; the names of a network's parameters are paths such as `hidden0/kernel`. */
export type NamedTensors = Record<string, tf.Tensor>;

export type NamedShapes = Record<string, Shape>;

/** One trainable array of a network: its shape and its initial values. */
export interface Parameter {
  shape: Shape;
  initialise(stream: RandomStream): Float32Array;
}

/** A network's trainable arrays, in the order in which they draw their initial values. */
export type ParameterTable = Record<string, Parameter>;

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** The entries whose names begin with `group/`, without that. */
export function inGroup<T>(group: string, entries: Record<string, T>): Record<string, T> {
  const start = `${group}/`;
  const found = Object.entries(entries).filter(([name]) => name.startsWith(start));
  return Object.fromEntries(found.map(([name, value]) => [name.slice(start.length), value]));
}

/** The same entries with `group/` before each name. */
export function asGroup<T>(group: string, entries: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [`${group}/${name}`, value]));
}

import { figure } from './wording.js';

/**
 * The largest magnitude that can be used. From squares of larger numbers, float32 losses and gradients become infinite:
 * a single 1e19 among the demonstrations' actions, or 1e30 among the observations, breaks a training; 1e18 does not.
 */
const MAX_MAGNITUDE = 1e15;

/** Problem of an array of this shape that should have `rows` rows, by the number of what is `counted`; null if there is none. */
export function wrongRows(shape: readonly number[], rows: number, counted = 'actions'): string | null {
  if (shape[0] === rows) return null;
  return `has ${shape[0]} rows; expected ${rows}, by the episode's number of ${counted}`;
}

/** Problem of a shape that should be `expected`, where a text stands for any size; null if there is none. */
export function wrongShape(shape: readonly number[], expected: readonly (number | string)[]): string | null {
  const fits = expected.every((size, axis) => typeof size === 'string' || shape[axis] === size);
  if (fits && shape.length === expected.length) return null;
  return `has shape [${shape.join(', ')}]; expected [${expected.join(', ')}]`;
}

/** Place of the first value of `data` [rows, width] that can't be used, and how many there are; null if there are none. */
export function unusableValues(data: Float32Array | Float64Array, width: number): string | null {
  const first = firstUnusable(data);
  if (first < 0) return null;
  const column = width > 1 ? `, column ${first % width}` : '';
  const count = (data as Float64Array).reduce((total, value) => total + (isUnusable(value) ? 1 : 0), 0);
  const others = count > 1 ? ` (${count} such values)` : '';
  const limit = Number.isFinite(data[first])
    ? `, beyond ±${figure(MAX_MAGNITUDE)}, which breaks a training`
    : '';
  return `holds ${figure(data[first])} at step ${Math.floor(first / width)}${column}${limit}${others}`;
}

/** A loop, since `findIndex` takes several times as long, and all numbers of a dataset go through here. */
function firstUnusable(data: Float32Array | Float64Array): number {
  for (let i = 0; i < data.length; i++) if (isUnusable(data[i])) return i;
  return -1;
}

function isUnusable(value: number): boolean {
  return !(Math.abs(value) <= MAX_MAGNITUDE);
}

import type { Frame } from './posed.js';

/** Writes the place in the world of the point of a frame at `local` [from `at`] to `out` [3]. */
export function toWorld(
  { position: p, rotation: r }: Frame,
  local: Float64Array,
  at: number,
  out: Float64Array,
): void {
  for (let i = 0; i < 3; i++)
    out[i] = p[i] + r[3 * i] * local[at] + r[3 * i + 1] * local[at + 1] + r[3 * i + 2] * local[at + 2];
}

/** Writes the coordinates in a frame of the point `world` [3] to `out` [from `at`]. */
export function toLocal(
  { position: p, rotation: r }: Frame,
  world: Float64Array,
  out: Float64Array,
  at: number,
): void {
  const x = world[0] - p[0];
  const y = world[1] - p[1];
  const z = world[2] - p[2];
  for (let k = 0; k < 3; k++) out[at + k] = r[k] * x + r[3 + k] * y + r[6 + k] * z;
}

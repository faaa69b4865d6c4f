import { IDENTITY_POSE, type Material, type SceneBody } from '../scene.js';
import { box } from '../shapes.js';

const TILE = 0.5;
/** Tiles on each side of the camera's target: as far as fog lets one see. */
const TILES = 14;
/** Dark tiles lie on a light ground, a little above it so that they hide it. */
const RISE = 0.002;
const GROUND: Material = { color: 0xb9c2cb, roughness: 0.95 };
const DARK: Material = { color: 0x94a0ac, roughness: 0.95 };

/** A chequered floor, whose top is the plane z = 0: the ground, and the tiles that {@link writeFloor} moves along. */
export const FLOOR: readonly SceneBody[] = [
  { name: 'ground', fixed: true, shapes: [box(GROUND, [0, 0, -0.05], [60, 60, 0.05])] },
  { name: 'tiles', fixed: false, shapes: tiles() },
];

/**
 * Writes the poses of the floor's bodies to the first rows of `poses` [bodies, 7], as what is at x, y sees it, and at the
 * height z.
 */
export function writeFloor(poses: Float32Array, x: number, y: number, z = 0): void {
  for (let body = 0; body < FLOOR.length; body++) {
    poses.set(IDENTITY_POSE, 7 * body);
    poses[7 * body + 2] = z;
  }
  poses[7] = -modulo(x, 2 * TILE);
  poses[8] = -modulo(y, 2 * TILE);
}

function tiles() {
  const half = TILE / 2;
  const columns = Array.from({ length: 2 * TILES + 1 }, (_, i) => i - TILES);
  return columns.flatMap((i) =>
    columns
      .filter((j) => (i + j) % 2 === 0)
      .map((j) => box(DARK, [i * TILE, j * TILE, RISE / 2], [half, half, RISE / 2])),
  );
}

function modulo(value: number, period: number): number {
  return value - period * Math.floor(value / period);
}

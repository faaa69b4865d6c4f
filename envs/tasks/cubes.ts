import type { Actor } from '../bodies/actor.js';
import { type BodyDescription, box, dynamic } from '../bodies/description.js';
import type { RandomStream } from '../random.js';
import { planarDistance } from './measures.js';

/** Half the edge of the cubes that are stacked. */
export const CUBE_HALF_SIZE = 0.02;
/** Places that are tried for a cube before it may stand too near to another. */
const MAX_TRIES = 100;

/** A cube to stack. */
export function stackingCube(color: number): BodyDescription {
  return dynamic(box([CUBE_HALF_SIZE, CUBE_HALF_SIZE, CUBE_HALF_SIZE], { color, roughness: 0.45 }));
}

/** Places cubes on the table about the point (x, y), turned any way, and farther apart than `gap`. */
export function scatter(
  cubes: readonly Actor[],
  x: number,
  y: number,
  gap: number,
  random: RandomStream,
): void {
  const inRange = (halfRange: number) => random.uniform(-halfRange, halfRange);
  cubes.forEach((cube, i) => {
    const earlier = cubes.slice(0, i);
    const isFree = () => earlier.every((other) => planarDistance(cube.position, other.position) > gap);
    let tries = 0;
    do cube.place(x + inRange(0.1), y + inRange(0.2), CUBE_HALF_SIZE, inRange(Math.PI));
    while (++tries < MAX_TRIES && !isFree());
  });
}

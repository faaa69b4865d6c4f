import type { Manifold } from './manifold.js';
import type { PosedShape } from './posed.js';

/**
 * Finds the outermost points of a shape that lie less than `reach` metres above the table, the plane z = 0, and writes
 * them to `manifold`, whose shape a it is.
 */
export function touchTable(
  { position: p, rotation: r, corners }: PosedShape,
  reach: number,
  manifold: Manifold,
): void {
  manifold.clear();
  manifold.normal[0] = 0;
  manifold.normal[1] = 0;
  manifold.normal[2] = 1;
  for (let i = 0; i < corners.length; i += 4) {
    const x = corners[i];
    const y = corners[i + 1];
    const z = corners[i + 2];
    const height = p[2] + r[6] * x + r[7] * y + r[8] * z - corners[i + 3];
    if (height >= reach) continue;
    manifold.add(p[0] + r[0] * x + r[1] * y + r[2] * z, p[1] + r[3] * x + r[4] * y + r[5] * z, 0, height);
  }
  manifold.reduce();
}

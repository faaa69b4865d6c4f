import type { Manifold } from './manifold.js';
import type { Frame, PosedBox } from './posed.js';

const local = new Float64Array(3);
const closest = new Float64Array(3);

/**
 * Finds the contact point of a sphere and a box up to `reach` metres apart, and writes it to `manifold`: none or one.
 * `isSphereFirst`: the sphere is shape a of the manifold.
 */
export function touchSphereAndBox(
  sphere: Frame,
  radius: number,
  box: PosedBox,
  isSphereFirst: boolean,
  reach: number,
  manifold: Manifold,
): void {
  manifold.clear();
  const { rotation: r, position: p, halfSize } = box;
  const dx = sphere.position[0] - p[0];
  const dy = sphere.position[1] - p[1];
  const dz = sphere.position[2] - p[2];
  let squared = 0;
  for (let k = 0; k < 3; k++) {
    local[k] = r[k] * dx + r[3 + k] * dy + r[6 + k] * dz;
    closest[k] = Math.max(-halfSize[k], Math.min(halfSize[k], local[k]));
    squared += (local[k] - closest[k]) ** 2;
  }
  const distance = Math.sqrt(squared);
  if (distance - radius >= reach) return;
  let separation = distance - radius;
  if (distance > 0) {
    for (let k = 0; k < 3; k++) local[k] = (local[k] - closest[k]) / distance;
  } else {
    separation = pushOut(halfSize) - radius;
  }
  const sign = isSphereFirst ? 1 : -1;
  const at = [0, 0, 0];
  for (let i = 0; i < 3; i++) {
    const normal = r[3 * i] * local[0] + r[3 * i + 1] * local[1] + r[3 * i + 2] * local[2];
    manifold.normal[i] = sign * normal;
    at[i] = p[i] + r[3 * i] * closest[0] + r[3 * i + 1] * closest[1] + r[3 * i + 2] * closest[2];
  }
  manifold.add(at[0], at[1], at[2], separation);
}

/** Minus the depth of a centre inside the box; writes the way out to `local`, the point of the face to `closest`. */
function pushOut(halfSize: readonly number[]): number {
  let least = Infinity;
  let axis = 0;
  for (let k = 0; k < 3; k++) {
    const depth = halfSize[k] - Math.abs(local[k]);
    if (depth < least) {
      least = depth;
      axis = k;
    }
  }
  const out = local[axis] < 0 ? -1 : 1;
  closest[axis] = out * halfSize[axis];
  local.fill(0);
  local[axis] = out;
  return -least;
}

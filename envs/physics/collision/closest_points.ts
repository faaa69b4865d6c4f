import { type Collider, ShapeContact, World } from '@dimforge/rapier3d-simd-compat';
import type { Manifold } from './manifold.js';
import type { PosedShape } from './posed.js';
import { shapeOf, turnOf } from './rapier_shape.js';

/** Distance, metres, beyond the reach of contacts up to which shapes are looked for, so as to tell how far apart they are. */
const LOOKOUT = 0.03;

/** A shape in Rapier's world, and the pose [12] that it has there. */
interface Placed {
  readonly collider: Collider;
  readonly pose: Float64Array;
}

/** Contacts of shapes of any kind: Rapier finds the points where they are closest or deepest in each other. */
export class ClosestPoints {
  /** Made when it is first needed. */
  private world: World | undefined;
  private readonly quaternion = new Float64Array(4);
  private readonly colliders = new Map<PosedShape, Placed>();
  private readonly found = new ShapeContact(0, origin(), origin(), origin(), origin());

  /** Finds the contact point of two shapes up to `reach` metres apart, and writes it to `manifold`: none or one. */
  find(a: PosedShape, b: PosedShape, reach: number, manifold: Manifold): void {
    manifold.clear();
    const found = this.placed(a).contactCollider(this.placed(b), reach + LOOKOUT, this.found);
    if (!found) {
      manifold.gap = reach + LOOKOUT;
      return;
    }
    const { normal2: normal, point2: point, distance } = found;
    if (distance >= reach) {
      manifold.gap = distance;
      return;
    }
    manifold.normal[0] = normal.x;
    manifold.normal[1] = normal.y;
    manifold.normal[2] = normal.z;
    manifold.add(point.x, point.y, point.z, distance);
  }

  /** Frees the memory of shapes that are no longer needed. */
  forget(shapes: readonly PosedShape[]): void {
    for (const shape of shapes) {
      const placed = this.colliders.get(shape);
      if (placed) this.world?.removeCollider(placed.collider, false);
      this.colliders.delete(shape);
    }
  }

  /** Frees Rapier's memory. */
  free(): void {
    this.world?.free();
    this.world = undefined;
    this.colliders.clear();
  }

  private placed(shape: PosedShape): Collider {
    let placed = this.colliders.get(shape);
    if (!placed) {
      const description = shapeOf(shape.geometry);
      if (!description) throw new Error('the vertices of a hull have no convex hull');
      this.world ??= new World({ x: 0, y: 0, z: 0 });
      placed = { collider: this.world.createCollider(description), pose: new Float64Array(12).fill(NaN) };
      this.colliders.set(shape, placed);
    }
    const { collider, pose } = placed;
    if (takeOn(pose, shape)) {
      collider.setTranslation({ x: pose[0], y: pose[1], z: pose[2] });
      shape.writeQuaternion(this.quaternion);
      collider.setRotation(turnOf(shape.geometry, this.quaternion));
    }
    return collider;
  }
}

/** Writes position 3 and rotation matrix 9 of a shape to `pose`. Returns false if they are the same as before. */
function takeOn(pose: Float64Array, { position: p, rotation: r }: PosedShape): boolean {
  let isNew = false;
  for (let i = 0; i < 12; i++) {
    const value = i < 3 ? p[i] : r[i - 3];
    if (pose[i] === value) continue;
    pose[i] = value;
    isNew = true;
  }
  return isNew;
}

function origin() {
  return { x: 0, y: 0, z: 0 };
}

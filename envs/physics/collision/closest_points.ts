import { type Collider, World } from '@dimforge/rapier3d-simd-compat';
import type { Manifold } from './manifold.js';
import type { PosedShape } from './posed.js';
import { shapeOf, turnOf } from './rapier_shape.js';

/** Contacts of shapes of any kind: Rapier finds the points where they are closest or deepest in each other. */
export class ClosestPoints {
  /** Made when it is first needed. */
  private world: World | undefined;
  private readonly quaternion = new Float64Array(4);
  private readonly colliders = new Map<PosedShape, Collider>();

  /** Finds the contact point of two shapes up to `reach` metres apart, and writes it to `manifold`: none or one. */
  find(a: PosedShape, b: PosedShape, reach: number, manifold: Manifold): void {
    manifold.clear();
    const found = this.placed(a).contactCollider(this.placed(b), reach);
    if (!found) return;
    const { normal2: normal, point2: point, distance } = found;
    manifold.normal[0] = normal.x;
    manifold.normal[1] = normal.y;
    manifold.normal[2] = normal.z;
    manifold.add(point.x, point.y, point.z, distance);
  }

  /** Frees Rapier's memory. */
  free(): void {
    this.world?.free();
    this.world = undefined;
    this.colliders.clear();
  }

  private placed(shape: PosedShape): Collider {
    let collider = this.colliders.get(shape);
    if (!collider) {
      const description = shapeOf(shape.geometry);
      if (!description) throw new Error('the vertices of a hull have no convex hull');
      this.world ??= new World({ x: 0, y: 0, z: 0 });
      collider = this.world.createCollider(description);
      this.colliders.set(shape, collider);
    }
    const [x, y, z] = shape.position;
    collider.setTranslation({ x, y, z });
    shape.writeQuaternion(this.quaternion);
    collider.setRotation(turnOf(shape.geometry, this.quaternion));
    return collider;
  }
}

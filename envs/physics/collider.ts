import { ColliderDesc } from '@dimforge/rapier3d-simd-compat';
import type { Actor } from '../bodies/actor.js';
import type { BodyPart } from '../bodies/description.js';
import type { Geometry } from '../scene.js';
import { COLLISION_GROUPS } from './rapier.js';

/** A collider for a part of an actor; the caller sets its density. */
export function colliderOf({ name, motion, description }: Actor, { geometry, pose }: BodyPart): ColliderDesc {
  const shape = shapeOf(geometry);
  if (!shape) throw new Error(`body "${name}" can't be built: its vertices have no convex hull`);
  const [x, y, z, ...turn] = pose;
  const [qw, qx, qy, qz] = isUpright(geometry) ? uprightTurn(turn) : turn;
  return shape
    .setTranslation(x, y, z)
    .setRotation({ w: qw, x: qx, y: qy, z: qz })
    .setFriction(description.friction)
    .setRestitution(description.restitution)
    .setCollisionGroups(motion === 'dynamic' ? COLLISION_GROUPS.actor : COLLISION_GROUPS.obstacle);
}

/** Rapier's shape for a geometry; null if there is none. */
function shapeOf(geometry: Geometry): ColliderDesc | null {
  switch (geometry.kind) {
    case 'box':
      return ColliderDesc.cuboid(geometry.halfSize[0], geometry.halfSize[1], geometry.halfSize[2]);
    case 'sphere':
      return ColliderDesc.ball(geometry.radius);
    case 'cylinder':
      return ColliderDesc.cylinder(geometry.halfLength, geometry.radius);
    case 'capsule':
      return ColliderDesc.capsule(geometry.halfLength, geometry.radius);
    case 'hull':
      return ColliderDesc.convexHull(Float32Array.from(geometry.vertices));
  }
}

/** Rapier's cylinders and capsules stand along y, ours along z. */
function isUpright({ kind }: Geometry): boolean {
  return kind === 'cylinder' || kind === 'capsule';
}

/** The quaternion wxyz with a quarter turn about x before it, which takes y to z. */
function uprightTurn([w, x, y, z]: readonly number[]): number[] {
  return [w - x, x + w, y + z, z - y].map((entry) => entry * Math.SQRT1_2);
}

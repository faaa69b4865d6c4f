import { RigidBodyDesc, World } from '@dimforge/rapier3d-simd-compat';
import type { Actor } from '../bodies/actor.js';
import type { BodyPart } from '../bodies/description.js';
import type { Geometry } from '../scene.js';
import { writeRotation } from './collision/posed.js';
import { shapeOf } from './collision/rapier_shape.js';

/** Mass, and inertia about the centre of mass, of an actor in its own frame. */
export interface MassProperties {
  /** 1/kg */
  readonly inverseMass: number;
  /** [3] */
  readonly centreOfMass: Float64Array;
  /** [3, 3] */
  readonly inverseInertia: Float64Array;
}

/** A geometry of density 1 in its own frame: its volume, centre, and inertia [3, 3] about its centre. */
interface Solid {
  readonly volume: number;
  readonly centre: readonly number[];
  readonly inertia: readonly number[];
}

/** Mass properties of all colliding parts together; parts that overlap count twice, as in PhysX. */
export function massPropertiesOf({ name, collidingParts, description, massScale }: Actor): MassProperties {
  const pieces = collidingParts.map((part) => placed(name, part));
  const described = pieces.reduce((sum, { mass }) => sum + mass, 0);
  const scale = massScale * (description.mass === null ? 1 : description.mass / described);
  const centre = [0, 1, 2].map(
    (axis) => pieces.reduce((sum, piece) => sum + piece.mass * piece.centre[axis], 0) / described,
  );
  const inertia = new Array<number>(9).fill(0);
  for (const piece of pieces) {
    const offset = piece.centre.map((value, axis) => value - centre[axis]);
    const squared = offset.reduce((sum, value) => sum + value * value, 0);
    for (let i = 0; i < 3; i++) {
      for (let k = 0; k < 3; k++) {
        const shift = (i === k ? squared : 0) - offset[i] * offset[k];
        inertia[3 * i + k] += scale * (piece.inertia[3 * i + k] + piece.mass * shift);
      }
    }
  }
  return {
    inverseMass: 1 / (scale * described),
    centreOfMass: Float64Array.from(centre),
    inverseInertia: inverse(inertia),
  };
}

/** A part's mass, centre and inertia in its body's frame. */
function placed(name: string, { geometry, density, pose }: BodyPart) {
  const { volume, centre, inertia } = solidOf(name, geometry);
  const r = new Float64Array(9);
  writeRotation(r, pose, 3);
  const turned = (i: number, k: number) => {
    let sum = 0;
    for (let m = 0; m < 3; m++)
      for (let n = 0; n < 3; n++) sum += r[3 * i + m] * inertia[3 * m + n] * r[3 * k + n];
    return density * sum;
  };
  return {
    mass: density * volume,
    centre: [0, 1, 2].map((i) => pose[i] + centre.reduce((sum, value, k) => sum + r[3 * i + k] * value, 0)),
    inertia: Array.from({ length: 9 }, (_, at) => turned(Math.floor(at / 3), at % 3)),
  };
}

function solidOf(name: string, geometry: Geometry): Solid {
  switch (geometry.kind) {
    case 'box': {
      const [x, y, z] = geometry.halfSize;
      const volume = 8 * x * y * z;
      return round(
        volume,
        (volume / 3) * (y * y + z * z),
        (volume / 3) * (x * x + z * z),
        (volume / 3) * (x * x + y * y),
      );
    }
    case 'sphere': {
      const { radius: r } = geometry;
      const volume = (4 / 3) * Math.PI * r ** 3;
      const moment = 0.4 * volume * r * r;
      return round(volume, moment, moment, moment);
    }
    case 'cylinder': {
      const { radius: r, halfLength: h } = geometry;
      const volume = 2 * Math.PI * r * r * h;
      const across = volume * ((r * r) / 4 + (h * h) / 3);
      return round(volume, across, across, (volume * r * r) / 2);
    }
    case 'capsule': {
      const { radius: r, halfLength: h } = geometry;
      const tube = 2 * Math.PI * r * r * h;
      const ends = (4 / 3) * Math.PI * r ** 3;
      const across = tube * ((r * r) / 4 + (h * h) / 3) + ends * (0.4 * r * r + h * h + 0.75 * h * r);
      return round(tube + ends, across, across, (tube / 2 + 0.4 * ends) * r * r);
    }
    case 'hull':
      return hullSolid(name, geometry);
  }
}

function round(volume: number, xx: number, yy: number, zz: number): Solid {
  return { volume, centre: [0, 0, 0], inertia: [xx, 0, 0, 0, yy, 0, 0, 0, zz] };
}

/** Only the physics engine knows the faces of a hull. Throws if the vertices have none. */
function hullSolid(name: string, geometry: Geometry): Solid {
  const shape = shapeOf(geometry);
  if (!shape) throw new Error(`body "${name}" can't be built: its vertices have no convex hull`);
  const world = new World({ x: 0, y: 0, z: 0 });
  try {
    const body = world.createRigidBody(RigidBodyDesc.dynamic());
    world.createCollider(shape.setDensity(1), body);
    body.recomputeMassPropertiesFromColliders();
    const { x, y, z } = body.localCom();
    const [xx, xy, xz, yy, yz, zz] = body.effectiveAngularInertia().elements;
    return { volume: body.mass(), centre: [x, y, z], inertia: [xx, xy, xz, xy, yy, yz, xz, yz, zz] };
  } finally {
    world.free();
  }
}

function inverse([a, b, c, d, e, f, g, h, i]: readonly number[]): Float64Array {
  const x = e * i - f * h;
  const y = f * g - d * i;
  const z = d * h - e * g;
  const scale = 1 / (a * x + b * y + c * z);
  return Float64Array.of(
    x * scale,
    (c * h - b * i) * scale,
    (b * f - c * e) * scale,
    y * scale,
    (a * i - c * g) * scale,
    (c * d - a * f) * scale,
    z * scale,
    (b * g - a * h) * scale,
    (a * e - b * d) * scale,
  );
}

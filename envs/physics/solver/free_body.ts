import type { Actor } from '../../bodies/actor.js';
import { PHYSICS_TIMESTEP } from '../../panda/model.js';
import { writeRotation } from '../collision/posed.js';
import type { MassProperties } from '../mass_properties.js';
import { newPartMotion, type PartMotion } from './part_motion.js';
import type { Mover } from './rows.js';

export const GRAVITY = 9.81;
/** rad/s: PhysX turns nothing faster. */
const MAX_TURNING = 100;
/** Surely slower than that; most bodies need no slow `Math.hypot` to tell. */
const SLOW_TURNING_SQUARED = (0.99 * MAX_TURNING) ** 2;

/** An actor that moves freely. Its velocities are those of its centre of mass, linear 3 and angular 3, world frame. */
export class FreeBody implements Mover {
  readonly size = 6;
  readonly isRobot = false;
  /** Frame of the actor's origin. */
  readonly position = new Float64Array(3);
  readonly rotation = new Float64Array(9);
  /** True while it stays where it is, and all its contacts with what never moves are as in the step before. */
  isResting = false;

  private readonly motion = newPartMotion();
  private readonly inverseInertia = new Float64Array(9);
  private readonly moved = new Float64Array(9);

  constructor(
    readonly first: number,
    readonly actor: Actor,
    private properties: MassProperties,
  ) {
    this.read();
  }

  /** Takes on the actor's pose. */
  read(): void {
    const { state } = this.actor;
    for (let i = 0; i < 3; i++) this.position[i] = state[i];
    writeRotation(this.rotation, state, 3);
  }

  /** Begins a physics step with the actor's state: gravity and damping act on its part of the `velocities`. */
  begin(velocities: Float64Array): void {
    const { first, position: p, rotation: r, properties, actor } = this;
    const { centre, linear, angular } = this.motion;
    const { state, description } = actor;
    this.read();
    const { centreOfMass: c } = properties;
    for (let i = 0; i < 3; i++) {
      centre[i] = p[i] + r[3 * i] * c[0] + r[3 * i + 1] * c[1] + r[3 * i + 2] * c[2];
    }
    rotateTensor(r, properties.inverseInertia, this.moved, this.inverseInertia);
    const keptLinear = Math.max(0, 1 - description.linearDamping * PHYSICS_TIMESTEP);
    const keptAngular = Math.max(0, 1 - description.angularDamping * PHYSICS_TIMESTEP);
    for (let i = 0; i < 3; i++) {
      const gravity = i === 2 ? -GRAVITY * PHYSICS_TIMESTEP : 0;
      velocities[first + i] = (state[7 + i] + gravity) * keptLinear;
      velocities[first + 3 + i] = state[10 + i] * keptAngular;
    }
    limitTurning(velocities, first + 3);
    for (let i = 0; i < 3; i++) {
      linear[i] = velocities[first + i];
      angular[i] = velocities[first + 3 + i];
    }
  }

  /** Ends the step: moves the actor by its part of the `displacements` and gives it its velocities. */
  end(velocities: Float64Array, displacements: Float64Array): void {
    const { first, properties, rotation: r } = this;
    const { centre } = this.motion;
    const { state } = this.actor;
    const turn = Math.hypot(displacements[first + 3], displacements[first + 4], displacements[first + 5]);
    const half = turn > 0 ? Math.sin(turn / 2) / turn : 0;
    const w = Math.cos(turn / 2);
    const x = half * displacements[first + 3];
    const y = half * displacements[first + 4];
    const z = half * displacements[first + 5];
    const sw = state[3];
    const sx = state[4];
    const sy = state[5];
    const sz = state[6];
    const nw = w * sw - x * sx - y * sy - z * sz;
    const nx = w * sx + x * sw + y * sz - z * sy;
    const ny = w * sy - x * sz + y * sw + z * sx;
    const nz = w * sz + x * sy - y * sx + z * sw;
    const norm = 1 / Math.sqrt(nw * nw + nx * nx + ny * ny + nz * nz);
    state[3] = norm * nw;
    state[4] = norm * nx;
    state[5] = norm * ny;
    state[6] = norm * nz;
    writeRotation(r, state, 3);
    const { centreOfMass: c } = properties;
    for (let i = 0; i < 3; i++) {
      state[i] =
        centre[i] + displacements[first + i] - (r[3 * i] * c[0] + r[3 * i + 1] * c[1] + r[3 * i + 2] * c[2]);
      state[7 + i] = velocities[first + i];
      state[10 + i] = velocities[first + 3 + i];
      this.position[i] = state[i];
    }
  }

  writePointRow(
    _part: number,
    points: Float64Array,
    p: number,
    direction: Float64Array,
    sign: number,
    out: Float64Array,
    at: number,
  ): void {
    const { centre } = this.motion;
    const rx = points[p] - centre[0];
    const ry = points[p + 1] - centre[1];
    const rz = points[p + 2] - centre[2];
    const dx = sign * direction[0];
    const dy = sign * direction[1];
    const dz = sign * direction[2];
    out[at] = dx;
    out[at + 1] = dy;
    out[at + 2] = dz;
    out[at + 3] = ry * dz - rz * dy;
    out[at + 4] = rz * dx - rx * dz;
    out[at + 5] = rx * dy - ry * dx;
  }

  writeSpinRow(_part: number, direction: Float64Array, sign: number, out: Float64Array, at: number): void {
    for (let i = 0; i < 3; i++) {
      out[at + i] = 0;
      out[at + 3 + i] = sign * direction[i];
    }
  }

  respond(jacobian: Float64Array, response: Float64Array, at: number): void {
    const { inverseInertia: inverse, properties } = this;
    for (let i = 0; i < 3; i++) {
      response[at + i] = jacobian[at + i] * properties.inverseMass;
      response[at + 3 + i] =
        inverse[3 * i] * jacobian[at + 3] +
        inverse[3 * i + 1] * jacobian[at + 4] +
        inverse[3 * i + 2] * jacobian[at + 5];
    }
  }

  motionOf(): PartMotion {
    return this.motion;
  }

  compliance(): number {
    return 0;
  }
}

/** Writes R·T·Rᵀ to `out` [3, 3]; `between` [9] is overwritten. */
function rotateTensor(r: Float64Array, t: Float64Array, between: Float64Array, out: Float64Array): void {
  for (let i = 0; i < 3; i++) {
    for (let k = 0; k < 3; k++) {
      between[3 * i + k] = r[3 * i] * t[k] + r[3 * i + 1] * t[3 + k] + r[3 * i + 2] * t[6 + k];
    }
  }
  for (let i = 0; i < 3; i++) {
    for (let k = 0; k < 3; k++) {
      out[3 * i + k] =
        between[3 * i] * r[3 * k] + between[3 * i + 1] * r[3 * k + 1] + between[3 * i + 2] * r[3 * k + 2];
    }
  }
}

function limitTurning(velocities: Float64Array, at: number): void {
  const x = velocities[at];
  const y = velocities[at + 1];
  const z = velocities[at + 2];
  if (x * x + y * y + z * z < SLOW_TURNING_SQUARED) return;
  const turning = Math.hypot(x, y, z);
  if (turning <= MAX_TURNING) return;
  for (let i = 0; i < 3; i++) velocities[at + i] *= MAX_TURNING / turning;
}

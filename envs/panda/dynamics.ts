import type { PandaKinematics } from './kinematics.js';
import { ARM_JOINTS } from './model.js';
import type { RigidBodyData } from './model_data.js';

// Names of this file for numbers: V8 takes them for constants, but reads imported and exported ones at each use.
const JOINTS = ARM_JOINTS;

/**
 * Rigid body dynamics of the arm, without gravity: M(q)·a + c(q, v) = τ.
 *
 * Spatial vectors about the world's origin, so that the inertias of composite bodies simply add up (Featherstone,
 * Rigid Body Dynamics Algorithms, 2008: composite rigid body and recursive Newton-Euler algorithms).
 */
export class ArmDynamics {
  /** [7, 7]: the mass matrix. */
  readonly massMatrix = new Float64Array(JOINTS * JOINTS);
  /** [7]: the torques that Coriolis and centrifugal forces take. */
  readonly bias = new Float64Array(JOINTS);

  /** [7, 10] per body: mass, first moment 3, inertia about the origin xx xy xz yy yz zz. */
  private readonly inertias = new Float64Array(10 * JOINTS);
  /** [7, 3]: velocity of the origin when a joint turns at 1 rad/s. */
  private readonly moments = new Float64Array(3 * JOINTS);
  /** [7, 6]: moment about the origin and force on each body. */
  private readonly wrenches = new Float64Array(6 * JOINTS);
  private readonly composite = new Float64Array(10);

  private readonly masses: Float64Array;
  private readonly centres: Float64Array;
  private readonly bodyInertias: Float64Array;

  /** @param bodies the rigid bodies of the seven joints. */
  constructor(bodies: readonly RigidBodyData[]) {
    this.masses = Float64Array.from(bodies, (body) => body.mass);
    this.centres = Float64Array.from(bodies.flatMap((body) => body.centreOfMass));
    this.bodyInertias = Float64Array.from(bodies.flatMap((body) => body.inertia));
  }

  /** Computes `massMatrix` and `bias` at the frames of `kinematics` and the joint velocities `qvel` [≥ 7]. */
  update(kinematics: PandaKinematics, qvel: Float64Array): void {
    this.updateMoments(kinematics);
    this.updateInertias(kinematics);
    this.updateMassMatrix(kinematics);
    this.updateBias(kinematics, qvel);
  }

  private updateMoments({ positions: p, axes: a }: PandaKinematics): void {
    const { moments } = this;
    for (let i = 0; i < 3 * JOINTS; i += 3) {
      moments[i] = p[i + 1] * a[i + 2] - p[i + 2] * a[i + 1];
      moments[i + 1] = p[i + 2] * a[i] - p[i] * a[i + 2];
      moments[i + 2] = p[i] * a[i + 1] - p[i + 1] * a[i];
    }
  }

  /** Turns each body's inertia into world axes and moves it to the origin. */
  private updateInertias({ positions: p, rotations: r }: PandaKinematics): void {
    const { inertias: out, masses, centres, bodyInertias } = this;
    for (let body = 0; body < JOINTS; body++) {
      const at = 3 * body;
      const m = 9 * body;
      const r0 = r[m];
      const r1 = r[m + 1];
      const r2 = r[m + 2];
      const r3 = r[m + 3];
      const r4 = r[m + 4];
      const r5 = r[m + 5];
      const r6 = r[m + 6];
      const r7 = r[m + 7];
      const r8 = r[m + 8];
      const x = p[at] + r0 * centres[at] + r1 * centres[at + 1] + r2 * centres[at + 2];
      const y = p[at + 1] + r3 * centres[at] + r4 * centres[at + 1] + r5 * centres[at + 2];
      const z = p[at + 2] + r6 * centres[at] + r7 * centres[at + 1] + r8 * centres[at + 2];

      const s = 6 * body;
      const ixx = bodyInertias[s];
      const ixy = bodyInertias[s + 1];
      const ixz = bodyInertias[s + 2];
      const iyy = bodyInertias[s + 3];
      const iyz = bodyInertias[s + 4];
      const izz = bodyInertias[s + 5];
      const x0 = r0 * ixx + r1 * ixy + r2 * ixz;
      const x1 = r0 * ixy + r1 * iyy + r2 * iyz;
      const x2 = r0 * ixz + r1 * iyz + r2 * izz;
      const y0 = r3 * ixx + r4 * ixy + r5 * ixz;
      const y1 = r3 * ixy + r4 * iyy + r5 * iyz;
      const y2 = r3 * ixz + r4 * iyz + r5 * izz;
      const z0 = r6 * ixx + r7 * ixy + r8 * ixz;
      const z1 = r6 * ixy + r7 * iyy + r8 * iyz;
      const z2 = r6 * ixz + r7 * iyz + r8 * izz;

      const mass = masses[body];
      const o = 10 * body;
      out[o] = mass;
      out[o + 1] = mass * x;
      out[o + 2] = mass * y;
      out[o + 3] = mass * z;
      out[o + 4] = x0 * r0 + x1 * r1 + x2 * r2 + mass * (y * y + z * z);
      out[o + 5] = x0 * r3 + x1 * r4 + x2 * r5 - mass * x * y;
      out[o + 6] = x0 * r6 + x1 * r7 + x2 * r8 - mass * x * z;
      out[o + 7] = y0 * r3 + y1 * r4 + y2 * r5 + mass * (x * x + z * z);
      out[o + 8] = y0 * r6 + y1 * r7 + y2 * r8 - mass * y * z;
      out[o + 9] = z0 * r6 + z1 * r7 + z2 * r8 + mass * (x * x + y * y);
    }
  }

  /** Mᵢⱼ = Sⱼ · Iᶜᵢ Sᵢ for j ≤ i, with Iᶜᵢ the inertia of body i and all that it carries. */
  private updateMassMatrix({ axes: a }: PandaKinematics): void {
    const { inertias, moments: u, composite: c, massMatrix } = this;
    c.fill(0);
    for (let i = JOINTS - 1; i >= 0; i--) {
      for (let k = 0; k < 10; k++) c[k] += inertias[10 * i + k];
      const at = 3 * i;
      const ax = a[at];
      const ay = a[at + 1];
      const az = a[at + 2];
      const ux = u[at];
      const uy = u[at + 1];
      const uz = u[at + 2];
      const nx = c[4] * ax + c[5] * ay + c[6] * az + c[2] * uz - c[3] * uy;
      const ny = c[5] * ax + c[7] * ay + c[8] * az + c[3] * ux - c[1] * uz;
      const nz = c[6] * ax + c[8] * ay + c[9] * az + c[1] * uy - c[2] * ux;
      const lx = c[0] * ux + ay * c[3] - az * c[2];
      const ly = c[0] * uy + az * c[1] - ax * c[3];
      const lz = c[0] * uz + ax * c[2] - ay * c[1];
      for (let j = 0; j <= i; j++) {
        const k = 3 * j;
        const entry = a[k] * nx + a[k + 1] * ny + a[k + 2] * nz + u[k] * lx + u[k + 1] * ly + u[k + 2] * lz;
        massMatrix[JOINTS * i + j] = entry;
        massMatrix[JOINTS * j + i] = entry;
      }
    }
  }

  /** Newton-Euler with zero joint acceleration: velocities and accelerations outwards, forces inwards. */
  private updateBias({ axes: a }: PandaKinematics, qvel: Float64Array): void {
    const { inertias, moments: u, wrenches, bias } = this;
    // Angular velocity w and acceleration b; velocity v and acceleration e of the body's point at the origin.
    let wx = 0;
    let wy = 0;
    let wz = 0;
    let vx = 0;
    let vy = 0;
    let vz = 0;
    let bx = 0;
    let by = 0;
    let bz = 0;
    let ex = 0;
    let ey = 0;
    let ez = 0;
    for (let i = 0; i < JOINTS; i++) {
      const at = 3 * i;
      const rate = qvel[i];
      const sx = a[at] * rate;
      const sy = a[at + 1] * rate;
      const sz = a[at + 2] * rate;
      const tx = u[at] * rate;
      const ty = u[at + 1] * rate;
      const tz = u[at + 2] * rate;
      bx += wy * sz - wz * sy;
      by += wz * sx - wx * sz;
      bz += wx * sy - wy * sx;
      ex += wy * tz - wz * ty + vy * sz - vz * sy;
      ey += wz * tx - wx * tz + vz * sx - vx * sz;
      ez += wx * ty - wy * tx + vx * sy - vy * sx;
      wx += sx;
      wy += sy;
      wz += sz;
      vx += tx;
      vy += ty;
      vz += tz;

      const o = 10 * i;
      const m = inertias[o];
      const hx = inertias[o + 1];
      const hy = inertias[o + 2];
      const hz = inertias[o + 3];
      const ixx = inertias[o + 4];
      const ixy = inertias[o + 5];
      const ixz = inertias[o + 6];
      const iyy = inertias[o + 7];
      const iyz = inertias[o + 8];
      const izz = inertias[o + 9];
      // Momentum (angular l, linear p) and wrench I·a + v ×* (I·v).
      const lx = ixx * wx + ixy * wy + ixz * wz + hy * vz - hz * vy;
      const ly = ixy * wx + iyy * wy + iyz * wz + hz * vx - hx * vz;
      const lz = ixz * wx + iyz * wy + izz * wz + hx * vy - hy * vx;
      const px = m * vx + wy * hz - wz * hy;
      const py = m * vy + wz * hx - wx * hz;
      const pz = m * vz + wx * hy - wy * hx;
      const f = 6 * i;
      wrenches[f] =
        ixx * bx + ixy * by + ixz * bz + hy * ez - hz * ey + wy * lz - wz * ly + vy * pz - vz * py;
      wrenches[f + 1] =
        ixy * bx + iyy * by + iyz * bz + hz * ex - hx * ez + wz * lx - wx * lz + vz * px - vx * pz;
      wrenches[f + 2] =
        ixz * bx + iyz * by + izz * bz + hx * ey - hy * ex + wx * ly - wy * lx + vx * py - vy * px;
      wrenches[f + 3] = m * ex + by * hz - bz * hy + wy * pz - wz * py;
      wrenches[f + 4] = m * ey + bz * hx - bx * hz + wz * px - wx * pz;
      wrenches[f + 5] = m * ez + bx * hy - by * hx + wx * py - wy * px;
    }
    let nx = 0;
    let ny = 0;
    let nz = 0;
    let fx = 0;
    let fy = 0;
    let fz = 0;
    for (let i = JOINTS - 1; i >= 0; i--) {
      const at = 3 * i;
      const f = 6 * i;
      nx += wrenches[f];
      ny += wrenches[f + 1];
      nz += wrenches[f + 2];
      fx += wrenches[f + 3];
      fy += wrenches[f + 4];
      fz += wrenches[f + 5];
      bias[i] = a[at] * nx + a[at + 1] * ny + a[at + 2] * nz + u[at] * fx + u[at + 1] * fy + u[at + 2] * fz;
    }
  }
}

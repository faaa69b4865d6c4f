import type { PandaKinematics } from '../../panda/kinematics.js';
import { leverArm } from '../../panda/lever_arm.js';
import { ARM_JOINTS, ROBOT_JOINTS } from '../../panda/model.js';
import { RIGID_BODIES } from '../../panda/model_data.js';
import { newPartMotion, type PartMotion } from './part_motion.js';

// Names of this file for numbers: V8 takes them for constants, but reads imported and exported ones at each use.
const ARM = ARM_JOINTS;
const JOINTS = ROBOT_JOINTS;
const LEFT = ARM_JOINTS;
const RIGHT = ARM_JOINTS + 1;
const CARRIER = ARM_JOINTS - 1;

export const LEFT_FINGER = LEFT;
export const RIGHT_FINGER = RIGHT;
/** The link that carries the hand. */
export const HAND = CARRIER;
const HAND_CENTRE = RIGID_BODIES.hand.centreOfMass;

/** The motion of the robot's links, by the joint that moves each. */
export class LinkMotion {
  /** Motions by link. */
  readonly motions: readonly PartMotion[] = Array.from({ length: JOINTS }, newPartMotion);
  private readonly finger = { x: 0, y: 0, z: 0 };

  constructor(
    private readonly kinematics: PandaKinematics,
    private readonly qpos: Float64Array,
  ) {}

  /**
   * Writes to `out` [9, from `at`] what each joint's velocity adds to the speed along `direction` [3] of the world point in
   * `points` [3, from `p`] on a link, times `sign`.
   */
  writePointRow(
    part: number,
    points: Float64Array,
    p: number,
    direction: Float64Array,
    sign: number,
    out: Float64Array,
    at: number,
  ): void {
    const x = points[p];
    const y = points[p + 1];
    const z = points[p + 2];
    const dx = sign * direction[0];
    const dy = sign * direction[1];
    const dz = sign * direction[2];
    const { kinematics } = this;
    const moving = Math.min(part + 1, ARM);
    for (let joint = 0; joint < moving; joint++)
      out[at + joint] = leverArm(kinematics, joint, x, y, z, dx, dy, dz);
    for (let joint = moving; joint < ARM; joint++) out[at + joint] = 0;
    this.writeFingers(part, dx, dy, dz, out, at);
  }

  /** The same for the rate of turning about `direction`. */
  writeSpinRow(part: number, direction: Float64Array, sign: number, out: Float64Array, at: number): void {
    const { axes } = this.kinematics;
    const last = Math.min(part, CARRIER);
    for (let joint = 0; joint < ARM; joint++) {
      const k = 3 * joint;
      const along = axes[k] * direction[0] + axes[k + 1] * direction[1] + axes[k + 2] * direction[2];
      out[at + joint] = joint <= last ? sign * along : 0;
    }
    out[at + LEFT] = 0;
    out[at + RIGHT] = 0;
  }

  /** Begins a physics step at the joints' velocities, the first of all `velocities`. */
  begin(velocities: Float64Array): void {
    const { kinematics, motions } = this;
    const { axes, positions, handRotation: r } = kinematics;
    for (let part = 0; part < JOINTS; part++) {
      const { centre, linear, angular, bend } = motions[part];
      this.writeCentre(part, centre);
      bend[0] = 0;
      bend[1] = 0;
      bend[2] = 0;
      const cx = centre[0];
      const cy = centre[1];
      const cz = centre[2];
      let vx = 0;
      let vy = 0;
      let vz = 0;
      let wx = 0;
      let wy = 0;
      let wz = 0;
      const last = Math.min(part, CARRIER);
      for (let joint = 0; joint <= last; joint++) {
        const k = 3 * joint;
        const rate = velocities[joint];
        const tx = axes[k] * rate;
        const ty = axes[k + 1] * rate;
        const tz = axes[k + 2] * rate;
        const x = cx - positions[k];
        const y = cy - positions[k + 1];
        const z = cz - positions[k + 2];
        wx += tx;
        wy += ty;
        wz += tz;
        vx += ty * z - tz * y;
        vy += tz * x - tx * z;
        vz += tx * y - ty * x;
      }
      linear[0] = vx;
      linear[1] = vy;
      linear[2] = vz;
      angular[0] = wx;
      angular[1] = wy;
      angular[2] = wz;
      if (part <= CARRIER) continue;
      const opening = (part === LEFT ? 1 : -1) * velocities[part];
      for (let i = 0; i < 3; i++) linear[i] += r[3 * i + 1] * opening;
    }
  }

  /** Updates the bends of hand and fingers, to second order, after the joints' part of the `displacements`. */
  updateBends(displacements: Float64Array): void {
    const { kinematics, motions } = this;
    const { axes, positions, handRotation: r } = kinematics;
    // With w = turn before joint j and half of its own, a = joint j's own, p its place, the bend at c is
    // Σ w × (a × (c − p)) = Σ a (w·(c − p)) − (c − p) (w·a) = S c − t.
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    let s5 = 0;
    let s6 = 0;
    let s7 = 0;
    let s8 = 0;
    let wx = 0;
    let wy = 0;
    let wz = 0;
    let tx = 0;
    let ty = 0;
    let tz = 0;
    for (let joint = 0; joint < ARM; joint++) {
      const k = 3 * joint;
      const turn = displacements[joint];
      const ax = axes[k] * turn;
      const ay = axes[k + 1] * turn;
      const az = axes[k + 2] * turn;
      const hx = wx + ax / 2;
      const hy = wy + ay / 2;
      const hz = wz + az / 2;
      const px = positions[k];
      const py = positions[k + 1];
      const pz = positions[k + 2];
      const both = hx * ax + hy * ay + hz * az;
      const place = hx * px + hy * py + hz * pz;
      s0 += ax * hx - both;
      s1 += ax * hy;
      s2 += ax * hz;
      s3 += ay * hx;
      s4 += ay * hy - both;
      s5 += ay * hz;
      s6 += az * hx;
      s7 += az * hy;
      s8 += az * hz - both;
      tx += ax * place - px * both;
      ty += ay * place - py * both;
      tz += az * place - pz * both;
      wx += ax;
      wy += ay;
      wz += az;
    }
    for (let part = CARRIER; part < JOINTS; part++) {
      const { centre, bend } = motions[part];
      const x = centre[0];
      const y = centre[1];
      const z = centre[2];
      bend[0] = s0 * x + s1 * y + s2 * z - tx;
      bend[1] = s3 * x + s4 * y + s5 * z - ty;
      bend[2] = s6 * x + s7 * y + s8 * z - tz;
      if (part === CARRIER) continue;
      const slide = (part === LEFT ? 1 : -1) * displacements[part];
      addCross(wx, wy, wz, r[1] * slide, r[4] * slide, r[7] * slide, bend);
    }
  }

  /** Writes the centre of mass of a link to `out` [3]; of links before the hand, the origin of their frame. */
  private writeCentre(part: number, out: Float64Array): void {
    const { finger, kinematics } = this;
    const { positions, handPosition, handRotation: r } = kinematics;
    if (part > CARRIER) {
      kinematics.fingerPosition(part === LEFT ? 1 : -1, this.qpos[part], finger);
      out[0] = finger.x;
      out[1] = finger.y;
      out[2] = finger.z;
      return;
    }
    const c = HAND_CENTRE;
    for (let i = 0; i < 3; i++) {
      out[i] =
        part < CARRIER
          ? positions[3 * part + i]
          : handPosition[i] + r[3 * i] * c[0] + r[3 * i + 1] * c[1] + r[3 * i + 2] * c[2];
    }
  }

  private writeFingers(
    part: number,
    dx: number,
    dy: number,
    dz: number,
    out: Float64Array,
    at: number,
  ): void {
    const { handRotation: r } = this.kinematics;
    const opening = part > CARRIER ? r[1] * dx + r[4] * dy + r[7] * dz : 0;
    out[at + LEFT] = part === LEFT ? opening : 0;
    out[at + RIGHT] = part === RIGHT ? -opening : 0;
  }
}

/** Adds the cross product of two vectors to `out` [3]. */
function addCross(
  ax: number,
  ay: number,
  az: number,
  bx: number,
  by: number,
  bz: number,
  out: Float64Array,
): void {
  out[0] += ay * bz - az * by;
  out[1] += az * bx - ax * bz;
  out[2] += ax * by - ay * bx;
}

import {
  ARM_JOINTS,
  FINGER_OFFSET,
  HAND_OFFSET,
  HAND_YAW,
  JOINT_ORIGINS,
  JOINT_ROLLS,
  TCP_OFFSET,
} from './model.js';

// Names of this file for numbers: V8 takes them for constants, but reads imported and exported ones at each use.
const JOINTS = ARM_JOINTS;

const HAND_COS = Math.cos(HAND_YAW);
const HAND_SIN = Math.sin(HAND_YAW);

/**
 * Forward kinematics of the arm in the world frame. `update` fills the joint frames; the hand and the tool centre
 * point follow from the last one. All arrays are rewritten by each update.
 */
export class PandaKinematics {
  /** [7, 3]: origins of the joint frames. */
  readonly positions = new Float64Array(3 * JOINTS);
  /** [7, 3, 3]: rotation matrices of the joint frames, row by row. */
  readonly rotations = new Float64Array(9 * JOINTS);
  /** [7, 3]: the joints' axes of rotation. */
  readonly axes = new Float64Array(3 * JOINTS);
  /** [3]: origin of the hand frame. */
  readonly handPosition = new Float64Array(3);
  /** [3, 3]: rotation matrix of the hand frame, row by row; the fingers open along its y axis. */
  readonly handRotation = new Float64Array(9);
  /** [3]: the tool centre point, between the finger pads. */
  readonly tcpPosition = new Float64Array(3);

  private readonly baseRotation: Float64Array;

  /** @param basePose position 3 and quaternion wxyz 4 of the robot's root. */
  constructor(private readonly basePose: readonly number[]) {
    this.baseRotation = rotationMatrix(basePose);
  }

  /** Computes all frames at the joint positions `qpos` [≥ 7]. */
  update(qpos: Float64Array): void {
    const { positions, rotations, axes, baseRotation: base } = this;
    let xx = base[0];
    let xy = base[1];
    let xz = base[2];
    let yx = base[3];
    let yy = base[4];
    let yz = base[5];
    let zx = base[6];
    let zy = base[7];
    let zz = base[8];
    let px = this.basePose[0];
    let py = this.basePose[1];
    let pz = this.basePose[2];
    for (let joint = 0; joint < JOINTS; joint++) {
      const origin = JOINT_ORIGINS[joint];
      px += xx * origin[0] + xy * origin[1] + xz * origin[2];
      py += yx * origin[0] + yy * origin[1] + yz * origin[2];
      pz += zx * origin[0] + zy * origin[1] + zz * origin[2];

      const roll = JOINT_ROLLS[joint];
      if (roll !== 0) {
        let column = xy;
        xy = roll * xz;
        xz = -roll * column;
        column = yy;
        yy = roll * yz;
        yz = -roll * column;
        column = zy;
        zy = roll * zz;
        zz = -roll * column;
      }

      const cos = Math.cos(qpos[joint]);
      const sin = Math.sin(qpos[joint]);
      const ux = xx;
      const uy = yx;
      const uz = zx;
      xx = ux * cos + xy * sin;
      yx = uy * cos + yy * sin;
      zx = uz * cos + zy * sin;
      xy = xy * cos - ux * sin;
      yy = yy * cos - uy * sin;
      zy = zy * cos - uz * sin;

      const at = 3 * joint;
      positions[at] = px;
      positions[at + 1] = py;
      positions[at + 2] = pz;
      axes[at] = xz;
      axes[at + 1] = yz;
      axes[at + 2] = zz;
      const matrix = 9 * joint;
      rotations[matrix] = xx;
      rotations[matrix + 1] = xy;
      rotations[matrix + 2] = xz;
      rotations[matrix + 3] = yx;
      rotations[matrix + 4] = yy;
      rotations[matrix + 5] = yz;
      rotations[matrix + 6] = zx;
      rotations[matrix + 7] = zy;
      rotations[matrix + 8] = zz;
    }
    this.updateHand();
  }

  private updateHand(): void {
    const { positions, rotations, handPosition, handRotation, tcpPosition } = this;
    for (let row = 0; row < 3; row++) {
      const from = 9 * (JOINTS - 1) + 3 * row;
      const x = rotations[from];
      const y = rotations[from + 1];
      const z = rotations[from + 2];
      handRotation[3 * row] = HAND_COS * x + HAND_SIN * y;
      handRotation[3 * row + 1] = HAND_COS * y - HAND_SIN * x;
      handRotation[3 * row + 2] = z;
      const origin = positions[3 * (JOINTS - 1) + row];
      handPosition[row] = origin + HAND_OFFSET * z;
      tcpPosition[row] = origin + (HAND_OFFSET + TCP_OFFSET) * z;
    }
  }

  /** Writes the origin of a finger that is open by `opening` (side 1: left, −1: right) into `out` [3]. */
  fingerPosition(side: 1 | -1, opening: number, out: { x: number; y: number; z: number }): void {
    const { handPosition: p, handRotation: r } = this;
    out.x = p[0] + side * opening * r[1] + FINGER_OFFSET * r[2];
    out.y = p[1] + side * opening * r[4] + FINGER_OFFSET * r[5];
    out.z = p[2] + side * opening * r[7] + FINGER_OFFSET * r[8];
  }

  /** Writes the hand's linear (of its origin) and angular velocity at joint velocities `qvel` [≥ 7] into `out` [6]. */
  handVelocity(qvel: Float64Array, out: Float64Array): void {
    const { axes, positions, handPosition } = this;
    out.fill(0);
    for (let joint = 0; joint < JOINTS; joint++) {
      const at = 3 * joint;
      const wx = axes[at] * qvel[joint];
      const wy = axes[at + 1] * qvel[joint];
      const wz = axes[at + 2] * qvel[joint];
      const dx = handPosition[0] - positions[at];
      const dy = handPosition[1] - positions[at + 1];
      const dz = handPosition[2] - positions[at + 2];
      out[0] += wy * dz - wz * dy;
      out[1] += wz * dx - wx * dz;
      out[2] += wx * dy - wy * dx;
      out[3] += wx;
      out[4] += wy;
      out[5] += wz;
    }
  }

  /**
   * Writes the hand's (and tool centre point's) quaternion wxyz at `qpos` into `out` [4]. Multiplied joint by joint,
   * so its sign is continuous in `qpos`.
   */
  handQuaternion(qpos: Float64Array, out: Float64Array): void {
    let w = this.basePose[3];
    let x = this.basePose[4];
    let y = this.basePose[5];
    let z = this.basePose[6];
    for (let joint = 0; joint < JOINTS; joint++) {
      const rollSin = JOINT_ROLLS[joint] * Math.SQRT1_2;
      const rollCos = rollSin === 0 ? 1 : Math.SQRT1_2;
      const rw = w * rollCos - x * rollSin;
      const rx = x * rollCos + w * rollSin;
      const ry = y * rollCos + z * rollSin;
      const rz = z * rollCos - y * rollSin;
      const half = 0.5 * (joint === JOINTS - 1 ? qpos[joint] + HAND_YAW : qpos[joint]);
      const cos = Math.cos(half);
      const sin = Math.sin(half);
      w = rw * cos - rz * sin;
      x = rx * cos + ry * sin;
      y = ry * cos - rx * sin;
      z = rz * cos + rw * sin;
    }
    out[0] = w;
    out[1] = x;
    out[2] = y;
    out[3] = z;
  }
}

function rotationMatrix(pose: readonly number[]): Float64Array {
  const [, , , w, x, y, z] = pose;
  return Float64Array.of(
    1 - 2 * (y * y + z * z),
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    1 - 2 * (x * x + z * z),
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    1 - 2 * (x * x + y * y),
  );
}

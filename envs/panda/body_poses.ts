import { PandaKinematics } from './kinematics.js';
import { ARM_JOINTS } from './model.js';

/** Poses of the Panda's bodies: links 0 to 7, hand, left and right finger. */
export class PandaPoses {
  private readonly kinematics: PandaKinematics;
  private readonly finger = { x: 0, y: 0, z: 0 };

  /** @param basePose position 3 and quaternion wxyz 4 of the robot's root, which is link 0. */
  constructor(private readonly basePose: readonly number[]) {
    this.kinematics = new PandaKinematics(basePose);
  }

  /** Writes position 3 and quaternion wxyz 4 of every body at `qpos` [≥ 9] to `out` [11, 7], from `offset` on. */
  write(qpos: Float64Array, out: Float32Array, offset: number): void {
    const { kinematics, finger } = this;
    const { positions, rotations, handPosition, handRotation } = kinematics;
    kinematics.update(qpos);
    out.set(this.basePose, offset);
    let at = offset + 7;
    for (let joint = 0; joint < ARM_JOINTS; joint++) {
      for (let axis = 0; axis < 3; axis++) out[at + axis] = positions[3 * joint + axis];
      writeQuaternion(rotations, 9 * joint, out, at + 3);
      at += 7;
    }
    out.set(handPosition, at);
    writeQuaternion(handRotation, 0, out, at + 3);
    for (const [index, side] of ([1, -1] as const).entries()) {
      at += 7;
      kinematics.fingerPosition(side, qpos[ARM_JOINTS + index], finger);
      out[at] = finger.x;
      out[at + 1] = finger.y;
      out[at + 2] = finger.z;
      writeQuaternion(handRotation, 0, out, at + 3);
    }
  }
}

/** Writes the quaternion wxyz of the rotation matrix [3, 3], row by row, that begins at `m[from]`. */
function writeQuaternion(m: Float64Array, from: number, out: Float32Array, at: number): void {
  const xx = m[from];
  const yy = m[from + 4];
  const zz = m[from + 8];
  const wx = m[from + 7] - m[from + 5];
  const wy = m[from + 2] - m[from + 6];
  const wz = m[from + 3] - m[from + 1];
  const xy = m[from + 3] + m[from + 1];
  const xz = m[from + 2] + m[from + 6];
  const yz = m[from + 7] + m[from + 5];
  // Four times the quaternion times one of its components; one that is at least 1/2 keeps the precision.
  if (xx + yy + zz >= 0) writeUnit(out, at, 1 + xx + yy + zz, wx, wy, wz);
  else if (xx >= yy && xx >= zz) writeUnit(out, at, wx, 1 + xx - yy - zz, xy, xz);
  else if (yy >= zz) writeUnit(out, at, wy, xy, 1 - xx + yy - zz, yz);
  else writeUnit(out, at, wz, xz, yz, 1 - xx - yy + zz);
}

function writeUnit(out: Float32Array, at: number, w: number, x: number, y: number, z: number): void {
  const scale = 1 / Math.sqrt(w * w + x * x + y * y + z * z);
  out[at] = scale * w;
  out[at + 1] = scale * x;
  out[at + 2] = scale * y;
  out[at + 3] = scale * z;
}

import { PandaKinematics } from '../../envs/panda/kinematics.js';

const POSE_SIZE = 7;

/** Measures how far apart two configurations of the arm hold the tool centre point. */
export class TcpDistance {
  private readonly kinematics = new PandaKinematics([0, 0, 0, 1, 0, 0, 0]);
  private readonly poses = [new Float64Array(POSE_SIZE), new Float64Array(POSE_SIZE)];

  /** Between the joint positions `a` and `b` [≥ 7]: metres, plus radians of the turn between the orientations. */
  between(a: Float64Array, b: Float64Array): number {
    const [p, q] = this.poses;
    this.writePose(a, p);
    this.writePose(b, q);
    const translation = Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    const cosHalf = Math.abs(p[3] * q[3] + p[4] * q[4] + p[5] * q[5] + p[6] * q[6]);
    return translation + 2 * Math.acos(Math.min(1, cosHalf));
  }

  private writePose(qpos: Float64Array, pose: Float64Array): void {
    this.kinematics.update(qpos);
    pose.set(this.kinematics.tcpPosition);
    this.kinematics.handQuaternion(qpos, pose.subarray(3));
  }
}

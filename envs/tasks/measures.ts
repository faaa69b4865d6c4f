import type { PandaWorld } from '../physics/panda_world.js';

const quaternion = new Float64Array(4);

/** 1 − tanh(5·distance): ManiSkill's reward for coming close, 1 at no distance. */
export function closeness(distance: number): number {
  return 1 - Math.tanh(5 * distance);
}

/** The distance between the points in the first three entries of `a` and `b`. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const x = a[0] - b[0];
  const y = a[1] - b[1];
  const z = a[2] - b[2];
  return Math.sqrt(x * x + y * y + z * z);
}

/** Writes position and quaternion wxyz of the tool centre point into seven entries of `out`. */
export function writeTcpPose(world: PandaWorld, out: Float32Array, offset: number): void {
  const { tcpPosition } = world.kinematics;
  world.kinematics.handQuaternion(world.qpos, quaternion);
  for (let i = 0; i < 3; i++) out[offset + i] = tcpPosition[i];
  for (let i = 0; i < 4; i++) out[offset + 3 + i] = quaternion[i];
}

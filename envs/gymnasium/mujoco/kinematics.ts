import { fromFrame } from '../../tasks/frames.js';
import type { Body, Joint } from './model.js';
import { positionsOf } from './sizes.js';

/** Position 3 and quaternion wxyz 4. */
type Pose = readonly number[];

const WORLD: Pose = [0, 0, 0, 1, 0, 0, 0];

/**
 * The poses of a body and all that hang on it, in MuJoCo's order, where the joints stand at `qpos` [nq]: what MuJoCo computes
 * too, for pictures that do without it.
 */
export function posesOf(body: Body, qpos: ArrayLike<number>): Pose[] {
  let next = 0;
  const descend = ({ pos, joints = [], bodies = [] }: Body, parent: Pose): Pose[] => {
    let pose: Pose = [...fromFrame(parent, ...pos), ...parent.slice(3)];
    for (const joint of joints) {
      pose = moved(pose, joint, qpos, next);
      next += positionsOf(joint);
    }
    const above = pose;
    return [above, ...bodies.flatMap((child) => descend(child, above))];
  };
  return descend(body, WORLD);
}

/** The pose after a joint of the body has come to where `qpos` has it, from `at` on. */
function moved(pose: Pose, joint: Joint, qpos: ArrayLike<number>, at: number): Pose {
  const { type, axis: [x, y, z] = [0, 0, 1], pos = [0, 0, 0], ref = 0 } = joint;
  const travel = qpos[at] - ref;
  switch (type) {
    case 'free': {
      const free = Array.from({ length: positionsOf(joint) }, (_, i) => qpos[at + i]);
      const norm = Math.hypot(...free.slice(3));
      return free.map((value, i) => (i < 3 ? value : value / norm));
    }
    case 'slide':
      return [...fromFrame(pose, travel * x, travel * y, travel * z), ...pose.slice(3)];
    case 'hinge': {
      const anchor = fromFrame(pose, ...pos);
      const turned = [...anchor, ...product(pose.slice(3), turnAbout([x, y, z], travel))];
      const [px, py, pz] = pos;
      return [...fromFrame(turned, -px, -py, -pz), ...turned.slice(3)];
    }
  }
}

/** The quaternion of a turn about an axis of any length, radians. */
export function turnAbout(axis: readonly number[], angle: number): number[] {
  const scale = Math.sin(angle / 2) / Math.hypot(...axis);
  return [Math.cos(angle / 2), ...axis.map((value) => value * scale)];
}

/** The turn `a` after `b`. */
function product([aw, ax, ay, az]: readonly number[], [bw, bx, by, bz]: readonly number[]): number[] {
  return [
    aw * bw - ax * bx - ay * by - az * bz,
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
  ];
}

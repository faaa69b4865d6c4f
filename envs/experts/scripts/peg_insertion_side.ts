import { fromFrame, inFrame } from '../../tasks/frames.js';
import { carry, type Grip, holds, nextDepth, reach, type WayIn } from '../insertion.js';
import type { Aim, Script, Sight } from '../script.js';

/** A place behind the peg's middle, so that the hand stays clear of the box. */
const GRIP: Grip = { along: -0.06, closing: 0.012, maxSlip: 0.025, minHeight: 0.017 };
/** The hole is 3 mm wider than the peg on every side. */
const WAY_IN: WayIn = { wait: 0.015, waitSlope: 0.5, aligned: 0.003, kept: 0.008, lost: 0.015, lead: 0.04 };
/** The head stops this far before the hole's middle: further in, the camera on the hand would press on the box. */
const SHORT = 0.005;
/** The distance beside the hole at which `miss` aims. */
const MISS_DISTANCE = 0.03;
/** `drop` lets go when the head is this near to the box. */
const DROP_DISTANCE = 0.05;
const OPEN = 1;
const CLOSED = -1;

/** Grips the peg behind its middle, brings it before the hole and pushes it in, looking at the peg's own pose. */
export const PEG_INSERTER: Script = {
  orientation: [0, Math.SQRT1_2, Math.SQRT1_2, 0],
  needsTurns: true,
  tolerance: 1e-4,
  flaws: ['miss', 'drop'],
  aim(sight, aim) {
    const { tcp_pose: tcp, peg_pose: peg, peg_half_size: size } = sight.parts;
    if (holds(GRIP, tcp, sight.fingerGap, peg, 2 * size[1])) insert(sight, aim);
    else reach(aim, GRIP, tcp, peg);
  },
};

function insert({ parts, flaw, aside }: Sight, aim: Aim): void {
  const { tcp_pose: tcp, peg_pose: peg, peg_half_size: size, box_hole_pose: hole } = parts;
  const [length] = size;
  const miss = flaw === 'miss' ? Math.sign(aside[0]) * MISS_DISTANCE : 0;
  const [depth, headY, headZ] = inFrame(hole, fromFrame(peg, length, 0, 0));
  const [, tailY, tailZ] = inFrame(hole, fromFrame(peg, -length, 0, 0));
  const off = Math.max(Math.hypot(headY - miss, headZ), Math.hypot(tailY - miss, tailZ));
  // The box is as long as the peg, with the hole's frame in its middle.
  const head = Math.min(nextDepth(WAY_IN, depth, -length, off), -SHORT);
  carry(aim, tcp, peg, [...fromFrame(hole, head - length, miss, 0), ...hole.subarray(3)]);
  aim.gripper = flaw === 'drop' && depth > -length - DROP_DISTANCE ? OPEN : CLOSED;
}

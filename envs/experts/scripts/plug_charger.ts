import { angleBetween, fromFrame, inFrame } from '../../tasks/frames.js';
import { distance } from '../../tasks/measures.js';
import { carry, type Grip, holds, nextDepth, reach, type WayIn } from '../insertion.js';
import type { Aim, Script, Sight } from '../script.js';

/** The charger's width, and how far its prongs reach ahead of its origin. */
const WIDTH = 0.03;
const PRONGS = 0.016;
/** The middle of the charger's body. */
const GRIP: Grip = { along: -0.02, closing: 0.004, maxSlip: 0.018, minHeight: 0.014 };
/**
 * Fingers that have slid this far towards the prongs, with the charger this far from being inside, put it down to grip it
 * anew: so far before the receptacle, to this height, and they open a little above it.
 */
const SLIP = 0.007;
const INSIDE = 0.008;
const RETREAT = 0.06;
const LYING_HEIGHT = 0.012;
const OPENING_HEIGHT = 0.0135;
/** The slots are 0.5 mm wider than the prongs on every side. */
const WAY_IN: WayIn = { wait: 0.002, waitSlope: 0.5, aligned: 0.0005, kept: 0.002, lost: 0.006, lead: 0.012 };
/** Metres that a radian of turning left counts as: the prongs' tips are so far from the middle of the grip. */
const TURN_RADIUS = 0.015;
/** The charger is plugged in this near to its goal. */
const PLUGGED_DISTANCE = 0.003;
const PLUGGED_ANGLE = 0.1;
/** The distance beside the receptacle's middle at which `miss` aims. */
const MISS_DISTANCE = 0.01;
/** `drop` lets go when the tips are this near to the receptacle. */
const DROP_DISTANCE = 0.03;
/** Share of the noise with which it is plugged in. */
const STEADY = 0.3;
const OPEN = 1;
const CLOSED = -1;

/** Grips the charger by its body, brings it before the receptacle and pushes it in, looking at the charger's own pose. */
export const CHARGER_PLUGGER: Script = {
  // Fingers down, opening along y.
  orientation: [0, 1, 0, 0],
  needsTurns: true,
  tolerance: 1e-4,
  flaws: ['miss', 'drop'],
  aim(sight, aim) {
    const { tcp_pose: tcp, charger_pose: charger } = sight.parts;
    if (isPlugged(sight)) letGo(sight, aim);
    else if (!holds(GRIP, tcp, sight.fingerGap, charger, WIDTH)) reach(aim, GRIP, tcp, charger);
    else if (isStuck(sight)) putDown(sight, aim);
    else plug(sight, aim);
  },
};

function isPlugged({ parts: { charger_pose: charger, goal_pose: goal } }: Sight): boolean {
  return distance(charger, goal) < PLUGGED_DISTANCE && angleBetween(charger, goal) < PLUGGED_ANGLE;
}

/** Opens the fingers where they are: closed, a shaking hand would pull the charger out. */
function letGo({ parts: { tcp_pose: tcp } }: Sight, aim: Aim): void {
  for (let axis = 0; axis < 3; axis++) aim.target[axis] = tcp[axis];
  aim.orientation.set(tcp.subarray(3));
  aim.gripper = OPEN;
}

function isStuck({ parts: { tcp_pose: tcp, charger_pose: charger, goal_pose: goal } }: Sight): boolean {
  const [along] = inFrame(charger, tcp);
  const [depth] = inFrame(goal, charger);
  return along > GRIP.along + SLIP && depth < -INSIDE;
}

function putDown(
  { parts: { tcp_pose: tcp, charger_pose: charger, goal_pose: goal } }: Sight,
  aim: Aim,
): void {
  const [x, y] = fromFrame(goal, -RETREAT, 0, 0);
  carry(aim, tcp, charger, [x, y, LYING_HEIGHT, ...goal.subarray(3)]);
  aim.gripper = charger[2] < OPENING_HEIGHT ? OPEN : CLOSED;
}

function plug({ parts, flaw, aside }: Sight, aim: Aim): void {
  const { tcp_pose: tcp, charger_pose: charger, goal_pose: goal } = parts;
  const miss = flaw === 'miss' ? Math.sign(aside[0]) * MISS_DISTANCE : 0;
  const [depth, y, z] = inFrame(goal, fromFrame(charger, PRONGS, 0, 0));
  const off = Math.hypot(y - miss, z) + TURN_RADIUS * angleBetween(charger, goal);
  const tips = Math.min(nextDepth(WAY_IN, depth, 0, off), PRONGS);
  carry(aim, tcp, charger, [...fromFrame(goal, tips - PRONGS, miss, 0), ...goal.subarray(3)]);
  aim.shaking = STEADY;
  aim.gripper = flaw === 'drop' && depth > -DROP_DISTANCE ? OPEN : CLOSED;
}

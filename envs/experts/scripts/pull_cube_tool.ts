import { DEFAULT_BASE_POSE } from '../../panda/model.js';
import type { Aim, Script } from '../script.js';
import { areClosedOn, grip } from './grip.js';

/** Half of the tool's width and height. */
const HALF_WIDTH = 0.025;
/** Length that a hand can hold of the handle, which begins at the tool's origin and lies along its x axis. */
const HANDLE_LENGTH = 0.15;
/** Place along the handle to grip it at, and the distance from its line that a hand may have which holds it. */
const GRIP_X = 0.03;
const HELD_DISTANCE = 0.02;
/** The hook is beyond the cube while the cube's centre, in the tool's frame, is nearer than this x. */
const WITHIN_X = 0.118;
/** The hook takes the cube along while its centre is nearer than this x and between these y. */
const STOPPED_X = 0.15;
const MIN_HOOKED_Y = 0;
const MAX_HOOKED_Y = 0.095;
/** A pull begins when the cube is nearer than this y, and leads it to that one. */
const HOOKED_Y = 0.075;
const BEST_Y = 0.067;
/** The hook passes beside the cube beyond this y; beyond this x it has not yet come to it. */
const CLEAR_Y = 0.135;
const BESIDE_X = 0.235;
/** The tool aims to be this much past those places. */
const MARGIN = 0.01;
/** Distance of the cube from the robot's base at which pulling ends; `short` ends before. */
const PULLED_DISTANCE = 0.585;
const SHORT_DISTANCE = 0.66;
/** `miss` pulls when the cube is still this much farther from the hook's tip. */
const MISS_DISTANCE = 0.06;
/** Distance ahead of the hand that it aims at. */
const LEAD = 0.12;
/** The hand leans forwards by so much per metre beyond this distance from the base, radians, within these limits. */
const LEAN = 1.75;
const UPRIGHT_DISTANCE = 0.6;
const MIN_LEAN = -0.09;
const MAX_LEAN = 0.35;
const OPEN = 1;
/** Lightly, so that the tool stays flat on the table while the hand leans. */
const LIGHTLY = 0;

/** Grips the lying tool, slides it past the cube, hooks the cube from behind, and pulls. */
export const PULL_CUBE_TOOL_SCRIPT: Script = {
  orientation: [0, 1, 0, 0],
  flaws: ['miss', 'short'],
  aim({ parts: { tcp_pose: tcp, cube_pose: cube, tool_pose: tool }, fingerGap, flaw }, aim) {
    if (fromBase(cube) < (flaw === 'short' ? SHORT_DISTANCE : PULLED_DISTANCE)) {
      stay(tcp, aim);
      return;
    }
    const yaw = 2 * Math.atan2(tool[6], tool[3]);
    const cos = Math.cos(yaw);
    const sin = Math.sin(yaw);
    const inTool = ([x, y]: Float32Array) => {
      const dx = x - tool[0];
      const dy = y - tool[1];
      return [cos * dx + sin * dy, cos * dy - sin * dx];
    };
    const [handX, handY] = inTool(tcp);
    const isAtHandle = handX > 0 && handX < HANDLE_LENGTH && Math.abs(handY) < HELD_DISTANCE;
    const isLow = Math.abs(tcp[2] - tool[2]) < HALF_WIDTH;
    if (!(isAtHandle && isLow && areClosedOn(2 * HALF_WIDTH, fingerGap))) {
      grip(tcp, [tool[0] + GRIP_X * cos, tool[1] + GRIP_X * sin, HALF_WIDTH], LIGHTLY, aim);
      lean(tcp, yaw, aim);
      return;
    }
    const [x, y] = inTool(cube);
    const [forwards, leftwards] = slide(x, flaw === 'miss' ? y - MISS_DISTANCE : y);
    aim.gripper = LIGHTLY;
    aim.target[0] = tcp[0] + cos * forwards - sin * leftwards;
    aim.target[1] = tcp[1] + sin * forwards + cos * leftwards;
    aim.target[2] = HALF_WIDTH;
    // A hand that leans back as it pulls might lift the tool.
    if (forwards < 0) aim.orientation.set(tcp.subarray(3));
    else lean(tcp, Math.atan2(cube[1] - DEFAULT_BASE_POSE[1], cube[0] - DEFAULT_BASE_POSE[0]), aim);
  },
};

/** Stays with open fingers. */
function stay(tcp: Float32Array, aim: Aim): void {
  aim.gripper = OPEN;
  aim.target.set(tcp.subarray(0, 3));
  aim.orientation.set(tcp.subarray(3));
}

/** The way that the tool is to go, forwards and leftwards in its own frame, for the cube at x, y in that frame. */
function slide(x: number, y: number): [number, number] {
  const isTaken = x > WITHIN_X && x < STOPPED_X && y > MIN_HOOKED_Y && y < MAX_HOOKED_Y;
  if (isTaken) return [-LEAD, (y - BEST_Y) / 2];
  if (x <= WITHIN_X) return [y < HOOKED_Y ? -LEAD : x - WITHIN_X + 2 * MARGIN, y - BEST_Y + MARGIN];
  if (y > CLEAR_Y) return [Math.min(LEAD, x - WITHIN_X + 2 * MARGIN), y - CLEAR_Y - MARGIN];
  if (x < BESIDE_X) return [-LEAD, 0];
  return [Math.min(LEAD, x - BESIDE_X - MARGIN), y - CLEAR_Y - 2 * MARGIN];
}

/** Turns the hand by `yaw` about the vertical, and leans it forwards as far as its distance from the base asks for. */
function lean(tcp: Float32Array, yaw: number, { orientation }: Aim): void {
  const angle = Math.max(MIN_LEAN, Math.min(MAX_LEAN, LEAN * (fromBase(tcp) - UPRIGHT_DISTANCE)));
  const x = Math.cos(angle / 2);
  const z = Math.sin(angle / 2);
  const cos = Math.cos(yaw / 2);
  const sin = Math.sin(yaw / 2);
  orientation[0] = -sin * z;
  orientation[1] = cos * x;
  orientation[2] = sin * x;
  orientation[3] = cos * z;
}

/** The distance of a point from the robot's base, along the table. */
function fromBase([x, y]: Float32Array): number {
  return Math.hypot(x - DEFAULT_BASE_POSE[0], y - DEFAULT_BASE_POSE[1]);
}

const GRIPPER_MIDDLE = 0.015;
const GRIPPER_HALF_RANGE = 0.025;

/** `value` clipped to [−1, 1], the range of every normalised part of an action. */
export function clipToUnit(value: number): number {
  return Math.max(-1, Math.min(1, value));
}

/**
 * Target of both fingers' drives, metres, for the gripper's part of an action: ManiSkill's mimic gripper, the same in
 * every control mode. −1 presses the fingers 1 cm past closed, +1 opens them to 4 cm; clipped to [−1, 1].
 */
export function gripperTarget(action: number): number {
  return GRIPPER_MIDDLE + GRIPPER_HALF_RANGE * clipToUnit(action);
}

/** The gripper's part of the action that drives both fingers to `target`: the inverse of {@link gripperTarget}. */
export function gripperAction(target: number): number {
  return clipToUnit((target - GRIPPER_MIDDLE) / GRIPPER_HALF_RANGE);
}

/** The lower or upper bounds (`sign` −1 or 1) of an action of `size` normalised parts. */
export function unitBounds(size: number, sign: -1 | 1): number[] {
  return new Array<number>(size).fill(sign);
}

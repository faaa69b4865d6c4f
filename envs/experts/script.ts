/** What a script goes by. Actions that follow from the observation alone are easy to imitate. */
export interface Sight {
  /** The task's parts of the observation, by their names in the task. */
  readonly parts: Readonly<Record<string, Float32Array>>;
  /** What spoils this episode: one of the script's flaws, `slow`, or `none`. */
  readonly flaw: string;
  /** [2]: a direction along the table that is another one in every episode. */
  readonly aside: Float64Array;
}

/** What a script is after. */
export interface Aim {
  /** [3]: where the tool centre point should be, world frame. */
  readonly target: Float64Array;
  /** What the gripper does: −1 closed, 1 open. */
  gripper: number;
  /** Share of the full speed, above 0 and up to 1. */
  speed: number;
}

/** How to do a task: where to go with the tool, as seen from each observation. */
export interface Script {
  /** The quaternion wxyz that the tool takes on, in control modes that can turn it; world frame. */
  readonly orientation: readonly number[];
  /** What may be made wrong on purpose, beside being slow. */
  readonly flaws: readonly string[];
  /** Sets all of `aim`; `speed` is 1 before. */
  aim(sight: Sight, aim: Aim): void;
}

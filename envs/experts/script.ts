/** The input of a script. Actions that follow from the observation alone are easy to imitate. */
export interface Sight {
  /** The task's parts of the observation, by their names in the task. */
  readonly parts: Readonly<Record<string, Float32Array>>;
  /** Distance between the fingers, metres. */
  readonly fingerGap: number;
  /** The flaw of this episode: one of the script's flaws, `slow`, or `none`. */
  readonly flaw: string;
  /** [2]: a direction along the table that is another one in every episode. */
  readonly aside: Float64Array;
}

/** The aim of a script. */
export interface Aim {
  /** [3]: where the tool centre point should be, world frame. */
  readonly target: Float64Array;
  /**
   * [4]: the quaternion wxyz that the tool takes on unless it turns freely, in control modes that can turn it; world
   * frame.
   */
  readonly orientation: Float64Array;
  /** Command of the gripper: −1 closed, 1 open. */
  gripper: number;
  /** True if the tool may turn as it goes, which is faster. */
  turnsFreely: boolean;
  /**
   * Share of the highest speed that keeps to the line to the target, above 0. Above 1, joints with speed to spare hurry,
   * and the tool leaves the line.
   */
  speed: number;
  /** Share of the actions' noise, 0 to 1: what asks for precision is done with a steady hand. */
  shaking: number;
}

/** A way to do a task: the place to go to with the tool, as seen from each observation. */
export interface Script {
  /** The tool's orientation where `aim` sets no other. */
  readonly orientation: readonly number[];
  /** True if it never succeeds in control modes that can't turn the tool; false if left out. */
  readonly needsTurns?: boolean;
  /** Metres and radians together by which the tool may stay off where it is to be; 0.001 if left out. */
  readonly tolerance?: number;
  /** Flaws that can be made on purpose, beside being slow. */
  readonly flaws: readonly string[];
  /** Sets `aim`; before, `orientation` is the script's, `turnsFreely` is false, `speed` and `shaking` are 1. */
  aim(sight: Sight, aim: Aim): void;
}

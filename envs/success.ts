/** The success that a task's episodes are judged by, under ManiSkill's names: at their last step, or at any of their steps. */
export type SuccessMeasure = 'success_at_end' | 'success_once';

/** The measure that policies are judged by: a success, or the mean return where tasks have none. */
export type Measure = SuccessMeasure | 'return';

/** The success that data tell of, also where policies are judged by their return: the usual one there. */
export function asSuccess(judgedBy: Measure): SuccessMeasure {
  return judgedBy === 'return' ? USUAL_MEASURE : judgedBy;
}

/** The measure of tasks that name none, and of policies without a task. */
export const USUAL_MEASURE: SuccessMeasure = 'success_at_end';

/** Each measure in words, to follow `succeeds` or `success`. */
export const MEASURE_WORDS: Readonly<Record<SuccessMeasure, string>> = {
  success_at_end: 'at the end',
  success_once: 'at any step',
};

/** A name in a table of successes, followed by their measure where it is not the usual one: `RollBall-v1 (at any step)`. */
export function withMeasure(name: string, judgedBy: Measure): string {
  return judgedBy === USUAL_MEASURE || judgedBy === 'return' ? name : `${name} (${MEASURE_WORDS[judgedBy]})`;
}

/** Both successes, of an episode as flags, of many as shares. */
interface Successes<T> {
  successAtEnd: T;
  successOnce: T;
}

/** The one of both successes that counts. */
export function successBy<T>(judgedBy: SuccessMeasure, { successAtEnd, successOnce }: Successes<T>): T {
  return judgedBy === 'success_once' ? successOnce : successAtEnd;
}

/** True if an episode with these flags of its steps, each 0 or 1, counts as a success. */
export function succeeds(judgedBy: SuccessMeasure, flags: Uint8Array | readonly number[]): boolean {
  return successBy(judgedBy, { successAtEnd: flags.at(-1) === 1, successOnce: flags.includes(1) });
}

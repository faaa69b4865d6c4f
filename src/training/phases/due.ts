import { saveNumbered } from '../checkpoints/saving.js';
import { evaluateRun } from '../evaluation/evaluation.js';
import { logInterval } from '../logs/log_interval.js';
import type { Run } from '../run.js';
import { stepsOf } from '../run_progress.js';

/** Logs, evaluates and saves, as it is due now after the steps since `before`. */
export async function doWhatIsDue(run: Run, before: number): Promise<void> {
  const { config, progress, interval } = run;
  const { log_freq: logFreq, eval_freq: evalFreq, save_freq: saveFreq } = config.train;
  const isDue = (every: number) => passedMultiple(before, stepsOf(progress), every);
  if (isDue(logFreq)) await interval.clock.time('log', () => logInterval(run));
  if (isDue(evalFreq)) await interval.clock.time('eval', () => evaluateRun(run));
  if (isDue(saveFreq)) await interval.clock.time('save', () => saveNumbered(run));
}

/** True if a counter that grew from `before` to `after` passed a multiple of `every`. */
function passedMultiple(before: number, after: number, every: number): boolean {
  return Math.floor(after / every) > Math.floor(before / every);
}

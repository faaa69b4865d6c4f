import { commandText } from '../command_text.js';
import { duration } from '../duration.js';
import { isFinished } from './checkpoints/resume.js';
import { resumeCommand } from './failures.js';
import type { Run } from './run.js';
import { type EvaluationPoint, stepsText } from './run_progress.js';

/** Share of successes that counts as a task solved. */
const TARGET = 0.95;

/** The lines that end a run: its results, and the commands to use next. */
export function closingLines(run: Run): string[] {
  const { progress, folder, config, evalEnvs } = run;
  if (!isFinished(progress, config)) {
    return [`stopped at ${stepsText(progress)} and saved; go on with: ${resumeCommand(folder)}`];
  }
  const updates = progress.gradientSteps === 0 ? '' : `, ${progress.gradientSteps} updates`;
  const lines = [`finished ${stepsText(progress)}${updates} in ${duration(run.seconds())}`];
  if (!evalEnvs)
    return [...lines, `there is no task to evaluate it in: its policy is in ${folder.modelsPath}`];
  return [
    ...lines,
    ...evaluationLines(progress.evaluations),
    `evaluate it with: ${commandText('eval', folder.path)}`,
  ];
}

function evaluationLines(evaluations: readonly EvaluationPoint[]): string[] {
  const last = evaluations[evaluations.length - 1];
  const result =
    `success_at_end ${last.successAtEnd.toFixed(2)} in the last evaluation, first success at step ` +
    `${last.firstSuccessStep ?? '-'} (median)`;
  const first = evaluations.findIndex(({ successAtEnd }) => successAtEnd >= TARGET);
  if (first < 0) return [result, `success_at_end stayed below ${TARGET}`];
  const { envSteps, seconds } = evaluations[first];
  const lowest = Math.min(...evaluations.slice(first).map(({ successAtEnd }) => successAtEnd));
  return [
    result,
    `success_at_end >= ${TARGET} first after ${envSteps} steps, ${duration(seconds)}; ` +
      `the lowest evaluation since is ${lowest.toFixed(2)}`,
  ];
}

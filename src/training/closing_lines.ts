import type { Measure, SuccessMeasure } from '../../envs/success.js';
import { commandText } from '../command_text.js';
import type { Config } from '../config/schema.js';
import { measureOf, normalizedReturn } from '../config/task.js';
import { duration } from '../duration.js';
import { namedScore, shortNumber } from '../logging/tables.js';
import { isFinished } from './checkpoints/resume.js';
import { finalScore, finalWords } from './evaluation/final_score.js';
import { resumeCommand } from './failures.js';
import type { Run } from './run.js';
import { type EvaluationPoint, scoreAt, stepsText } from './run_progress.js';

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
    ...evaluationLines(progress.evaluations, measureOf(config)),
    finalLine(progress.evaluations, config),
    `evaluate it with: ${commandText('eval', folder.path)}`,
  ];
}

function evaluationLines(evaluations: readonly EvaluationPoint[], judgedBy: Measure): string[] {
  return judgedBy === 'return' ? returnLines(evaluations) : successLines(evaluations, judgedBy);
}

function returnLines(evaluations: readonly EvaluationPoint[]): string[] {
  const returns = evaluations.map((point) => scoreAt('return', point));
  const best = Math.max(...returns);
  return [
    `return ${shortNumber(returns[returns.length - 1])} in the last evaluation; the best was ${shortNumber(best)} after ` +
      `${evaluations[returns.indexOf(best)].envSteps} steps`,
  ];
}

function successLines(evaluations: readonly EvaluationPoint[], judgedBy: SuccessMeasure): string[] {
  const last = evaluations[evaluations.length - 1];
  const successes = evaluations.map((point) => scoreAt(judgedBy, point));
  const result =
    `${judgedBy} ${successes[successes.length - 1].toFixed(2)} in the last evaluation, first success at step ` +
    `${last.firstSuccessStep ?? '-'} (median)`;
  const first = successes.findIndex((success) => success >= TARGET);
  if (first < 0) return [result, `${judgedBy} stayed below ${TARGET}`];
  const { envSteps, seconds } = evaluations[first];
  const lowest = Math.min(...successes.slice(first));
  return [
    result,
    `${judgedBy} >= ${TARGET} first after ${envSteps} steps, ${duration(seconds)}; ` +
      `the lowest evaluation since is ${lowest.toFixed(2)}`,
  ];
}

/** The figures that a run is reported by: the mean of its last evaluations, and its best one. */
function finalLine(evaluations: readonly EvaluationPoint[], config: Pick<Config, 'env'>): string {
  const judgedBy = measureOf(config);
  const scores = evaluations.map((point) => scoreAt(judgedBy, point));
  const normalized = evaluations.map((point) => normalizedReturn(config, point.return ?? Number.NaN));
  const known = normalized.filter((score) => score !== null);
  const best = Math.max(...scores);
  return (
    `mean of ${finalWords(scores.length)}: ${namedScore(judgedBy, finalScore(scores)!, finalScore(known))}; ` +
    `best: ${namedScore(judgedBy, best, normalized[scores.indexOf(best)])}`
  );
}

import { type SuccessMeasure, successBy, withMeasure } from '../../../envs/success.js';
import { datasetCommand } from '../datasets.js';
import type { TrainingRow } from '../rows/row.js';
import { spread, TARGET } from '../statistics.js';
import type { Reached, RunSummary } from '../summaries/summary_files.js';
import { areUsuallyJudged, variantMeasure } from '../variant_measure.js';
import {
  countText,
  listText,
  markdownTable,
  pooledText,
  shareText,
  spreadText,
  timeText,
} from './formatting.js';

const NEVER: Reached = { envSteps: Infinity, seconds: Infinity, stayed: false };

/** The commands of a training row that were run, with `SEED` for the seed. */
export function trainingCommands(row: TrainingRow, runs: readonly RunSummary[]): string[] {
  const trainings = runs.map(({ command }) => command.replace(/ seed=\d+/, ' seed=SEED'));
  return [...row.datasets.map(datasetCommand), ...new Set(trainings)];
}

/**
 * A line for each variant, over those of its seeds that have an evaluation, by the success that its task is judged by: at the
 * end, if its name does not say more.
 */
export function trainingTable(row: TrainingRow, runs: readonly RunSummary[]): string {
  const target = shareText(TARGET);
  const success = areUsuallyJudged(row.variants) ? 'success at the end' : 'success';
  const head = [
    'variant',
    'seeds',
    'demonstrations',
    ...(runs.some(isCloned) ? ['after cloning alone'] : []),
    `${success}, all episodes`,
    `${success}, by seed`,
    'success at any step',
    'first success, step',
    `env steps to ${target}`,
    `stays at ${target}`,
    ...(row.isTimed ? [`time to ${target}`, 'time of the whole run'] : []),
  ];
  const rows = row.variants.flatMap((variant) => {
    const { name } = variant;
    const evaluated = runs.filter((run) => run.variant === name && run.evaluations.length > 0);
    if (evaluated.length === 0) return [];
    const judgedBy = variantMeasure(variant);
    const cells = variantCells(row, evaluated, judgedBy, runs.some(isCloned));
    return [[withMeasure(name, judgedBy), String(evaluated.length), ...cells]];
  });
  return markdownTable(head, rows);
}

/** Facts about single runs that the table leaves out: those that didn't end, or ended in several parts. */
export function trainingNotes(row: TrainingRow, runs: readonly RunSummary[]): string[] {
  const missing = row.variants.flatMap(({ name }) => {
    const seeds = row.seeds.filter((seed) => !runs.some((run) => run.variant === name && run.seed === seed));
    return seeds.length > 0 ? [`${name}, not run yet: ${seedsText(seeds)}.`] : [];
  });
  return [...missing, ...runs.flatMap(runNotes)];
}

/** Names seeds: `seeds 0, 1 and 2`. */
export function seedsText(seeds: readonly number[]): string {
  return `seed${seeds.length === 1 ? '' : 's'} ${listText(seeds.map(String))}`;
}

/** True if the run's policy was evaluated as cloning left it. */
function isCloned({ evaluations }: RunSummary): boolean {
  return evaluations[0]?.envSteps === 0;
}

/**
 * The cells of a variant's line. All `runs` are of the variant and have evaluations; the last ones count. `withCloned`
 * adds what cloning alone reached.
 */
function variantCells(
  { isTimed }: TrainingRow,
  runs: readonly RunSummary[],
  judgedBy: SuccessMeasure,
  withCloned: boolean,
): string[] {
  const last = runs.map(({ evaluations }) => evaluations[evaluations.length - 1]);
  const steps = last.map(({ firstSuccessStep }) => firstSuccessStep ?? Infinity);
  const reached = runs.map((run) => run.reached ?? NEVER);
  return [
    demonstrationsText(runs),
    ...(withCloned ? [clonedText(runs, judgedBy)] : []),
    pooledText(
      sum(last.map((evaluation) => Math.round(successBy(judgedBy, evaluation) * evaluation.episodes))),
      sum(last.map(({ episodes }) => episodes)),
    ),
    spreadText(spread(last.map((evaluation) => successBy(judgedBy, evaluation))), shareText, 'min'),
    spreadText(spread(last.map(({ successOnce }) => successOnce)), shareText, 'min'),
    spreadText(spread(steps), countText, 'max'),
    spreadText(spread(reached.map(({ envSteps }) => envSteps)), countText, 'max'),
    `${reached.filter(({ stayed }) => stayed).length} of ${runs.length}`,
    ...(isTimed ? [reached, runs].map(timesText) : []),
  ];
}

function clonedText(runs: readonly RunSummary[], judgedBy: SuccessMeasure): string {
  const cloned = runs.filter(isCloned).map(({ evaluations }) => successBy(judgedBy, evaluations[0]));
  return cloned.length > 0 ? spreadText(spread(cloned), shareText, 'min') : '-';
}

function timesText(those: readonly { seconds: number }[]): string {
  return spreadText(spread(those.map(({ seconds }) => seconds)), timeText, 'max');
}

function demonstrationsText(runs: readonly RunSummary[]): string {
  const known = runs.flatMap(({ demonstrations }) => demonstrations ?? []);
  if (known.length === 0) return '-';
  const range = (values: readonly number[]) =>
    [...new Set([Math.min(...values), Math.max(...values)])].map(countText).join(' to ');
  const steps = known.flatMap(({ medianFirstSuccess }) => medianFirstSuccess ?? []);
  const share = `${range(known.map((one) => one.successes))} of ${range(known.map((one) => one.episodes))} succeed`;
  return steps.length > 0 ? `${share}, at step ${range(steps)}` : share;
}

function runNotes({ variant, seed, state, error, envSteps, starts }: RunSummary): string[] {
  const name = `${variant}, seed ${seed}`;
  const notes: string[] = [];
  if (state === 'time limit')
    notes.push(`${name}: stopped at its time limit, after ${countText(envSteps)} env steps.`);
  if (state === 'interrupted') notes.push(`${name}: not finished, ${countText(envSteps)} env steps so far.`);
  if (state === 'failed') notes.push(`${name}: failed after ${countText(envSteps)} env steps: ${error}`);
  if (starts > 1)
    notes.push(`${name}: made in ${starts} parts; its time leaves out what was lost in between.`);
  return notes;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

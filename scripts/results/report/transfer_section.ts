import { environmentEntry } from '../../../envs/registry.js';
import { asSuccess, type SuccessMeasure, withMeasure } from '../../../envs/success.js';
import { spread } from '../statistics.js';
import type { TransferSummary } from '../summaries/summary_files.js';
import { countText, markdownTable, pooledText, shareText, spreadText } from './formatting.js';

const FIGURES = ['episodes', 'success at the end', 'success at any step', 'first success, step'];

/** A line for each seed, and one for all of them together; of several variants, a line for each. */
export function transferTable(runs: readonly TransferSummary[]): string {
  const variants = [...new Set(runs.map(({ variant }) => variant))];
  if (variants.length > 1) {
    const lines = variants.map((name) => {
      const own = runs.filter(({ variant }) => variant === name);
      return [withMeasure(name, measureOf(own)), String(own.length), ...figures(own)];
    });
    return markdownTable(['variant', 'seeds', ...FIGURES], lines);
  }
  const seeds = runs.map((run) => [String(run.seed), ...figures([run])]);
  return markdownTable(['seed', ...FIGURES], [...seeds, ['all', ...figures(runs)]]);
}

/** The success by which these runs, all of one task, are judged. */
function measureOf([{ result }]: readonly TransferSummary[]): SuccessMeasure {
  return asSuccess(environmentEntry(result.env_id).judgedBy);
}

/** The cells of these runs taken together. The success that their task is judged by has its interval. */
function figures(runs: readonly TransferSummary[]): string[] {
  const results = runs.map(({ result }) => result);
  const trials = results.reduce((total, { episodes }) => total + episodes, 0);
  const judgedBy = measureOf(runs);
  const success = (measure: SuccessMeasure) => {
    const total = results.reduce((sum, result) => sum + Math.round(result[measure] * result.episodes), 0);
    return measure === judgedBy ? pooledText(total, trials) : shareText(total / trials);
  };
  const steps = results.map((result) => result.first_success_step_median ?? Infinity);
  return [
    countText(trials),
    success('success_at_end'),
    success('success_once'),
    spreadText(spread(steps), countText, 'max'),
  ];
}

/** Versions of the programs that evaluated: `mani_skill 3.0.1, sapien 3.0.3`. */
export function transferVersions(runs: readonly TransferSummary[]): string {
  const texts = runs.map(({ result }) =>
    Object.entries(result.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  );
  return [...new Set(texts)].join('; ');
}

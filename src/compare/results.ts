import { knownEnvironment } from '../../envs/registry.js';
import type { Measure } from '../../envs/success.js';
import { normalizedText, scoreText } from '../logging/tables.js';
import { collectVariants, type Spread } from '../sweep/results.js';
import type { PointStatus } from '../sweep/sweep_run.js';
import type { ComparedDataset } from './datasets.js';
import type { Comparison } from './grid.js';

/** The measure of a comparison's scores in one dataset. */
export type ComparedMeasure = Measure | 'normalized_score';

/** Results of an algorithm on a dataset, over the seeds that are finished; null while none is. */
export interface ComparedCell {
  algorithm: string;
  dataset: ComparedDataset;
  measure: ComparedMeasure;
  seeds: number;
  finished: number;
  /** The mean of each run's last five evaluations. */
  final: Spread | null;
  /** Each run's best evaluation. */
  best: Spread | null;
  seconds: Spread | null;
  updates: Spread | null;
}

/** The results of a comparison, by algorithm, then by dataset. */
export function comparedCells(comparison: Comparison, statuses: readonly PointStatus[]): ComparedCell[] {
  const variants = collectVariants(statuses);
  return comparison.algorithms.flatMap((algorithm) =>
    comparison.datasets.map((dataset) => {
      const variant = variants.find(
        ({ values }) => values['algorithm'] === algorithm && values['dataset'] === dataset.label,
      )!;
      const isNormalized = Boolean(knownEnvironment(dataset.envId)?.referenceScores);
      return {
        algorithm,
        dataset,
        measure: isNormalized ? 'normalized_score' : variant.judged_by,
        seeds: variant.points,
        finished: variant.finished,
        final: isNormalized ? variant.final_normalized : variant.final_score,
        best: isNormalized ? variant.best_normalized : variant.best_score,
        seconds: variant.seconds,
        updates: variant.updates,
      };
    }),
  );
}

/** A measure in words. */
export function measureWords(measure: ComparedMeasure): string {
  return measure.replaceAll('_', ' ');
}

/** The mean of a score, with its deviation over several seeds; `-` without one. */
export function spreadText(measure: ComparedMeasure, spread: Spread | null): string {
  if (!spread) return '-';
  const text = (score: number) =>
    measure === 'normalized_score' ? normalizedText(score) : scoreText(measure, score);
  return spread.std === null ? text(spread.mean) : `${text(spread.mean)} ± ${text(spread.std)}`;
}

import type { TopLevelSpec } from 'vega-lite';
import { successBy, withMeasure } from '../../../envs/success.js';
import { writeFileAtomic } from '../../../src/files/atomic.js';
import { type FigureOptions, learningCurves } from '../../../src/plot/figure.js';
import { type MeanCurve, meanCurve } from '../../../src/plot/mean_curve.js';
import { renderSvg, SVG_FONT } from '../../../src/plot/render.js';
import type { Curve } from '../../../src/plot/run_curve.js';
import type { TrainingRow, Variant } from '../rows/row.js';
import { hasEnded, type RunSummary, readRunSummaries } from '../summaries/summary_files.js';
import { areUsuallyJudged, variantMeasure } from '../variant_measure.js';
import { panels } from './panels.js';
import { curvesPath } from './report.js';

/** Draws the curves of a row from its summaries in `folder`; draws nothing if no run that it needs has ended. */
export async function drawCurves(row: TrainingRow, folder: string): Promise<void> {
  if (row.picture === null) return;
  const curves = rowCurves(row, readRunSummaries(folder, row.id));
  const path = curvesPath(folder, row);
  const options = { metric: metricOf(row.variants), x: row.x, font: SVG_FONT };
  if (row.picture === 'together') return draw(curves, options, path, learningCurves);
  if (row.picture === 'apart') return draw(curves, options, path, panels);
  const [base, ...changed] = curves;
  if (base?.label !== labelOf(row.variants[0])) return;
  await draw(changed, options, path, (those, figureOptions) => panels(those, figureOptions, base));
}

/** Draws the picture of all rows from their summaries in `folder`. */
export async function drawOverview(
  rows: readonly TrainingRow[],
  folder: string,
  path: string,
): Promise<void> {
  const shown = rows.filter(({ overview }) => overview !== null).map(({ variants }) => variants[0]);
  const options: FigureOptions = { metric: metricOf(shown), x: 'env_steps', font: SVG_FONT };
  await draw(overviewCurves(rows, folder), options, path, learningCurves);
}

/** Curves over env steps for the first variant of each row that has a name in the picture of all rows. */
export function overviewCurves(rows: readonly TrainingRow[], folder: string): MeanCurve[] {
  return rows.flatMap((row) => {
    if (row.overview === null) return [];
    const variants = row.variants.slice(0, 1);
    const curves = rowCurves({ ...row, variants, x: 'env_steps' }, readRunSummaries(folder, row.id));
    const label = labelOf({ ...row.variants[0], name: row.overview });
    return curves.map((curve) => ({ ...curve, label }));
  });
}

/** Writes a figure of the curves to `path`; writes nothing without curves. */
async function draw(
  curves: readonly MeanCurve[],
  options: FigureOptions,
  path: string,
  figure: (curves: readonly MeanCurve[], options: FigureOptions) => TopLevelSpec,
): Promise<void> {
  if (curves.length === 0) return;
  await writeFileAtomic(path, await renderSvg(figure(curves, options)));
}

/** The metric of a figure of these variants: the usual success, or each one's own, which its label tells. */
function metricOf(variants: readonly Variant[]): string {
  return areUsuallyJudged(variants) ? 'eval/success_at_end' : 'success';
}

function labelOf(variant: Variant): string {
  return withMeasure(variant.name, variantMeasure(variant));
}

/**
 * A curve for each variant: the success that its task is judged by, over the row's `x`. Runs that have not ended are left
 * out: the mean covers only what all runs do. Over seconds, a run that has ended keeps its last value until the slowest one
 * ends.
 */
export function rowCurves({ variants, x }: TrainingRow, summaries: readonly RunSummary[]): MeanCurve[] {
  return variants.flatMap((variant) => {
    const { name } = variant;
    const judgedBy = variantMeasure(variant);
    const runs = summaries
      .filter((run) => run.variant === name && hasEnded(run) && run.evaluations.length > 0)
      .map(({ seed, evaluations }) => ({
        path: `${name}, seed ${seed}`,
        points: evaluations.map((evaluation) => ({
          x: x === 'seconds' ? evaluation.seconds : evaluation.envSteps,
          y: successBy(judgedBy, evaluation),
        })),
      }));
    if (runs.length === 0) return [];
    return [meanCurve({ label: labelOf(variant), runs: x === 'seconds' ? endingTogether(runs) : runs })];
  });
}

/** The curves, each held at its last value until the last one ends. */
function endingTogether(runs: readonly Curve[]): Curve[] {
  const end = Math.max(...runs.map(({ points }) => points[points.length - 1].x));
  return runs.map(({ path, points }) => {
    const last = points[points.length - 1];
    return { path, points: last.x < end ? [...points, { x: end, y: last.y }] : points };
  });
}

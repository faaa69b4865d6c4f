import type { TopLevelSpec } from 'vega-lite';
import type { MeanCurve } from './mean_curve.js';
import type { XAxis } from './run_curve.js';
import { BAND, LEGEND, LEGEND_TEXT, METRIC_TITLES, WIDTH, X_SCALE, X_TITLES } from './style.js';

/** The metric, axis and font of a figure. */
export interface FigureOptions {
  /** The metric's name in `metrics.jsonl`. */
  metric: string;
  x: XAxis;
  /** The title of the axis x; left out, that of its kind. */
  xTitle?: string;
  font: string;
}

const PLOT_HEIGHT = 320;
const LEGEND_ROW_HEIGHT = 20;
/** The most points of a line that are marked by dots: more of them would run together. */
const MAX_MARKED_POINTS = 60;

/**
 * Learning curves as a Vega-Lite specification: for each group a line through its means, and a band from its lowest
 * to its highest run. The whole picture is 640 px wide.
 */
export function learningCurves(
  curves: readonly MeanCurve[],
  { metric, x, xTitle = X_TITLES[x], font }: FigureOptions,
): TopLevelSpec {
  const legendLabel = ({ label, numRuns }: MeanCurve) =>
    numRuns === 1 ? label : `${label} (${numRuns} runs)`;
  const hasBands = curves.some(({ numRuns }) => numRuns > 1);
  const rows = (group: MeanCurve) => group.points.map((point) => ({ ...point, curve: legendLabel(group) }));
  const isShare = /success(_once|_at_end)?$/.test(metric);
  const isSparse = curves.every(({ points }) => points.length <= MAX_MARKED_POINTS);
  return {
    background: 'white',
    padding: 8,
    width: WIDTH,
    height: PLOT_HEIGHT + LEGEND_ROW_HEIGHT * (curves.length + (hasBands ? 1 : 0)),
    autosize: { type: 'fit', contains: 'padding' },
    data: { values: curves.flatMap(rows) },
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        title: xTitle,
        scale: X_SCALE,
        axis: { grid: false, tickCount: 6 },
      },
      color: {
        field: 'curve',
        type: 'nominal',
        scale: {
          domain: curves.map(legendLabel),
          scheme: curves.length > 10 ? 'tableau20' : 'tableau10',
        },
        title: hasBands ? 'mean of the runs, band from the lowest to the highest run' : null,
        legend: LEGEND,
      },
    },
    layer: [
      {
        mark: { type: 'area', opacity: 0.18 },
        encoding: BAND,
      },
      {
        mark: { type: 'line', point: isSparse && { size: 18 }, strokeWidth: 1.8 },
        encoding: {
          y: {
            field: 'mean',
            type: 'quantitative',
            title: METRIC_TITLES[metric] ?? metric,
            scale: isShare ? { domain: [0, 1] } : { zero: false },
            axis: { tickCount: 6, domain: false, ticks: false },
          },
        },
      },
    ],
    config: {
      font,
      axis: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: 'normal', titlePadding: 8 },
      legend: LEGEND_TEXT,
      view: { stroke: null },
    },
  };
}

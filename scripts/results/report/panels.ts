import type { TopLevelSpec } from 'vega-lite';
import type { FigureOptions } from '../../../src/plot/figure.js';
import type { MeanCurve } from '../../../src/plot/mean_curve.js';
import { BAND, LEGEND, LEGEND_TEXT, METRIC_TITLES, X_SCALE, X_TITLES } from '../../../src/plot/style.js';

const COLUMNS = 4;
const PANEL_WIDTH = 150;
const PANEL_HEIGHT = 84;
const [BLUE, GREY] = ['#4c78a8', '#9a9a9a'];

/**
 * Learning curves of a share as a Vega-Lite specification: a small panel for each, in their order, with its mean and the
 * band from its lowest to its highest run, and if there is a `base`, its mean behind them. For more curves than one panel
 * can hold.
 */
export function panels(
  curves: readonly MeanCurve[],
  { metric, x, font }: FigureOptions,
  base: MeanCurve | null = null,
): TopLevelSpec {
  const behind = base ? [`${base.label}, as it is`] : [];
  const what = base ? 'with the one change named above it' : 'mean over the seeds';
  const inFront = `${what}, band from the lowest to the highest run`;
  const behindPoints = base?.points.map(({ x, mean }) => ({ x, mean, min: mean, max: mean, of: behind[0] }));
  const rows = curves.flatMap(({ label, points }) => [
    ...(behindPoints ?? []).map((point) => ({ ...point, panel: label })),
    ...points.map((point) => ({ ...point, panel: label, of: inFront })),
  ]);
  return {
    background: 'white',
    padding: 8,
    data: { values: rows },
    facet: {
      field: 'panel',
      type: 'nominal',
      sort: curves.map(({ label }) => label),
      title: null,
      header: { labelFontSize: 11, labelFontWeight: 'bold', labelPadding: 4 },
    },
    columns: COLUMNS,
    spacing: { row: 10, column: 14 },
    spec: {
      width: PANEL_WIDTH,
      height: PANEL_HEIGHT,
      encoding: {
        x: {
          field: 'x',
          type: 'quantitative',
          title: null,
          scale: X_SCALE,
          axis: { grid: false, tickCount: 3, format: '~s' },
        },
        color: {
          field: 'of',
          type: 'nominal',
          scale: { domain: [...behind, inFront], range: base ? [GREY, BLUE] : [BLUE] },
          title: `${METRIC_TITLES[metric] ?? metric}, over ${X_TITLES[x]}`,
          legend: LEGEND,
        },
      },
      layer: [
        {
          mark: { type: 'area', opacity: 0.2 },
          encoding: BAND,
        },
        {
          mark: { type: 'line', strokeWidth: 1.6 },
          encoding: {
            y: {
              field: 'mean',
              type: 'quantitative',
              title: null,
              scale: { domain: [0, 1] },
              axis: { values: [0, 0.5, 1], format: '.1f', domain: false, ticks: false },
            },
          },
        },
      ],
    },
    config: {
      font,
      axis: { labelFontSize: 10 },
      legend: LEGEND_TEXT,
      view: { stroke: null },
    },
  };
}

import type { TopLevelSpec } from 'vega-lite';
import type { MeanCurve } from '../../src/plot/mean_curve.js';

const COLUMNS = 4;
const PANEL_WIDTH = 150;
const PANEL_HEIGHT = 84;
/** Colour-blind people tell this blue from this grey. */
const [BLUE, GREY] = ['#4c78a8', '#9a9a9a'];

/**
 * Success over env steps as a Vega-Lite specification: a small panel for each of `changed`, in their order, with its
 * mean and the band from its lowest to its highest run, and the mean of `base` behind it. For more curves than one panel
 * can hold.
 */
export function comparisonPanels(base: MeanCurve, changed: readonly MeanCurve[], font: string): TopLevelSpec {
  const behind = `${base.label}, as it is`;
  const inFront = 'with the one change named above it, band from the lowest to the highest run';
  const rows = changed.flatMap((curve) => [
    ...base.points.map(({ x, mean }) => ({ x, mean, min: mean, max: mean, panel: curve.label, of: behind })),
    ...curve.points.map((point) => ({ ...point, panel: curve.label, of: inFront })),
  ]);
  return {
    background: 'white',
    padding: 8,
    data: { values: rows },
    facet: {
      field: 'panel',
      type: 'nominal',
      sort: changed.map(({ label }) => label),
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
          scale: { nice: false, zero: true },
          axis: { grid: false, tickCount: 3, format: '~s' },
        },
        color: {
          field: 'of',
          type: 'nominal',
          scale: { domain: [behind, inFront], range: [GREY, BLUE] },
          title: 'success at the end of an episode, over environment steps',
          legend: { orient: 'bottom', columns: 1, offset: 8, symbolType: 'stroke', symbolOpacity: 1 },
        },
      },
      layer: [
        {
          mark: { type: 'area', opacity: 0.2 },
          encoding: { y: { field: 'min', type: 'quantitative' }, y2: { field: 'max' } },
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
      legend: {
        labelFontSize: 11,
        titleFontSize: 11,
        titleFontWeight: 'normal',
        titleLimit: 640,
        labelLimit: 640,
      },
      view: { stroke: null },
    },
  };
}

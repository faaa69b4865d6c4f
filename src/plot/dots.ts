import type { TopLevelSpec } from 'vega-lite';
import { WIDTH } from './style.js';

/** A mean with its deviation, null if it is of one value. */
export interface Dot {
  label: string;
  mean: number;
  std: number | null;
}

/** Dots of one scale, beside others of another one. */
export interface DotPanel {
  title: string;
  /** The title of the scale. */
  xTitle: string;
  dots: readonly Dot[];
}

const ROW_HEIGHT = 24;

/**
 * Panels of dots one below another, as a Vega-Lite specification; whiskers reach one deviation to both sides. A label has one
 * colour in all of them.
 */
export function dotPanels(panels: readonly DotPanel[], font: string): TopLevelSpec {
  return {
    background: 'white',
    padding: 8,
    vconcat: panels.map(panel),
    resolve: { scale: { x: 'independent', y: 'independent' } },
    config: {
      font,
      axis: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: 'normal', titlePadding: 8 },
      title: { fontSize: 12, anchor: 'start' },
      view: { stroke: null },
    },
  };
}

function panel({ title, xTitle, dots }: DotPanel) {
  const values = dots.map((dot) => {
    const reach = dot.std ?? 0;
    return { ...dot, low: dot.mean - reach, high: dot.mean + reach };
  });
  const x = {
    type: 'quantitative',
    title: xTitle,
    scale: { zero: false },
    axis: { tickCount: 6, domain: false, ticks: false },
  } as const;
  return {
    title,
    width: WIDTH,
    height: ROW_HEIGHT * dots.length,
    data: { values },
    encoding: {
      y: { field: 'label', type: 'nominal', sort: null, title: null, axis: { ticks: false } },
      color: { field: 'label', type: 'nominal', sort: null, legend: null },
    } as const,
    layer: [
      {
        mark: { type: 'rule' as const, strokeWidth: 2 },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' } },
      },
      {
        mark: { type: 'point' as const, filled: true, size: 70, opacity: 1 },
        encoding: { x: { ...x, field: 'mean' } },
      },
    ],
  };
}

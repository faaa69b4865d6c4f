import type { TopLevelSpec } from 'vega-lite';

/** Numbers of a series in equal parts of its range. */
export interface Histogram {
  title: string;
  min: number;
  max: number;
  counts: readonly number[];
}

const COLUMNS = 4;
const PANEL = { width: 170, height: 90 };
/** The end of a name is what tells panels apart. */
const TITLE_LENGTH = 28;

/** Histograms as a Vega-Lite specification, four in a row, each with a range of its own. */
export function histogramPanels(histograms: readonly Histogram[], font: string): TopLevelSpec {
  return {
    background: 'white',
    padding: 8,
    columns: COLUMNS,
    spacing: 16,
    concat: histograms.map(({ title, min, max, counts }) => {
      const isConstant = min === max;
      const [from, width] = isConstant ? [min - 0.5, 1] : [min, (max - min) / counts.length];
      const shown = isConstant ? counts.slice(0, 1) : counts;
      return {
        ...PANEL,
        title: title.length > TITLE_LENGTH ? `…${title.slice(1 - TITLE_LENGTH)}` : title,
        data: {
          values: shown.map((count, i) => ({ from: from + i * width, to: from + (i + 1) * width, count })),
        },
        mark: { type: 'bar' as const, binSpacing: 0 },
        encoding: {
          x: {
            field: 'from',
            type: 'quantitative' as const,
            bin: 'binned' as const,
            title: null,
            axis: { tickCount: 4, grid: false },
          },
          x2: { field: 'to' },
          y: {
            field: 'count',
            type: 'quantitative' as const,
            title: null,
            axis: { tickCount: 3, domain: false, ticks: false },
          },
        },
      };
    }),
    config: {
      font,
      axis: { labelFontSize: 9 },
      title: { fontSize: 11, fontWeight: 'normal', anchor: 'start' },
      view: { stroke: null },
    },
  };
}

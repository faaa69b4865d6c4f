import { extname } from 'node:path';
import { writeFileAtomic } from '../../files/atomic.js';
import type { DatasetStatistics } from './dataset_statistics.js';
import type { SeriesStatistics } from './series_statistics.js';

/** More panels than anyone looks at. */
const MAX_PANELS = 80;

/** All series with names for people: `observations 3`, `rewards`. */
export function seriesOf({
  columns,
  returns,
  lengths,
}: DatasetStatistics): [name: string, series: SeriesStatistics][] {
  return [
    ...[...columns].flatMap(([name, { series, by }]) =>
      series.map((one, i): [string, SeriesStatistics] => {
        if (series.length === 1) return [name, one];
        return [`${name}${by === 'channels' ? ' channel' : ''} ${i}`, one];
      }),
    ),
    ...(returns ? [['returns', returns] as [string, SeriesStatistics]] : []),
    ['lengths', lengths],
  ];
}

/** Draws the histograms of all series to a `.png` or `.svg` file, as far as there is room. Returns how many it drew, and left out. */
export async function drawStatistics(
  statistics: DatasetStatistics,
  file: string,
): Promise<{ drawn: number; left: number }> {
  const histograms = seriesOf(statistics).flatMap(([title, { min, max, histogram }]) =>
    histogram === null || min === null || max === null ? [] : [{ title, min, max, counts: histogram }],
  );
  // Loaded only here: the drawing libraries would double the start of every other command.
  const { PNG_FONT, renderPng, renderSvg, SVG_FONT } = await import('../../plot/render.js');
  const { histogramPanels } = await import('../../plot/histograms.js');
  const isPng = extname(file) === '.png';
  const drawn = histograms.slice(0, MAX_PANELS);
  const spec = histogramPanels(drawn, isPng ? PNG_FONT : SVG_FONT);
  await writeFileAtomic(file, isPng ? await renderPng(spec) : await renderSvg(spec));
  return { drawn: drawn.length, left: histograms.length - drawn.length };
}

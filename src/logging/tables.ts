import { consoleTable } from '../console_table.js';
import type { Distribution, EpisodeSummary } from '../rollout/episode_stats.js';

/** A console table of an evaluation: the shares of success, then the distributions of return, length and the rest. */
export function summaryTable(title: string, summary: EpisodeSummary): string {
  const { episodes: _, ...rows } = summary;
  return consoleTable({
    head: [title, 'mean', 'median', 'std', 'min', 'max'],
    rows: Object.entries(rows).map(([name, value]: [string, number | Distribution]) => {
      if (typeof value === 'number') return [name, shortNumber(value), '', '', '', ''];
      const { mean, median, std, min, max } = value;
      return [name, ...[mean, median, std, min, max].map(shortNumber)];
    }),
  });
}

/** The summary as flat metrics: the shares, and each distribution's mean, median, std, min and max. */
export function summaryMetrics(summary: EpisodeSummary): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const [name, value] of Object.entries(summary) as [string, number | Distribution][]) {
    if (typeof value === 'number') metrics[name] = value;
    else {
      metrics[name] = value.mean;
      for (const part of ['median', 'std', 'min', 'max'] as const) metrics[`${name}_${part}`] = value[part];
    }
  }
  return metrics;
}

/** Up to four significant digits, without trailing noise: 0.95, 12.35, 4 000. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Number.isInteger(value)) return value.toLocaleString('en-US').replaceAll(',', ' ');
  const plain = Math.abs(value) >= 0.001 && Math.abs(value) < 1e6;
  return plain ? String(Number(value.toPrecision(4))) : value.toExponential(2);
}

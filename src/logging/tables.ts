import type { Measure } from '../../envs/success.js';
import { consoleTable } from '../console_table.js';
import type { Distribution, EpisodeSummary } from '../rollout/episode_stats.js';

/**
 * A console table of an evaluation: the normalised score, where there is one, the shares of success, then the distributions of
 * return, length and the rest.
 */
export function summaryTable(
  title: string,
  summary: EpisodeSummary,
  normalized: number | null = null,
): string {
  const { episodes: _, ...rows } = known(summary);
  const all = normalized === null ? rows : { normalized_score: normalized, ...rows };
  return consoleTable({
    head: [title, 'mean', 'median', 'std', 'min', 'max'],
    rows: Object.entries(all).map(([name, value]) => {
      if (typeof value === 'number') return [name, shortNumber(value), '', '', '', ''];
      const { mean, median, std, min, max } = value;
      return [name, ...[mean, median, std, min, max].map(shortNumber)];
    }),
  });
}

/** The summary as flat metrics: the shares, and each distribution's mean, median, std, min and max. */
export function summaryMetrics(summary: EpisodeSummary): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const [name, value] of Object.entries(known(summary))) {
    if (typeof value === 'number') metrics[name] = value;
    else {
      metrics[name] = value.mean;
      for (const part of ['median', 'std', 'min', 'max'] as const) metrics[`${name}_${part}`] = value[part];
    }
  }
  return metrics;
}

/** The entries of a summary, without those about success where its task has none. */
function known(summary: EpisodeSummary): Record<string, number | Distribution> {
  const { success_once, success_at_end, first_success_step, ...others } = summary;
  return Number.isNaN(success_once) ? others : { ...summary };
}

/** A policy's score in words: a share of successes by two digits after the point, a return by four in all. */
export function scoreText(judgedBy: Measure, score: number): string {
  return judgedBy === 'return' ? shortNumber(score) : score.toFixed(2);
}

/** A policy's score by its name, with the normalised one if there is one: `return 2 975, normalized score 91.2`. */
export function namedScore(judgedBy: Measure, score: number, normalized: number | null): string {
  const named = `${judgedBy} ${scoreText(judgedBy, score)}`;
  return normalized === null ? named : `${named}, normalized score ${normalizedText(normalized)}`;
}

/** A normalised score, as papers give it. */
export function normalizedText(normalized: number): string {
  return normalized.toFixed(1);
}

/** The word for the scores of several policies: what all are judged by, if it is one thing. */
export function scoreWord(measures: readonly (Measure | null)[]): 'success' | 'return' | 'score' {
  const known = measures.filter((measure) => measure !== null);
  if (known.every((measure) => measure !== 'return')) return 'success';
  return known.every((measure) => measure === 'return') ? 'return' : 'score';
}

/** Up to four significant digits, without trailing noise: 0.95, 12.35, 4 000. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Number.isInteger(value)) return value.toLocaleString('en-US').replaceAll(',', ' ');
  const plain = Math.abs(value) >= 0.001 && Math.abs(value) < 1e6;
  return plain ? String(Number(value.toPrecision(4))) : value.toExponential(2);
}

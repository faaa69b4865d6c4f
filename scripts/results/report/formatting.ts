import { duration } from '../../../src/duration.js';
import { type Spread, wilsonInterval } from '../statistics.js';

/** A table in Markdown. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Pooled successes with their 95 % interval: `0.98 (0.96 to 0.99)`. */
export function pooledText(successes: number, trials: number): string {
  const { low, high } = wilsonInterval(successes, trials);
  return `${shareText(successes / trials)} (${shareText(low)} to ${shareText(high)})`;
}

/**
 * `0.99 [**0.95**, 1.00]`: the median, then the lowest and the highest, of which the worse one is bold. One number if all
 * are the same.
 */
export function spreadText(
  { median, min, max }: Spread,
  text: (value: number) => string,
  worst: 'min' | 'max',
): string {
  if (min === max) return text(median);
  const [low, high] = worst === 'min' ? [`**${text(min)}**`, text(max)] : [text(min), `**${text(max)}**`];
  return `${text(median)} [${low}, ${high}]`;
}

export function shareText(value: number): string {
  return value.toFixed(2);
}

export function countText(value: number): string {
  return Number.isFinite(value) ? value.toLocaleString('en-US') : 'never';
}

export function timeText(seconds: number): string {
  return Number.isFinite(seconds) ? duration(seconds) : 'never';
}

/** Joins words for a sentence: `a`, `a and b`, `a, b and c`. */
export function listText(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

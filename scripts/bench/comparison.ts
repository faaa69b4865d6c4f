import Table from 'cli-table3';
import { median } from '../../src/median.js';

/** A time of ours beside that of a floor or a peer. */
export interface Comparison {
  name: string;
  milliseconds: number;
  /** Name of the floor or the peer. */
  other: string;
  otherMilliseconds: number;
  /** Ours in multiples of the other's: the median over the rounds, where both were measured in turn. */
  ratio: number;
}

/** The table of all comparisons; a ratio below 1 is faster than the other. */
export function comparisonTable(comparisons: readonly Comparison[]): string {
  const table = new Table({
    head: ['', 'takes', 'floor or peer', 'takes', 'ratio'],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'left', 'right', 'right'],
  });
  for (const { name, milliseconds, other, otherMilliseconds, ratio } of comparisons) {
    table.push([name, formatTime(milliseconds), other, formatTime(otherMilliseconds), ratio.toFixed(2)]);
  }
  return table.toString();
}

/** A time in the unit that suits it, with three digits: `51.2 µs`, `8.29 ms`, `2.10 s`. */
export function formatTime(milliseconds: number): string {
  if (milliseconds < 1) return `${threeDigits(1000 * milliseconds)} µs`;
  if (milliseconds < 1000) return `${threeDigits(milliseconds)} ms`;
  return `${threeDigits(milliseconds / 1000)} s`;
}

function threeDigits(value: number): string {
  return value < 100 ? value.toPrecision(3) : value.toFixed(0);
}

/** Times in multiples of others that were measured in the same rounds: the median of the rounds' ratios. */
export function medianRatio(times: readonly number[], others: readonly number[]): number {
  return median(times.map((time, round) => time / others[round]));
}

/** Rows of an episode in an array of all: from `from` to `to`, that one not included. */
export interface RowRange {
  from: number;
  to: number;
}

/**
 * The episodes of steps with the flags `terminals` and `timeouts`, both [rows]: each ends with a row that has one of them. The
 * last one may have neither.
 */
export function cutAtFlags(terminals: Uint8Array, timeouts: Uint8Array): RowRange[] {
  const ranges: RowRange[] = [];
  let from = 0;
  for (let row = 0; row < terminals.length; row++) {
    if (!terminals[row] && !timeouts[row] && row < terminals.length - 1) continue;
    ranges.push({ from, to: row + 1 });
    from = row + 1;
  }
  return ranges;
}

/**
 * The timeouts [rows] of recordings of before D4RL stored them: an episode that did not terminate was cut off after `limit`
 * steps. D4RL's own readers count from 1 after some ends, and cut such episodes a step short.
 */
export function timeoutsByLimit(terminals: Uint8Array, limit: number): Uint8Array {
  const timeouts = new Uint8Array(terminals.length);
  let steps = 0;
  for (let row = 0; row < terminals.length; row++) {
    steps++;
    if (!terminals[row] && steps < limit) continue;
    if (!terminals[row]) timeouts[row] = 1;
    steps = 0;
  }
  return timeouts;
}

/** The rows of a buffer that come from one dataset, and the share of what is drawn that they are to have. */
export interface DataPart {
  /** The first row. */
  first: number;
  rows: number;
  /** The shares of all parts add up to 1. */
  share: number;
}

/** Parts that lie one after another in a buffer, with so many rows each, and shares in proportion to `weights`. */
export function partsOf(rows: readonly number[], weights: readonly number[]): DataPart[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let first = 0;
  return rows.map((count, index) => {
    const part = { first, rows: count, share: weights[index] / total };
    first += count;
    return part;
  });
}

/**
 * The number of rows of each part among `count` that are drawn: its share, rounded down or up by `chance`, uniform in [0, 1), so
 * that it is right in the mean (systematic sampling).
 */
export function rowsOfParts(parts: readonly DataPart[], count: number, chance: number): number[] {
  let share = 0;
  let before = 0;
  return parts.map((part, index) => {
    share += part.share;
    // The last share need not add up to 1 to the bit.
    const until = index === parts.length - 1 ? count : Math.floor(share * count + chance);
    const rows = until - before;
    before = until;
    return rows;
  });
}

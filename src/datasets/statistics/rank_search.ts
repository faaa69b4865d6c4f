const FIRST_BITS = 16;
const LATER_BITS = 8;
const ALL_BITS = 64;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

/** Values that begin with the same bits, among which there are ranks to find. */
interface Interval {
  /** The number of bits that are known, and these bits as a whole number. */
  bits: number;
  prefix: bigint;
  /** The same as a number, which is compared faster, if these are 32 bits at most. */
  start: number;
  /** The number of smaller values. */
  below: number;
  /** The number of values in it. */
  count: number;
  /** The ranks in it, among all values. */
  ranks: number[];
  /** The values with each of the next bits, and their ranges, while they are counted. */
  next: { counts: Uint32Array; lows: Float64Array; highs: Float64Array } | null;
  /** The values themselves, while they are collected. */
  collected: { values: Float64Array; filled: number } | null;
}

/**
 * Finds the values that have some ranks in a series of numbers without NaN, which is gone through several times: exactly, in memory that
 * doesn't grow with their number. The bits of a float, with the sign taken in, have the order of the floats: values are counted by
 * their first bits, those beside a rank by their next ones, and so on; when they are few enough, they are collected and sorted.
 *
 * Call `count` with all values, then `begin` with ranks; and while `open` is not 0: `narrow` or `collect`, `add` with all values,
 * and `end`.
 */
export class RankSearch {
  private first: Uint32Array | null = new Uint32Array(2 ** FIRST_BITS);
  private intervals: Interval[] = [];
  private readonly found = new Map<number, number>();

  count(value: number): void {
    this.first![orderedHigh(value) >>> FIRST_BITS]++;
  }

  begin(ranks: readonly number[]): void {
    const counts = this.first!;
    this.first = null;
    this.intervals = divided(counts, ranks, { bits: 0, prefix: 0n, below: 0 }, FIRST_BITS);
  }

  /** The number of values among which ranks are still to be found. */
  get open(): number {
    return this.intervals.reduce((sum, { count }) => sum + count, 0);
  }

  /** Makes ready for a pass after which fewer values are open. */
  narrow(): void {
    for (const interval of this.intervals) {
      const size = 2 ** LATER_BITS;
      interval.next = {
        counts: new Uint32Array(size),
        lows: new Float64Array(size).fill(Number.POSITIVE_INFINITY),
        highs: new Float64Array(size).fill(Number.NEGATIVE_INFINITY),
      };
    }
  }

  /** Makes ready for a pass after which all ranks are found: it takes 8 bytes for each open value. */
  collect(): void {
    for (const interval of this.intervals) {
      interval.collected = { values: new Float64Array(interval.count), filled: 0 };
    }
  }

  add(value: number): void {
    if (this.intervals.length === 0) return;
    const high = orderedHigh(value);
    for (const { bits, prefix, start, next, collected } of this.intervals) {
      const isWithin =
        bits <= 32 ? high >>> (32 - bits) === start : keyOf(value) >> BigInt(ALL_BITS - bits) === prefix;
      if (!isWithin) continue;
      if (collected) collected.values[collected.filled++] = value;
      if (next) {
        const digit = nextDigit(value, high, bits);
        next.counts[digit]++;
        next.lows[digit] = Math.min(next.lows[digit], value);
        next.highs[digit] = Math.max(next.highs[digit], value);
      }
      return;
    }
  }

  end(): void {
    this.intervals = this.intervals.flatMap((interval) => {
      const { ranks, below, collected, next } = interval;
      if (collected) {
        const sorted = collected.values.sort();
        for (const rank of ranks) this.found.set(rank, sorted[rank - below]);
        return [];
      }
      return divided(next!.counts, ranks, interval, LATER_BITS).filter((part) => {
        const digit = Number(part.prefix & BigInt(2 ** LATER_BITS - 1));
        const value = next!.lows[digit];
        if (value !== next!.highs[digit]) return true;
        for (const rank of part.ranks) this.found.set(rank, value);
        return false;
      });
    });
  }

  /** The value with a rank that was asked for. */
  value(rank: number): number {
    return this.found.get(rank)!;
  }
}

/** The intervals with ranks in them, by the counts of the next bits. */
function divided(
  counts: Uint32Array,
  ranks: readonly number[],
  { bits, prefix, below }: Pick<Interval, 'bits' | 'prefix' | 'below'>,
  digits: number,
): Interval[] {
  const intervals: Interval[] = [];
  let smaller = below;
  for (const [digit, count] of counts.entries()) {
    const within = ranks.filter((rank) => rank >= smaller && rank < smaller + count);
    if (within.length > 0) {
      const longer = (prefix << BigInt(digits)) | BigInt(digit);
      intervals.push({
        bits: bits + digits,
        prefix: longer,
        start: Number(longer),
        below: smaller,
        count,
        ranks: within,
        next: null,
        collected: null,
      });
    }
    smaller += count;
  }
  return intervals;
}

/** The first 32 bits of a number that has the order of the floats: those of negative ones turned round, the sign of others set. */
function orderedHigh(value: number): number {
  float[0] = value;
  return (words[1] & 0x80000000 ? ~words[1] : words[1] | 0x80000000) >>> 0;
}

/** All 64 of these bits. */
function keyOf(value: number): bigint {
  const high = orderedHigh(value);
  const low = (value < 0 || Object.is(value, -0) ? ~words[0] : words[0]) >>> 0;
  return (BigInt(high) << 32n) | BigInt(low);
}

function nextDigit(value: number, high: number, bits: number): number {
  const mask = 2 ** LATER_BITS - 1;
  if (bits + LATER_BITS <= 32) return (high >>> (32 - bits - LATER_BITS)) & mask;
  return Number((keyOf(value) >> BigInt(ALL_BITS - bits - LATER_BITS)) & BigInt(mask));
}

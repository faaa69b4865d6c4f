/** The complete state of a {@link RandomStream}: four 32-bit words. */
export type RandomState = readonly [number, number, number, number];

/**
 * A seeded stream of random numbers that can be saved and restored exactly.
 *
 * Generator: xoshiro128** (Blackman and Vigna, 2018), seeded through splitmix32. Integer arithmetic only, so the
 * uniform draws are the same on every machine; the normal draws use `Math.log` and `Math.cos`.
 */
export class RandomStream {
  private a = 0;
  private b = 0;
  private c = 0;
  private d = 0;

  constructor(seed: number) {
    this.reseed(seed);
  }

  /** Starts the stream over from `seed` (taken modulo 2³²). */
  reseed(seed: number): void {
    let word = seed >>> 0;
    const next = () => {
      word = (word + 0x9e3779b9) >>> 0;
      return mix32(word);
    };
    this.a = next();
    this.b = next();
    this.c = next();
    this.d = next();
  }

  /** The next 32 random bits, as an integer in [0, 2³²). */
  bits(): number {
    const product = Math.imul(this.b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  /** A uniform number in [low, high). */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.bits() / 4294967296);
  }

  /** A uniform integer in [0, count). */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** A standard normal number (Box and Muller, 1958; one of the pair is discarded, so no hidden state is kept). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log((this.bits() + 1) / 4294967297));
    return radius * Math.cos((this.bits() / 4294967296) * 2 * Math.PI);
  }

  /** Fills `out` with uniform numbers in [low, high). */
  fillUniform(out: Float32Array, low: number, high: number): void {
    for (let i = 0; i < out.length; i++) out[i] = this.uniform(low, high);
  }

  /** Fills `out` with standard normal numbers; both numbers of each Box-Muller pair are used. */
  fillNormal(out: Float32Array): void {
    for (let i = 0; i < out.length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log((this.bits() + 1) / 4294967297));
      const angle = (this.bits() / 4294967296) * 2 * Math.PI;
      out[i] = radius * Math.cos(angle);
      if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
    }
  }

  /** Chooses `count` distinct integers from [0, total), in random order. Throws a RangeError if count > total. */
  choose(count: number, total: number): number[] {
    if (count > total) throw new RangeError(`cannot choose ${count} distinct items out of ${total}`);
    const items = Array.from({ length: total }, (_, i) => i);
    for (let i = 0; i < count; i++) {
      const j = i + this.integer(total - i);
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items.slice(0, count);
  }

  getState(): RandomState {
    return [this.a >>> 0, this.b >>> 0, this.c >>> 0, this.d >>> 0];
  }

  setState(state: RandomState): void {
    [this.a, this.b, this.c, this.d] = state;
  }
}

/** Mixes any number of integers into one 32-bit seed, so that (seed, index) pairs give unrelated streams. */
export function hashSeed(...words: number[]): number {
  let hash = 0x811c9dc5;
  for (const word of words) hash = mix32((Math.imul(hash, 31) + word + 0x9e3779b9) >>> 0);
  return hash;
}

function mix32(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

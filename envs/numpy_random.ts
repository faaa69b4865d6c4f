const SIZE = 624;
const MIDDLE = 397;

/**
 * The numbers that NumPy's `RandomState` draws, with which ManiSkill draws what differs between its episodes. Generator:
 * MT19937 (Matsumoto and Nishimura, 1998).
 */
export class NumpyRandom {
  private readonly words = new Uint32Array(SIZE);
  private at = SIZE;

  constructor(seed: number) {
    const { words } = this;
    words[0] = seed;
    for (let i = 1; i < SIZE; i++) {
      const last = words[i - 1] ^ (words[i - 1] >>> 30);
      words[i] = Math.imul(1812433253, last) + i;
    }
  }

  /** A uniform number in [low, high). */
  uniform(low: number, high: number): number {
    const upper = this.bits() >>> 5;
    const lower = this.bits() >>> 6;
    return low + (high - low) * ((upper * 2 ** 26 + lower) / 2 ** 53);
  }

  /** The next 32 random bits. */
  private bits(): number {
    if (this.at === SIZE) this.renew();
    let word = this.words[this.at++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  private renew(): void {
    const { words } = this;
    for (let i = 0; i < SIZE; i++) {
      const joined = (words[i] & 0x80000000) | (words[(i + 1) % SIZE] & 0x7fffffff);
      words[i] = words[(i + MIDDLE) % SIZE] ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
    }
    this.at = 0;
  }
}

/** Lanes of 64 bits, each as its lower and its upper half. */
type Lanes = Int32Array;

const INITIAL_0 = [
  0xfe4cce2f, 0xdbe6d5d5, 0x299f31d0, 0xa4093822, 0x03707344, 0x13198a2e, 0x85a308d3, 0x243f6a88,
];
const INITIAL_1 = [
  0xcb0ef593, 0x3bd39e10, 0xb5f18a8c, 0xc0acf169, 0x34e90c6c, 0xbe5466cf, 0x38d01377, 0x452821e6,
];
const PACKET = 32;

/**
 * HighwayHash of 64 bits, with a key of 32 bytes: its lower and its upper half. In halves, since BigInt takes some twenty times
 * as long. By Alakuijala, Cox and Wassenberg, "Fast keyed hash/pseudo-random function using SIMD multiply and permute".
 */
export function highwayHash(key: Uint8Array, bytes: Uint8Array): [low: number, high: number] {
  const hash = new HighwayState(key);
  const whole = bytes.length - (bytes.length % PACKET);
  for (let at = 0; at < whole; at += PACKET) hash.update(bytes, at);
  if (whole < bytes.length) hash.updateLast(bytes.subarray(whole));
  return hash.finish();
}

class HighwayState {
  private readonly v0: Lanes = new Int32Array(8);
  private readonly v1: Lanes = new Int32Array(8);
  private readonly mul0: Lanes = Int32Array.from(INITIAL_0);
  private readonly mul1: Lanes = Int32Array.from(INITIAL_1);

  constructor(key: Uint8Array) {
    for (let word = 0; word < 8; word++) {
      this.v0[word] = this.mul0[word] ^ wordAt(key, 4 * word);
      // The halves of a lane change places.
      this.v1[word] = this.mul1[word] ^ wordAt(key, 4 * (word ^ 1));
    }
  }

  /** Takes up 32 bytes. */
  update(bytes: Uint8Array, at: number): void {
    const { v0, v1, mul0, mul1 } = this;
    for (let lane = 0; lane < 8; lane += 2) {
      const from = at + 4 * lane;
      add(v1, lane, mul0[lane], mul0[lane + 1]);
      add(v1, lane, wordAt(bytes, from), wordAt(bytes, from + 4));
      multiplyInto(mul0, lane, v1[lane], v0[lane + 1]);
      add(v0, lane, mul1[lane], mul1[lane + 1]);
      multiplyInto(mul1, lane, v0[lane], v1[lane + 1]);
    }
    zipAndAdd(v1, v0);
    zipAndAdd(v0, v1);
  }

  /** Takes up the last bytes, fewer than 32. */
  updateLast(bytes: Uint8Array): void {
    const size = bytes.length;
    for (let lane = 0; lane < 8; lane += 2) add(this.v0, lane, size, size);
    for (let word = 0; word < 8; word++) {
      this.v1[word] = (this.v1[word] << size) | (this.v1[word] >>> (32 - size));
    }
    const packet = new Uint8Array(PACKET);
    const whole = size & ~3;
    const beyond = size & 3;
    packet.set(bytes.subarray(0, whole));
    if (size & 16) {
      packet.set(bytes.subarray(size - 4), 28);
    } else if (beyond > 0) {
      packet[16] = bytes[whole];
      packet[17] = bytes[whole + (beyond >> 1)];
      packet[18] = bytes[size - 1];
    }
    this.update(packet, 0);
  }

  finish(): [low: number, high: number] {
    const { v0, v1, mul0, mul1 } = this;
    const packet = new Uint8Array(PACKET);
    const view = new DataView(packet.buffer);
    for (let round = 0; round < 4; round++) {
      // Lanes 2, 3, 0, 1, with their halves in each other's places.
      for (let word = 0; word < 8; word++) view.setInt32(4 * word, v0[word ^ 4 ^ 1], true);
      this.update(packet, 0);
    }
    const sum = Int32Array.of(v0[0], v0[1]);
    for (const lanes of [v1, mul0, mul1]) add(sum, 0, lanes[0], lanes[1]);
    return [sum[0] >>> 0, sum[1] >>> 0];
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

function add(lanes: Lanes, lane: number, low: number, high: number): void {
  const sum = (lanes[lane] >>> 0) + (low >>> 0);
  lanes[lane] = sum;
  lanes[lane + 1] += high + (sum > 0xffffffff ? 1 : 0);
}

/** Xors the product of two numbers of 32 bits into a lane. */
function multiplyInto(lanes: Lanes, lane: number, a: number, b: number): void {
  const [a0, a1, b0, b1] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const other = a0 * b1 + (middle & 0xffff);
  lanes[lane] ^= Math.imul(a, b);
  lanes[lane + 1] ^= a1 * b1 + Math.floor(middle / 65536) + Math.floor(other / 65536);
}

/** Adds the bytes of each pair of lanes of `from`, mixed, to those of `to`. */
function zipAndAdd(from: Lanes, to: Lanes): void {
  for (let lane = 0; lane < 8; lane += 4) {
    const [a, aHigh, b, bHigh] = [from[lane], from[lane + 1], from[lane + 2], from[lane + 3]];
    // Bytes of a and b from the lowest: a3 b4 a2 a5, b6 a1 b7 a0; and b3 a4 b2 b5, b1 a6 b0 a7.
    const low = (a >>> 24) | ((bHigh & 0xff) << 8) | (a & 0xff0000) | ((aHigh & 0xff00) << 16);
    const high = ((bHigh >>> 16) & 0xff) | (a & 0xff00) | ((bHigh >>> 24) << 16) | (a << 24);
    const otherLow = (b >>> 24) | ((aHigh & 0xff) << 8) | (b & 0xff0000) | ((bHigh & 0xff00) << 16);
    const otherHigh =
      ((b >>> 8) & 0xff) | (((aHigh >>> 16) & 0xff) << 8) | ((b & 0xff) << 16) | (aHigh & 0xff000000);
    add(to, lane, low, high);
    add(to, lane + 2, otherLow, otherHigh);
  }
}

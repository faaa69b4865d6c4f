import type { RandomStream } from '../../../src/rng.js';

/** The ways to damage a file. */
const DAMAGES: readonly ((bytes: Buffer, random: RandomStream) => Buffer)[] = [
  changedBytes,
  changedBytes,
  changedBytes,
  flippedBit,
  filledRange,
  (bytes, random) => bytes.subarray(0, random.integer(bytes.length)),
  swappedRange,
];

/** A damaged copy of a file's bytes, in one way by chance. */
export function damaged(whole: Buffer, random: RandomStream): Buffer {
  const bytes = Buffer.from(whole);
  return bytes.length === 0 ? bytes : DAMAGES[random.integer(DAMAGES.length)](bytes, random);
}

function changedBytes(bytes: Buffer, random: RandomStream): Buffer {
  for (let count = 1 + random.integer(4); count > 0; count--) {
    bytes[random.integer(bytes.length)] = random.integer(256);
  }
  return bytes;
}

function flippedBit(bytes: Buffer, random: RandomStream): Buffer {
  bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
  return bytes;
}

/** Zeros as of a disk that was not written, or ones, which make lengths and numbers huge. */
function filledRange(bytes: Buffer, random: RandomStream): Buffer {
  const from = random.integer(bytes.length);
  return bytes.fill(random.integer(2) * 255, from, Math.min(bytes.length, from + 1 + random.integer(16)));
}

function swappedRange(bytes: Buffer, random: RandomStream): Buffer {
  const [from, to, length] = [
    random.integer(bytes.length),
    random.integer(bytes.length),
    1 + random.integer(64),
  ];
  bytes.copyWithin(to, from, Math.min(bytes.length, from + length));
  return bytes;
}

const STEPS = 4096;
const BYTES = new Uint8Array(STEPS + 1);
for (let step = 0; step <= STEPS; step++) {
  const linear = step / STEPS;
  const encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  BYTES[step] = Math.round(255 * encoded);
}

/** The sRGB byte of a linear intensity; those outside of 0 to 1 are clipped. */
export function srgbByte(linear: number): number {
  return BYTES[linear <= 0 ? 0 : linear >= 1 ? STEPS : (linear * STEPS) | 0];
}

/** Writes a linear colour as four opaque bytes. */
export function writeSrgb(
  out: Uint8ClampedArray,
  at: number,
  red: number,
  green: number,
  blue: number,
): void {
  out[at] = srgbByte(red);
  out[at + 1] = srgbByte(green);
  out[at + 2] = srgbByte(blue);
  out[at + 3] = 255;
}

/** Shares of red, green and blue in the luma of ITU-R BT.601. */
const RED = 0.299;
const BLUE = 0.114;
const GREEN = 1 - RED - BLUE;

const BITS = 16;
const LUMA_SCALE = (219 / 255) * 2 ** BITS;
const CHROMA_SCALE = (112 / 255) * 2 ** BITS;

const Y_RED = Math.round(LUMA_SCALE * RED);
const Y_GREEN = Math.round(LUMA_SCALE * GREEN);
const Y_BLUE = Math.round(LUMA_SCALE * BLUE);
const CB_RED = Math.round((CHROMA_SCALE * -RED) / (1 - BLUE));
const CR_BLUE = Math.round((CHROMA_SCALE * -BLUE) / (1 - RED));
const FULL = Math.round(CHROMA_SCALE);

/** A half, so that the shift rounds to the nearest. */
const Y_OFFSET = 16.5 * 2 ** BITS;
/** Chroma is computed from sums of four pixels. */
const CHROMA_BITS = BITS + 2;
const CHROMA_OFFSET = 128.5 * 2 ** CHROMA_BITS;

/**
 * Converts `rgba` [height, width, 4] to `out`, planes Y [height, width], Cb and Cr [height / 2, width / 2], in the
 * limited range of ITU-R BT.601. Chroma is the mean of each 2×2 pixels; width and height must be even.
 */
export function rgbaToI420(rgba: Uint8ClampedArray, width: number, height: number, out: Uint8Array): void {
  let cb = width * height;
  let cr = cb + cb / 4;
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let corner = 0; corner < 4; corner++) {
        const pixel = (y + (corner >> 1)) * width + x + (corner & 1);
        const r = rgba[4 * pixel];
        const g = rgba[4 * pixel + 1];
        const b = rgba[4 * pixel + 2];
        red += r;
        green += g;
        blue += b;
        out[pixel] = (Y_RED * r + Y_GREEN * g + Y_BLUE * b + Y_OFFSET) >> BITS;
      }
      // The weights of each chroma add up to 0 exactly: grey stays grey.
      out[cb++] = (CB_RED * red - (CB_RED + FULL) * green + FULL * blue + CHROMA_OFFSET) >> CHROMA_BITS;
      out[cr++] = (FULL * red - (CR_BLUE + FULL) * green + CR_BLUE * blue + CHROMA_OFFSET) >> CHROMA_BITS;
    }
  }
}

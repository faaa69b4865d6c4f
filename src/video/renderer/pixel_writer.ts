import type { Color } from 'three';
import type { Backdrop } from './backdrop.js';
import { type DepthBuffer, NO_TRIANGLE, SAMPLES, type SampleRectangle } from './depth_buffer.js';
import { srgbByte, writeSrgb } from './srgb.js';
import type { SurfaceShader } from './surface_shader.js';

const SAMPLES_PER_PIXEL = SAMPLES * SAMPLES;

/**
 * Turns triangles seen at samples into pixels. A triangle is shaded once for each pixel, at the middle of the samples
 * where it is seen.
 */
export class PixelWriter {
  /** [height, width, 4]: RGBA bytes. */
  readonly pixels: Uint8ClampedArray;
  /** [height, width]: the same memory. */
  private readonly words: Uint32Array;

  /** The triangles at the samples of the current pixel. */
  private readonly seen = new Int32Array(SAMPLES_PER_PIXEL);
  /** [3]: sum of the linear colours of the current pixel's samples, without the background. */
  private readonly sum = new Float64Array(3);

  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly shader: SurfaceShader,
  ) {
    this.pixels = new Uint8ClampedArray(4 * width * height);
    this.words = new Uint32Array(this.pixels.buffer);
  }

  /** Writes every pixel: the mean of its samples' colours, of `background` where nothing is seen. */
  write({ triangles, width: stride }: DepthBuffer, backdrop: Backdrop, background: Color): void {
    const { width, height, words } = this;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const sample = SAMPLES * (y * stride + x);
        const triangle = triangles[sample];
        if (
          triangle !== triangles[sample + 1] ||
          triangle !== triangles[sample + stride] ||
          triangle !== triangles[sample + stride + 1]
        ) {
          this.writeMixed(triangles, stride, x, y, background);
          continue;
        }
        const pixel = y * width + x;
        const known = backdrop.colourOf(pixel, triangle);
        if (known !== 0) words[pixel] = known;
        else this.writeSurface(triangle, x, y);
      }
    }
  }

  private writeSurface(triangle: number, x: number, y: number): void {
    const { shader, pixels } = this;
    const { colour } = shader;
    shader.shade(triangle, SAMPLES * (x + 0.5), SAMPLES * (y + 0.5));
    writeSrgb(pixels, 4 * (y * this.width + x), colour[0], colour[1], colour[2]);
  }

  private writeMixed(triangles: Int32Array, stride: number, x: number, y: number, background: Color): void {
    const { sum, pixels } = this;
    const uncovered = SAMPLES_PER_PIXEL - this.sumSamples(triangles, stride, x, y);
    writeSrgb(
      pixels,
      4 * (y * this.width + x),
      (sum[0] + uncovered * background.r) / SAMPLES_PER_PIXEL,
      (sum[1] + uncovered * background.g) / SAMPLES_PER_PIXEL,
      (sum[2] + uncovered * background.b) / SAMPLES_PER_PIXEL,
    );
  }

  /** Lays what is seen in the rectangle of samples over the pixels, as a surface of the given opacity. */
  blend({ triangles, width: stride }: DepthBuffer, bounds: SampleRectangle, opacity: number): void {
    const { width, pixels, sum } = this;
    for (let y = Math.floor(bounds.top / SAMPLES); y <= bounds.bottom / SAMPLES; y++) {
      for (let x = Math.floor(bounds.left / SAMPLES); x <= bounds.right / SAMPLES; x++) {
        const covered = this.sumSamples(triangles, stride, x, y);
        if (covered === 0) continue;
        const share = (opacity * covered) / SAMPLES_PER_PIXEL;
        const pixel = 4 * (y * width + x);
        for (let i = 0; i < 3; i++) {
          const below = pixels[pixel + i];
          pixels[pixel + i] = below + share * (srgbByte(sum[i] / covered) - below);
        }
      }
    }
  }

  /** Shades the triangles seen at the samples of pixel x, y and returns how many samples see one. */
  private sumSamples(triangles: Int32Array, stride: number, x: number, y: number): number {
    const sample = SAMPLES * (y * stride + x);
    const { seen, sum, shader } = this;
    const { colour } = shader;
    seen[0] = triangles[sample];
    seen[1] = triangles[sample + 1];
    seen[2] = triangles[sample + stride];
    seen[3] = triangles[sample + stride + 1];
    sum.fill(0);
    let covered = 0;
    for (let i = 0; i < SAMPLES_PER_PIXEL; i++) {
      const triangle = seen[i];
      if (triangle === NO_TRIANGLE) continue;
      let count = 0;
      let columns = 0;
      let rows = 0;
      for (let j = i; j < SAMPLES_PER_PIXEL; j++) {
        if (seen[j] !== triangle) continue;
        seen[j] = NO_TRIANGLE;
        count++;
        columns += j & 1;
        rows += j >> 1;
      }
      shader.shade(triangle, SAMPLES * x + 0.5 + columns / count, SAMPLES * y + 0.5 + rows / count);
      // Clipped before the mean is taken: a bright highlight must not swallow the edge it is on.
      for (let axis = 0; axis < 3; axis++) sum[axis] += count * Math.min(1, colour[axis]);
      covered += count;
    }
    return covered;
  }
}

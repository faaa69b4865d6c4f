import type { Color } from 'three';
import { DepthBuffer, NO_TRIANGLE, SAMPLES } from './depth_buffer.js';
import { ALWAYS_LIT, type ShadowMap } from './shadow_map.js';
import { writeSrgb } from './srgb.js';
import type { SurfaceShader } from './surface_shader.js';

/** Marks a pixel whose samples see different triangles. */
const MIXED = NO_TRIANGLE - 1;
/** Marks a pixel whose colour is not known; no opaque pixel has this value. */
const UNKNOWN = 0;

/**
 * The bodies that never move: their samples, from which every frame starts, and the colours of their pixels in the sun
 * and in shadow. Most pixels of a frame are one of the two, so that nothing has to be shaded for them.
 */
export class Backdrop {
  readonly samples: DepthBuffer;

  /** [height, width]: the triangle that all samples of a pixel see. */
  private readonly triangles: Int32Array;
  /** [height, width]: the tile of the shadow map that a pixel's place is in. */
  private readonly tiles: Int32Array;
  private readonly nearness: Float32Array;
  /** [height, width]: RGBA bytes, as one number. */
  private readonly sunlit: Uint32Array;
  private readonly shaded: Uint32Array;

  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly shader: SurfaceShader,
    private readonly shadows: ShadowMap,
  ) {
    const pixels = width * height;
    this.samples = new DepthBuffer(SAMPLES * width, SAMPLES * height);
    this.triangles = new Int32Array(pixels);
    this.tiles = new Int32Array(pixels);
    this.nearness = new Float32Array(pixels);
    this.sunlit = new Uint32Array(pixels);
    this.shaded = new Uint32Array(pixels);
  }

  /** Computes the colours, once `samples` are drawn. */
  shade(background: Color): void {
    const { width, height, triangles } = this;
    const { width: stride, triangles: seen } = this.samples;
    const sunlit = new Uint8ClampedArray(this.sunlit.buffer);
    const shaded = new Uint8ClampedArray(this.shaded.buffer);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const pixel = y * width + x;
        const sample = SAMPLES * (y * stride + x);
        const triangle = seen[sample];
        const isMixed =
          triangle !== seen[sample + 1] ||
          triangle !== seen[sample + stride] ||
          triangle !== seen[sample + stride + 1];
        triangles[pixel] = isMixed ? MIXED : triangle;
        if (isMixed) continue;
        if (triangle === NO_TRIANGLE) {
          this.tiles[pixel] = ALWAYS_LIT;
          writeSrgb(sunlit, 4 * pixel, background.r, background.g, background.b);
        } else {
          this.shadeSurface(triangle, x, y, sunlit, shaded);
        }
      }
    }
  }

  private shadeSurface(
    triangle: number,
    x: number,
    y: number,
    sunlit: Uint8ClampedArray,
    shaded: Uint8ClampedArray,
  ): void {
    const { shader, shadows } = this;
    const { colour } = shader;
    const pixel = y * this.width + x;
    shader.locate(triangle, SAMPLES * (x + 0.5), SAMPLES * (y + 0.5));
    this.tiles[pixel] = shadows.locate(shader.position, shader.normal);
    this.nearness[pixel] = shadows.near;
    shader.light(1);
    writeSrgb(sunlit, 4 * pixel, colour[0], colour[1], colour[2]);
    shader.light(0);
    writeSrgb(shaded, 4 * pixel, colour[0], colour[1], colour[2]);
  }

  /** The RGBA bytes of a pixel where only `triangle` is seen; 0 if they have to be computed. */
  colourOf(pixel: number, triangle: number): number {
    if (triangle !== this.triangles[pixel]) return UNKNOWN;
    switch (this.shadows.lightInTile(this.tiles[pixel], this.nearness[pixel])) {
      case 1:
        return this.sunlit[pixel];
      case 0:
        return this.shaded[pixel];
      default:
        return UNKNOWN;
    }
  }
}

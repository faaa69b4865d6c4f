import { type DirectionalLight, Matrix4, Vector3 } from 'three';
import { DepthBuffer } from './depth_buffer.js';
import type { MeshPart, TriangleList } from './triangle_list.js';

/** Texels per side. */
const SIZE = 512;
/** Shadows' edges are a box filter of this many texels wide. */
const FILTER_WIDTH = 5;
/** Texels per side of a tile, at least half the filter's reach and one more. */
const TILE = 8;
const TILES = SIZE / TILE;
/** How far a point is moved towards the light and along its normal before it is looked up, metres. */
const DEPTH_BIAS = 0.003;
const NORMAL_BIAS = 0.006;

/** How much of a directional light, which sees the world in parallel projection, arrives where. */
export class ShadowMap {
  private readonly buffer = new DepthBuffer(SIZE, SIZE);
  private readonly points: Float64Array;
  private readonly casters: readonly MeshPart[];
  private readonly matrix = new Matrix4();
  private readonly target = new Vector3();
  /** [3, 4], row by row: world position to texel x, y and nearness. */
  private readonly toTexels = new Float64Array(12);
  /** [TILES, TILES]: the least and the greatest nearness in a tile, and then in it and its neighbours. */
  private readonly farthest = new Float32Array(TILES * TILES);
  private readonly nearest = new Float32Array(TILES * TILES);
  private readonly farthestAround = new Float32Array(TILES * TILES);
  private readonly nearestAround = new Float32Array(TILES * TILES);

  constructor(
    private readonly list: TriangleList,
    private readonly light: DirectionalLight,
  ) {
    this.points = new Float64Array(list.positions.length);
    this.casters = list.parts.filter(({ mesh }) => mesh.castShadow && !mesh.material.transparent);
  }

  /** Draws the casters as the light sees them. */
  update(): void {
    this.updateMatrix();
    const { buffer, points, casters } = this;
    const { corners } = this.list;
    buffer.clear();
    for (const part of casters) {
      this.project(part);
      for (let i = 3 * part.firstTriangle; i < 3 * part.endTriangle; i += 3) {
        buffer.fill(0, points, corners[i], corners[i + 1], corners[i + 2], buffer);
      }
    }
    this.boundTiles();
    this.spreadBounds();
  }

  private updateMatrix(): void {
    const { light, matrix, target, toTexels } = this;
    const { camera } = light.shadow;
    camera.position.setFromMatrixPosition(light.matrixWorld);
    camera.lookAt(target.setFromMatrixPosition(light.target.matrixWorld));
    camera.updateMatrixWorld();
    const m = matrix.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse).elements;
    const depth = camera.far - camera.near;
    for (let column = 0; column < 4; column++) {
      const centre = column === 3 ? 0.5 * SIZE : 0;
      toTexels[column] = centre + 0.5 * SIZE * m[4 * column];
      toTexels[4 + column] = centre - 0.5 * SIZE * m[4 * column + 1];
      toTexels[8 + column] = -0.5 * depth * m[4 * column + 2];
    }
  }

  private project({ firstVertex, endVertex }: MeshPart): void {
    const { points, toTexels: m } = this;
    const { positions } = this.list;
    for (let i = 3 * firstVertex; i < 3 * endVertex; i += 3) {
      const x = positions[i];
      const y = positions[i + 1];
      const z = positions[i + 2];
      points[i] = m[0] * x + m[1] * y + m[2] * z + m[3];
      points[i + 1] = m[4] * x + m[5] * y + m[6] * z + m[7];
      points[i + 2] = m[8] * x + m[9] * y + m[10] * z + m[11];
    }
  }

  private boundTiles(): void {
    const { nearness } = this.buffer;
    const { nearest, farthest } = this;
    nearest.fill(-Infinity);
    farthest.fill(Infinity);
    for (let y = 0; y < SIZE; y++) {
      for (let column = 0; column < TILES; column++) {
        const start = y * SIZE + column * TILE;
        let most = nearness[start];
        let least = most;
        for (let i = start + 1; i < start + TILE; i++) {
          const near = nearness[i];
          if (near > most) most = near;
          if (near < least) least = near;
        }
        const tile = Math.floor(y / TILE) * TILES + column;
        if (most > nearest[tile]) nearest[tile] = most;
        if (least < farthest[tile]) farthest[tile] = least;
      }
    }
  }

  private spreadBounds(): void {
    const { nearest, farthest, nearestAround, farthestAround } = this;
    for (let row = 0; row < TILES; row++) {
      for (let column = 0; column < TILES; column++) {
        let most = -Infinity;
        let least = Infinity;
        for (let y = Math.max(0, row - 1); y <= Math.min(TILES - 1, row + 1); y++) {
          for (let x = Math.max(0, column - 1); x <= Math.min(TILES - 1, column + 1); x++) {
            most = Math.max(most, nearest[y * TILES + x]);
            least = Math.min(least, farthest[y * TILES + x]);
          }
        }
        nearestAround[row * TILES + column] = most;
        farthestAround[row * TILES + column] = least;
      }
    }
  }

  /** The share of light, 0 to 1, at a point with a unit normal; 1 outside of the map. */
  lightAt(x: number, y: number, z: number, nx: number, ny: number, nz: number): number {
    const m = this.toTexels;
    const px = x + NORMAL_BIAS * nx;
    const py = y + NORMAL_BIAS * ny;
    const pz = z + NORMAL_BIAS * nz;
    const u = m[0] * px + m[1] * py + m[2] * pz + m[3] - 0.5;
    const v = m[4] * px + m[5] * py + m[6] * pz + m[7] - 0.5;
    const near = m[8] * px + m[9] * py + m[10] * pz + m[11] + DEPTH_BIAS;
    const reach = (FILTER_WIDTH - 1) / 2;
    if (!(u >= reach && v >= reach && u < SIZE - reach - 1 && v < SIZE - reach - 1)) return 1;
    const tile = ((v / TILE) | 0) * TILES + ((u / TILE) | 0);
    if (near >= this.nearestAround[tile]) return 1;
    if (near < this.farthestAround[tile]) return 0;
    return this.filter(u, v, near);
  }

  /** The share of the texels around u, v that don't hide a point as near as `near`, weighted by overlap. */
  private filter(u: number, v: number, near: number): number {
    const { nearness } = this.buffer;
    const column = Math.floor(u);
    const row = Math.floor(v);
    const right = u - column;
    const bottom = v - row;
    let start = (row - (FILTER_WIDTH - 1) / 2) * SIZE + column - (FILTER_WIDTH - 1) / 2;
    let sum = 0;
    for (let y = 0; y <= FILTER_WIDTH; y++) {
      let inRow = nearness[start] <= near ? 1 - right : 0;
      for (let x = 1; x < FILTER_WIDTH; x++) if (nearness[start + x] <= near) inRow++;
      if (nearness[start + FILTER_WIDTH] <= near) inRow += right;
      sum += y === 0 ? inRow * (1 - bottom) : y === FILTER_WIDTH ? inRow * bottom : inRow;
      start += SIZE;
    }
    return sum / (FILTER_WIDTH * FILTER_WIDTH);
  }
}

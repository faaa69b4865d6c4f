import { type DirectionalLight, Matrix4, Vector3 } from 'three';
import { DepthBuffer } from './depth_buffer.js';
import type { MeshPart, TriangleList } from './triangle_list.js';

/** Texels per side of the map. */
const SIZE = 512;
/** Shadows' edges are a box filter of this many texels wide. */
const FILTER_WIDTH = 5;
const REACH = (FILTER_WIDTH - 1) / 2;
/** Texels per side of a tile; more than the filter reaches, so that a tile and its neighbours hold all that it reads. */
const TILE = 8;
const TILES = SIZE / TILE;
/** The tile of all points outside of the map. */
export const ALWAYS_LIT = TILES * TILES;
/** Metres by which a point is moved towards the light and along its normal before it is looked up. */
const DEPTH_BIAS = 0.003;
const NORMAL_BIAS = 0.003;

/** The shadows of a directional light, which sees the world in parallel projection. */
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
  private readonly farthestAround = new Float32Array(TILES * TILES + 1).fill(-Infinity);
  private readonly nearestAround = new Float32Array(TILES * TILES + 1).fill(-Infinity);
  /** The last located point. */
  near = 0;
  private u = 0;
  private v = 0;

  constructor(
    private readonly list: TriangleList,
    private readonly light: DirectionalLight,
  ) {
    this.points = new Float64Array(list.positions.length);
    this.casters = list.parts.filter(({ mesh }) => mesh.castShadow && !mesh.material.transparent);
  }

  /** Draws the casters' sides that the light can't see: what it sees is then never near enough to shade itself. */
  update(): void {
    this.updateMatrix();
    const { buffer, points, casters } = this;
    const { corners } = this.list;
    buffer.clear();
    for (const part of casters) {
      this.project(part);
      for (let i = 3 * part.firstTriangle; i < 3 * part.endTriangle; i += 3) {
        buffer.fill(0, points, corners[i], corners[i + 2], corners[i + 1], buffer);
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

  /**
   * Finds a point with a unit normal in the map: returns its tile and sets `near`, how near to the light it is.
   */
  locate(position: Float64Array, normal: Float64Array): number {
    const m = this.toTexels;
    const x = position[0] + NORMAL_BIAS * normal[0];
    const y = position[1] + NORMAL_BIAS * normal[1];
    const z = position[2] + NORMAL_BIAS * normal[2];
    const u = m[0] * x + m[1] * y + m[2] * z + m[3] - 0.5;
    const v = m[4] * x + m[5] * y + m[6] * z + m[7] - 0.5;
    this.u = u;
    this.v = v;
    this.near = m[8] * x + m[9] * y + m[10] * z + m[11] + DEPTH_BIAS;
    if (!(u >= REACH && v >= REACH && u < SIZE - REACH - 1 && v < SIZE - REACH - 1)) return ALWAYS_LIT;
    return ((v / TILE) | 0) * TILES + ((u / TILE) | 0);
  }

  /** 1 or 0 where all or nothing is lit around the tile, at that nearness; −1 if that depends on the place. */
  lightInTile(tile: number, near: number): 1 | 0 | -1 {
    if (near >= this.nearestAround[tile]) return 1;
    return near < this.farthestAround[tile] ? 0 : -1;
  }

  /** The share of light, 0 to 1, at a point with a unit normal; 1 outside of the map. */
  lightAt(position: Float64Array, normal: Float64Array): number {
    const light = this.lightInTile(this.locate(position, normal), this.near);
    return light === -1 ? this.filter() : light;
  }

  /** The share of the texels around the located point that don't hide it, weighted by overlap. */
  private filter(): number {
    const { nearness } = this.buffer;
    const { u, v, near } = this;
    const column = Math.floor(u);
    const row = Math.floor(v);
    const right = u - column;
    const bottom = v - row;
    let start = (row - REACH) * SIZE + column - REACH;
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

import { type Camera, IDENTITY_POSE, type SceneBody, type SceneDescription } from '../../../envs/scene.js';
import { box } from '../../../envs/shapes.js';
import { createFrameRenderer } from '../../../src/video/frame_renderer.js';

export interface Size {
  width: number;
  height: number;
}

/** A camera that looks along y, with x to the right and z up; at its distance of 1 it sees 1 m of height. */
export const FRONT_CAMERA: Camera = {
  eye: [0, -1, 0],
  target: [0, 0, 0],
  verticalFovRadians: 2 * Math.atan(0.5),
};

/** A body that consists of one box about its origin. */
export function boxBody(
  name: string,
  color: number,
  halfSize: readonly [number, number, number],
  options: { fixed?: boolean; opacity?: number } = {},
): SceneBody {
  const material =
    options.opacity === undefined
      ? { color, roughness: 0.9 }
      : { color, roughness: 0.9, opacity: options.opacity };
  return { name, fixed: options.fixed ?? false, shapes: [box(material, [0, 0, 0], halfSize)] };
}

/** A scene whose bodies stand at the given positions [bodies][3], unturned, whatever the state. */
export function stillScene(bodies: readonly SceneBody[], camera = FRONT_CAMERA): SceneDescription {
  return { bodies, camera, writePoses: () => {} };
}

/** Poses [bodies, 7] of bodies at positions [3] each, unturned. */
export function posesAt(...positions: readonly (readonly number[])[]): Float32Array {
  return Float32Array.from(positions.flatMap((position) => [...position, ...IDENTITY_POSE.slice(3)]));
}

/** A picture that its renderer won't overwrite. */
export class Picture {
  private constructor(
    readonly pixels: Uint8ClampedArray,
    readonly size: Size,
  ) {}

  static of(scene: SceneDescription, poses: Float32Array, size: Size): Picture {
    return new Picture(createFrameRenderer(scene, size).render(poses).slice(), size);
  }

  /** Red, green and blue of the pixel in a column and a row. */
  at(column: number, row: number): number[] {
    const at = 4 * (row * this.size.width + column);
    return Array.from(this.pixels.subarray(at, at + 3));
  }

  /** The pixel where `camera` sees a point in the world. */
  atPoint(point: readonly number[], camera: Camera): number[] {
    const [column, row] = project(point, camera, this.size);
    return this.at(Math.floor(column), Math.floor(row));
  }
}

/** Column and row, from the left and the top, where a pinhole camera sees a point. */
export function project(
  point: readonly number[],
  { eye, target, verticalFovRadians }: Camera,
  { width, height }: Size,
): [number, number] {
  const forward = unit(target.map((value, i) => value - eye[i]));
  const right = unit([forward[1], -forward[0], 0]);
  const up = cross(right, forward);
  const offset = point.map((value, i) => value - eye[i]);
  const scale = height / (2 * Math.tan(verticalFovRadians / 2) * dot(offset, forward));
  return [width / 2 + scale * dot(offset, right), height / 2 - scale * dot(offset, up)];
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function cross(a: readonly number[], b: readonly number[]): number[] {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(a: readonly number[]): number[] {
  return a.map((value) => value / Math.sqrt(dot(a, a)));
}

import type { EnvironmentState } from './env.js';

/** Look of a surface: its colour as sRGB 0xrrggbb, roughness 0 (mirror) to 1 (chalk), opacity 0 to 1. */
export interface Material {
  color: number;
  roughness: number;
  /** Fully opaque if left out. */
  opacity?: number;
}

/** Metres, in the shape's own frame, centred on its origin. Cylinders and capsules stand along z. */
export type Geometry =
  | { kind: 'box'; halfSize: readonly number[] }
  | { kind: 'sphere'; radius: number }
  | { kind: 'cylinder'; radius: number; halfLength: number }
  /** A cylinder of `halfLength` with half a sphere at each end. */
  | { kind: 'capsule'; radius: number; halfLength: number }
  /** The convex hull of `vertices` [n, 3]. */
  | { kind: 'hull'; vertices: readonly number[] };

/** Position 3 and quaternion wxyz 4 of something at the origin of its parent's frame. */
export const IDENTITY_POSE: readonly number[] = [0, 0, 0, 1, 0, 0, 0];

/** A rigid part of a body: its pose in the body's frame is position 3 and quaternion wxyz 4. */
export interface Shape {
  geometry: Geometry;
  material: Material;
  pose: readonly number[];
}

/** Something that moves as one: a link of the robot, an object, the table. */
export interface SceneBody {
  name: string;
  /** Fixed bodies never move, and only receive the shadows of others. */
  fixed: boolean;
  shapes: readonly Shape[];
}

/** Position and direction from which a picture is taken, world frame with z up. */
export interface Camera {
  eye: readonly number[];
  target: readonly number[];
  verticalFovRadians: number;
}

/** Bodies and camera that a renderer draws a task with. The shapes never change; a state moves the bodies. */
export interface SceneDescription {
  bodies: readonly SceneBody[];
  camera: Camera;
  /** Metres about the origin within which bodies cast shadows; fog begins a little beyond. 1 if left out. */
  reach?: number;

  /**
   * Writes the pose of every body in `state` to `poses` [bodies, 7]: position 3 and quaternion wxyz 4, world frame, or
   * that of what the camera follows. A pure function of the state, without physics.
   */
  writePoses(state: EnvironmentState, poses: Float32Array): void;
}

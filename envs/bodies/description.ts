import { type Geometry, IDENTITY_POSE, type Material, type Shape } from '../scene.js';

/**
 * Motion of a body: `dynamic` bodies move by physics, `kinematic` ones only when they are placed; both have a row in
 * every state. `static` bodies stay where their parts' poses say, in the world frame, and are in no state.
 */
export type Motion = 'dynamic' | 'kinematic' | 'static';

/** One rigid piece of a body, for physics and pictures alike. */
export interface BodyPart extends Shape {
  /** True if other bodies collide with it; otherwise it is only drawn. */
  readonly collides: boolean;
  /** kg/m³ */
  readonly density: number;
}

/** A body of a task. Several parts that overlap count their mass twice, as in ManiSkill. */
export interface BodyDescription {
  readonly motion: Motion;
  readonly parts: readonly BodyPart[];
  /** kg, spread over the parts in proportion to their densities; null: what the densities give. */
  readonly mass: number | null;
  /** Friction coefficient; a pair of bodies has the mean of both. The same holds for restitution. */
  readonly friction: number;
  readonly restitution: number;
  /** Shares of the velocities lost per second. */
  readonly linearDamping: number;
  readonly angularDamping: number;
}

/** Optional properties of a body; ManiSkill's defaults where left out. */
type Properties = Partial<Omit<BodyDescription, 'motion' | 'parts'>>;

const DEFAULT_DENSITY = 1000;
const DEFAULTS: Omit<BodyDescription, 'motion' | 'parts'> = {
  mass: null,
  friction: 0.3,
  restitution: 0,
  linearDamping: 0,
  angularDamping: 0.05,
};

/** A body that moves freely. */
export function dynamic(parts: BodyPart | readonly BodyPart[], properties: Properties = {}): BodyDescription {
  return { ...DEFAULTS, ...properties, motion: 'dynamic', parts: [parts].flat() };
}

/** A body that stays where it is placed. */
export function kinematic(
  parts: BodyPart | readonly BodyPart[],
  properties: Properties = {},
): BodyDescription {
  return { ...DEFAULTS, ...properties, motion: 'kinematic', parts: [parts].flat() };
}

/** A body that is a fixed part of the world. */
export function fixed(parts: BodyPart | readonly BodyPart[], properties: Properties = {}): BodyDescription {
  return { ...DEFAULTS, ...properties, motion: 'static', parts: [parts].flat() };
}

/** A body that is only drawn and marks a place, such as a goal. */
export function marker(parts: BodyPart | readonly BodyPart[]): BodyDescription {
  return kinematic([parts].flat().map((part) => ({ ...part, collides: false })));
}

/** A part's pose in its body's frame, and its density; by default the origin and ManiSkill's density. */
interface Placement {
  readonly position?: readonly [number, number, number];
  /** wxyz */
  readonly rotation?: readonly [number, number, number, number];
  readonly density?: number;
}

/** A part of any geometry. */
export function part(geometry: Geometry, material: Material, placement: Placement = {}): BodyPart {
  const { position = [0, 0, 0], rotation = IDENTITY_POSE.slice(3), density = DEFAULT_DENSITY } = placement;
  return { geometry, material, pose: [...position, ...rotation], collides: true, density };
}

/** A box by half its edge lengths. */
export function box(halfSize: readonly number[], material: Material, placement?: Placement): BodyPart {
  return part({ kind: 'box', halfSize }, material, placement);
}

export function sphere(radius: number, material: Material, placement?: Placement): BodyPart {
  return part({ kind: 'sphere', radius }, material, placement);
}

/** A cylinder along its z axis. */
export function cylinder(
  radius: number,
  halfLength: number,
  material: Material,
  placement?: Placement,
): BodyPart {
  return part({ kind: 'cylinder', radius, halfLength }, material, placement);
}

/** x, y, z in the frame of the body, metres. */
export type Vector = readonly [number, number, number];

/*
 * A model as MuJoCo describes one: each key is an attribute of the element in MuJoCo's own XML, where
 * https://mujoco.readthedocs.io/en/stable/XMLreference.html has its meaning. What is left out is the model's default, and
 * else MuJoCo's.
 */

/** Properties of joints, which a model has for all that say nothing else. */
export interface JointProperties {
  readonly armature?: number;
  readonly damping?: number;
  readonly stiffness?: number;
  readonly limited?: boolean;
  readonly margin?: number;
  readonly solimplimit?: Vector;
  readonly solreflimit?: readonly [number, number];
}

/** One degree of freedom of a body against its parent; of `free`, all six against the world. */
export interface Joint extends JointProperties {
  readonly name: string;
  readonly type: 'slide' | 'hinge' | 'free';
  readonly axis?: Vector;
  readonly pos?: Vector;
  /** Limits, in the unit of the compiler's angles: degrees if it names none. */
  readonly range?: readonly [number, number];
  /** The position in which the body stands as the model has it. */
  readonly ref?: number;
}

/** Properties of geoms, which a model has for all that say nothing else. */
export interface GeomProperties {
  readonly contype?: number;
  readonly conaffinity?: number;
  readonly condim?: number;
  readonly density?: number;
  readonly friction?: number | Vector;
  readonly margin?: number;
  readonly solimp?: Vector;
  readonly solref?: readonly [number, number];
}

/** A shape that touches and weighs; `size` as its type has it, of capsules radius and half the length between the ends. */
export interface Geom extends GeomProperties {
  readonly type: 'capsule' | 'sphere' | 'plane';
  readonly size: readonly number[];
  readonly pos?: Vector;
  /** One of these turns a capsule, which stands along z. */
  readonly quat?: readonly [number, number, number, number];
  readonly axisangle?: readonly [number, number, number, number];
  /** The colour in pictures, each part 0 to 1. */
  readonly rgba?: readonly [number, number, number, number];
  /** Ends of a capsule, in place of its position, turn and length. */
  readonly fromto?: readonly [number, number, number, number, number, number];
}

export interface Body {
  readonly name: string;
  readonly pos: Vector;
  readonly joints?: readonly Joint[];
  readonly geoms: readonly Geom[];
  readonly bodies?: readonly Body[];
}

/** A motor at a joint, which takes numbers within `ctrlrange` and gives `gear` times as much. */
export interface Motor {
  readonly joint: string;
  readonly gear: number;
}

/** A robot in its world. */
export interface Model {
  readonly name: string;
  readonly compiler: { readonly angle?: 'degree' | 'radian'; readonly settotalmass?: number };
  readonly option: { readonly timestep: number; readonly integrator?: 'RK4' };
  readonly joint: JointProperties;
  readonly geom: GeomProperties;
  /** Numbers that all motors take. */
  readonly ctrlrange: readonly [number, number];
  /** Geoms of the world itself. */
  readonly world: readonly Geom[];
  readonly body: Body;
  /** The motors, in the order of an action's numbers. */
  readonly motors: readonly Motor[];
}

import { boxCorners } from '../panda/box.js';
import type { BoxData } from '../panda/model_data.js';
import type { Shape } from '../scene.js';
import { GRAVITY } from './rapier.js';

/** Length of an actor's row in ManiSkill's `env_states`: position 3, quaternion wxyz 4, linear 3, angular velocity 3. */
export const ACTOR_STATE_SIZE = 13;

export interface ActorDescription {
  /** The name in ManiSkill's `env_states`. */
  name: string;
  /** The boxes that make up the body, in its own frame; none for a marker that takes no part in physics. */
  boxes: readonly BoxData[];
  density: number;
  friction: number;
  /** What a picture shows of it. */
  shapes: readonly Shape[];
}

/** An object of a task: its description, what follows from it, and its current state. */
export class Actor {
  readonly name: string;
  /**
   * [13]: the current state, written by the physics and by whoever places the actor. Single precision like the engine
   * and ManiSkill's files, so that passing through either changes nothing.
   */
  readonly state = new Float32Array(ACTOR_STATE_SIZE);
  readonly isDynamic: boolean;
  /** Of the mass and the inertia; bodies made of the actor afterwards have it. */
  massScale = 1;
  /** Radius of the sphere about the actor's origin that holds all of it. */
  readonly radius: number;
  /** [n, 3]: the corners of the boxes, in the actor's frame. */
  readonly corners: Float64Array;
  private readonly describedMass: number;

  constructor(readonly description: ActorDescription) {
    const { name, boxes, density } = description;
    this.name = name;
    this.isDynamic = boxes.length > 0;
    this.describedMass = boxes.reduce((sum, { halfSize: [x, y, z] }) => sum + 8 * x * y * z * density, 0);
    this.corners = Float64Array.from(boxes.flatMap(boxCorners));
    let radius = 0;
    for (let i = 0; i < this.corners.length; i += 3) {
      radius = Math.max(radius, Math.hypot(this.corners[i], this.corners[i + 1], this.corners[i + 2]));
    }
    this.radius = radius;
    this.state[3] = 1;
  }

  get mass(): number {
    return this.massScale * this.describedMass;
  }

  /** N */
  get weight(): number {
    return this.mass * GRAVITY;
  }

  /** Puts the actor at rest at x, y, z, turned about the vertical by `yaw`; in (−π, π) w is positive, as ManiSkill's. */
  place(x: number, y: number, z: number, yaw = 0): void {
    this.state.fill(0);
    this.state[0] = x;
    this.state[1] = y;
    this.state[2] = z;
    this.state[3] = Math.cos(yaw / 2);
    this.state[6] = Math.sin(yaw / 2);
  }

  /** Takes its velocities away. */
  stop(): void {
    this.state.fill(0, 7);
  }

  /** Linear speed below 1 cm/s and angular speed below 0.1 rad/s. */
  isSlow(): boolean {
    const s = this.state;
    const linear = s[7] * s[7] + s[8] * s[8] + s[9] * s[9];
    const angular = s[10] * s[10] + s[11] * s[11] + s[12] * s[12];
    return linear < 1e-4 && angular < 1e-2;
  }
}

/** A box centred on the actor's origin. */
export function centredBox(x: number, y: number, z: number): BoxData {
  return { pose: [0, 0, 0, 1, 0, 0, 0], halfSize: [x, y, z] };
}

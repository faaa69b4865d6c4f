import { checkBody } from './check.js';
import type { BodyDescription, BodyPart, Motion } from './description.js';
import { reachOf } from './geometry.js';

/** Length of an actor's row in ManiSkill's `env_states`: position 3, quaternion wxyz 4, linear 3, angular velocity 3. */
export const ACTOR_STATE_SIZE = 13;

/** A body of a task in one environment: its description, what follows from it, and its current state. */
export class Actor {
  /**
   * [13]: the current state, written by the physics and by whoever places the actor: the pose of its origin and the
   * linear velocity of its centre of mass. Single precision like the engine and ManiSkill's files, so that passing
   * through either changes nothing.
   */
  readonly state = new Float32Array(ACTOR_STATE_SIZE);
  /** Views of the state. */
  readonly pose = this.state.subarray(0, 7);
  readonly position = this.state.subarray(0, 3);
  readonly quaternion = this.state.subarray(3, 7);
  readonly linearVelocity = this.state.subarray(7, 10);
  readonly angularVelocity = this.state.subarray(10, 13);
  /** Factor on mass and inertia, for physics bodies that are made of the actor from now on. */
  massScale = 1;

  private current: BodyDescription;
  private reach = 0;
  private reachPoints = new Float64Array();

  /** @param name the name in ManiSkill's `env_states`. Throws, naming it, if the body can't be built. */
  constructor(
    readonly name: string,
    description: BodyDescription,
  ) {
    this.current = description;
    this.describe(description);
    this.state[3] = 1;
  }

  /** Changes the description to one of the same motion. Physics bodies already made of the actor don't change. */
  describe(description: BodyDescription): void {
    checkBody(this.name, description);
    this.current = description;
    this.reachPoints = Float64Array.from(
      description.parts.flatMap(({ collides, geometry, pose }) => (collides ? reachOf(geometry, pose) : [])),
    );
    this.reach = 0;
    for (let i = 0; i < this.reachPoints.length; i += 4) {
      const [x, y, z, radius] = this.reachPoints.subarray(i, i + 4);
      this.reach = Math.max(this.reach, Math.hypot(x, y, z) + radius);
    }
  }

  get description(): BodyDescription {
    return this.current;
  }

  get motion(): Motion {
    return this.current.motion;
  }

  /** True if a part takes part in physics. */
  get collides(): boolean {
    return this.reachPoints.length > 0;
  }

  /** The parts that take part in physics. */
  get collidingParts(): BodyPart[] {
    return this.current.parts.filter(({ collides }) => collides);
  }

  /** Radius of the sphere about the actor's origin that holds all colliding parts. */
  get radius(): number {
    return this.reach;
  }

  /**
   * [n, 4]: corners (radius 0) and centres of round ends (their radius) of the colliding parts, in the actor's frame.
   */
  get corners(): Float64Array {
    return this.reachPoints;
  }

  /**
   * Puts the actor at rest at x, y, z, turned about the vertical by `yaw`; within (−π, π) w is positive, as in
   * ManiSkill.
   */
  place(x: number, y: number, z: number, yaw = 0): void {
    this.state.fill(0);
    this.state[0] = x;
    this.state[1] = y;
    this.state[2] = z;
    this.state[3] = Math.cos(yaw / 2);
    this.state[6] = Math.sin(yaw / 2);
  }

  /** Turns the actor to the quaternion wxyz. */
  turn(w: number, x: number, y: number, z: number): void {
    this.state[3] = w;
    this.state[4] = x;
    this.state[5] = y;
    this.state[6] = z;
  }

  /** Sets its velocities to zero. */
  stop(): void {
    this.state.fill(0, 7);
  }

  /** True below a linear speed of 1 cm/s and an angular speed of 0.1 rad/s. */
  isSlow(): boolean {
    const s = this.state;
    const linear = s[7] * s[7] + s[8] * s[8] + s[9] * s[9];
    const angular = s[10] * s[10] + s[11] * s[11] + s[12] * s[12];
    return linear < 1e-4 && angular < 1e-2;
  }
}

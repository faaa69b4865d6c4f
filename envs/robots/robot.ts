import type { BoxData, RigidBodyData } from '../panda/model_data.js';
import type { SceneBody } from '../scene.js';

/** A Panda as it is equipped: what differs between the robots that tasks choose from. SI units. */
export interface Robot {
  /** ManiSkill's `uid`, which is its name in `env_states`. */
  readonly name: string;
  /** [9]: the joint positions that episodes start near, arm (radians) and fingers (metres). */
  readonly restQpos: readonly number[];
  /** The rigid bodies of the seven arm joints; the last one carries all that moves with the hand. */
  readonly armBodies: readonly RigidBodyData[];
  /** Boxes that collide beside the hand's own hull, in the hand's frame. */
  readonly handBoxes: readonly BoxData[];
  /** Bodies that pictures show, in the order of `PandaPoses`. */
  readonly bodies: readonly SceneBody[];
}

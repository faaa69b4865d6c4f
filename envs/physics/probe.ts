import { PandaKinematics } from '../panda/kinematics.js';
import { ARM_JOINTS, PHYSICS_TIMESTEP, ROBOT_JOINTS } from '../panda/model.js';
import type { Scene } from './scene.js';

/**
 * Distance past their positions to which a probe drives the fingers: with 2 N, which moves them by less than 0.2 mm.
 */
const GENTLE_CLOSING = 0.002;
/** The same for actors that turn out to be held: with 30 N, the force of a closing gripper. */
const FIRM_CLOSING = 0.03;
/** Physics steps after which Rapier's contact impulses no longer change. */
const FIRM_PROBES = 4;

/**
 * Finds out what a state alone does not tell: contact forces and which actors lie still. Steps the scene with the
 * hand going on at its velocity, then undoes the motion and keeps the contact impulses. What is held between the
 * fingers is probed again with a firm grip, without which it would turn in the fingers when the episode goes on.
 */
export class ContactProbe {
  private readonly aheadQpos = new Float64Array(ROBOT_JOINTS);
  private readonly ahead: PandaKinematics;

  constructor(basePose: readonly number[]) {
    this.ahead = new PandaKinematics(basePose);
  }

  /**
   * Probes `scene`, whose gripper has been placed at `kinematics`, `qpos` and `qvel` [9] and is left there. Returns
   * for each actor of the scene if it lies still.
   */
  run(scene: Scene, kinematics: PandaKinematics, qpos: Float64Array, qvel: Float64Array): boolean[] {
    const states = scene.actors.map(({ actor }) => actor.state.slice());
    const wereSlow = scene.actors.map(({ actor }) => actor.isSlow());
    const takeBack = () => {
      scene.gripper.place(kinematics, qpos, qvel);
      scene.actors.forEach(({ actor, body }, i) => {
        actor.state.set(states[i]);
        body.write();
      });
    };
    this.step(scene, qpos, qvel, GENTLE_CLOSING);
    const areStill = scene.actors.map(({ actor }, i) => wereSlow[i] && actor.isSlow());
    takeBack();
    const { isHolding } = scene;
    for (let probe = 0; isHolding && probe < FIRM_PROBES; probe++) {
      this.step(scene, qpos, qvel, FIRM_CLOSING);
      takeBack();
    }
    return areStill;
  }

  private step(scene: Scene, qpos: Float64Array, qvel: Float64Array, closing: number): void {
    this.aheadQpos.set(qpos);
    for (let joint = 0; joint < ARM_JOINTS; joint++) this.aheadQpos[joint] += PHYSICS_TIMESTEP * qvel[joint];
    this.ahead.update(this.aheadQpos);
    scene.gripper.drive(qpos[ARM_JOINTS] - closing, qpos[ARM_JOINTS + 1] - closing);
    scene.step(this.ahead, this.aheadQpos);
  }
}

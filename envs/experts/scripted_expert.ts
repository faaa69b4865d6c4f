import type { EnvironmentSpec } from '../env.js';
import type { Controller, DriveTargets } from '../panda/controller.js';
import { makeController } from '../panda/controllers.js';
import { ARM_JOINTS, ROBOT_JOINTS } from '../panda/model.js';
import { hashSeed, RandomStream } from '../random.js';
import type { Task } from '../tasks/define_task.js';
import { ObservationWriter } from '../tasks/observation.js';
import type { Expert, ExpertOptions } from './expert.js';
import type { Aim, Script, Sight } from './script.js';
import { TcpFollower } from './tcp_follower.js';

/** Noise grows with the effort of a motion (Harris and Wolpert, 1998); this share of it is left when holding still. */
const RESTING_NOISE = 0.3;
const SLOW_SPEED = 0.5;
/** See {@link Script.tolerance}. */
const TOLERANCE = 1e-3;
/** The control mode of joint movements. */
const MOVEMENTS = 'pd_joint_delta_pos';
/** The control mode in which the tool keeps its orientation. */
export const WITHOUT_TURNS = 'pd_ee_delta_pos';

/** Acts by a task's script: finds the joint movements to where it aims, and writes them in any control mode. */
export class ScriptedExpert implements Expert {
  private readonly follower: TcpFollower;
  private readonly random = new RandomStream(0);
  private readonly aim: Aim = {
    target: new Float64Array(3),
    orientation: new Float64Array(4),
    gripper: 0,
    turnsFreely: false,
    speed: 1,
    shaking: 1,
  };
  private readonly sight: Omit<Sight, 'fingerGap' | 'flaw'> & { fingerGap: number; flaw: string };
  private readonly observation: Float32Array;
  private readonly movement = new Float32Array(ARM_JOINTS + 1);
  readonly intended: Float32Array;
  private readonly translator: Translator | null;
  /** The tool's present orientation in control modes that keep it, else null. */
  private readonly keptOrientation: Float32Array | null;

  constructor(
    task: Task,
    private readonly script: Script,
    { controlMode, actionDim }: EnvironmentSpec,
    private readonly options: ExpertOptions,
  ) {
    this.intended = new Float32Array(actionDim);
    const layout = new ObservationWriter(task);
    this.observation = new Float32Array(layout.dim);
    this.sight = {
      parts: layout.views(this.observation),
      fingerGap: 0,
      flaw: 'none',
      aside: new Float64Array(2),
    };
    this.keptOrientation = controlMode === WITHOUT_TURNS ? this.sight.parts.tcp_pose.subarray(3) : null;
    this.follower = new TcpFollower(task.basePose, script.tolerance ?? TOLERANCE);
    this.translator = controlMode === MOVEMENTS ? null : new Translator(controlMode);
  }

  reset(episodeSeed: number): void {
    const { random, options, sight } = this;
    const flaws = [...this.script.flaws, 'slow'];
    random.reseed(hashSeed(options.seed, episodeSeed));
    const isSpoilt = random.uniform() < options.imperfectShare;
    sight.flaw = isSpoilt ? flaws[random.integer(flaws.length)] : 'none';
    const angle = random.uniform(0, 2 * Math.PI);
    sight.aside[0] = Math.cos(angle);
    sight.aside[1] = Math.sin(angle);
  }

  act(observation: Float32Array, action: Float32Array): void {
    const { aim, sight, movement } = this;
    this.observation.set(observation);
    sight.fingerGap = observation[ARM_JOINTS] + observation[ARM_JOINTS + 1];
    aim.orientation.set(this.script.orientation);
    aim.turnsFreely = false;
    aim.speed = 1;
    aim.shaking = 1;
    this.script.aim(sight, aim);
    if (this.keptOrientation) aim.orientation.set(this.keptOrientation);
    const speed = this.options.speed * (sight.flaw === 'slow' ? SLOW_SPEED : 1) * aim.speed;
    movement[ARM_JOINTS] = aim.gripper;
    const effort = this.follower.follow(observation, sight.parts.tcp_pose, aim, speed, movement);
    this.write(action, observation);
    this.intended.set(action);
    const deviation = aim.shaking * Math.max(effort, RESTING_NOISE) * this.options.actionNoise;
    if (deviation === 0) return;
    this.addNoise(deviation);
    this.write(action, observation);
  }

  /** Writes the movement as an action of the control mode. */
  private write(action: Float32Array, observation: Float32Array): void {
    if (this.translator) this.translator.translate(this.movement, observation, action);
    else action.set(this.movement);
  }

  private addNoise(deviation: number): void {
    const { movement } = this;
    for (let joint = 0; joint < ARM_JOINTS; joint++) {
      movement[joint] = Math.max(-1, Math.min(1, movement[joint] + deviation * this.random.normal()));
    }
  }
}

/** Writes joint movements as actions of another control mode, which pull the drives to the same targets. */
class Translator {
  private readonly source = makeController(MOVEMENTS);
  private readonly target: Controller;
  private readonly robot = { qpos: new Float64Array(ROBOT_JOINTS) };
  private readonly targets: DriveTargets = { arm: new Float64Array(ARM_JOINTS), fingers: 0 };

  constructor(controlMode: string) {
    this.target = makeController(controlMode);
  }

  /** @param observation begins with the joint positions. */
  translate(movement: Float32Array, observation: Float32Array, action: Float32Array): void {
    const { robot, targets } = this;
    for (let joint = 0; joint < ROBOT_JOINTS; joint++) robot.qpos[joint] = observation[joint];
    this.source.setTargets(movement, robot, targets);
    this.target.findAction(targets, robot, action);
    const { actionLow, actionHigh } = this.target;
    for (let i = 0; i < action.length; i++)
      action[i] = Math.max(actionLow[i], Math.min(actionHigh[i], action[i]));
  }
}

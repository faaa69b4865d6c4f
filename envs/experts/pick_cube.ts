import type { EnvironmentSpec } from '../env.js';
import { ARM_JOINTS, DEFAULT_BASE_POSE } from '../panda/model.js';
import { hashSeed, RandomStream } from '../random.js';
import type { Expert, ExpertOptions } from './expert.js';
import { TcpFollower } from './tcp_follower.js';

/** Fingers down, opening along y. */
const DOWNWARDS = [0, 1, 0, 0];
/** Off to the side of the cube, the tool stays above it: up to 5 cm, 2 cm per centimetre beyond the first 12 mm. */
const APPROACH_HEIGHT = 0.05;
const APPROACH_SLOPE = 2;
const APPROACH_RADIUS = 0.012;
/** Closing starts when the tool centre point is this close to the cube's centre. */
const CLOSING_DISTANCE = 0.012;
/** Noise grows with the effort of a motion (Harris and Wolpert, 1998); this share of it is left when holding still. */
const RESTING_NOISE = 0.3;
const OPEN = 1;
const CLOSED = -1;

/** What spoils an episode; every flaw works through the observation alone, like the script itself. */
type Flaw = 'none' | 'miss' | 'drop' | 'wrong_goal' | 'slow';
const FLAWS: readonly Flaw[] = ['miss', 'drop', 'wrong_goal', 'slow'];

/** Reaches for a point this far beside the cube. */
const MISS_DISTANCE = 0.04;
/** Brings the cube to a point this far beside the goal. */
const WRONG_GOAL_DISTANCE = 0.1;
/** Lets go when the cube has come this close to the goal. */
const DROP_DISTANCE = 0.06;
const SLOW_SPEED = 0.5;

/** Goes above the cube, down, grips and carries it to the goal. */
class PickCubeExpert implements Expert {
  private readonly follower: TcpFollower;
  private readonly random = new RandomStream(0);
  private readonly target = new Float64Array(3);
  /** [2]: horizontal offset that spoils the aim. */
  private readonly offset = new Float64Array(2);
  private flaw: Flaw = 'none';

  private readonly grasped: number;
  private readonly tcp: number;
  private readonly goal: number;
  private readonly cube: number;

  constructor(
    spec: EnvironmentSpec,
    private readonly options: ExpertOptions,
  ) {
    this.follower = new TcpFollower(spec, DEFAULT_BASE_POSE, DOWNWARDS);
    const offsetOf = (name: string) => spec.observationLayout.find((part) => part.name === name)!.offset;
    this.grasped = offsetOf('extra.is_grasped');
    this.tcp = offsetOf('extra.tcp_pose');
    this.goal = offsetOf('extra.goal_pos');
    this.cube = offsetOf('extra.obj_pose');
  }

  reset(episodeSeed: number): void {
    const { random, options, offset } = this;
    random.reseed(hashSeed(options.seed, episodeSeed));
    const isSpoilt = random.uniform() < options.imperfectShare;
    this.flaw = isSpoilt ? FLAWS[random.integer(FLAWS.length)] : 'none';
    const angle = random.uniform(0, 2 * Math.PI);
    offset[0] = Math.cos(angle);
    offset[1] = Math.sin(angle);
  }

  act(observation: Float32Array, action: Float32Array): void {
    const tcp = observation.subarray(this.tcp, this.tcp + 3);
    action[ARM_JOINTS] = this.aim(observation, tcp);
    const speed = this.options.speed * (this.flaw === 'slow' ? SLOW_SPEED : 1);
    const effort = this.follower.follow(observation, tcp, this.target, speed, action);
    this.addNoise(action, Math.max(effort, RESTING_NOISE));
  }

  /** Sets `target` and returns the gripper's action. */
  private aim(observation: Float32Array, tcp: Float32Array): number {
    const { cube, goal } = this;
    const isHeld = observation[this.grasped] > 0.5;
    if (isHeld) {
      for (let axis = 0; axis < 3; axis++) {
        this.target[axis] = tcp[axis] + observation[goal + axis] - observation[cube + axis];
      }
      if (this.flaw === 'wrong_goal') this.shiftTarget(WRONG_GOAL_DISTANCE);
      return this.flaw === 'drop' && this.isCubeNearGoal(observation) ? OPEN : CLOSED;
    }
    for (let axis = 0; axis < 3; axis++) this.target[axis] = observation[cube + axis];
    if (this.flaw === 'miss') this.shiftTarget(MISS_DISTANCE);
    const dx = this.target[0] - tcp[0];
    const dy = this.target[1] - tcp[1];
    const dz = this.target[2] - tcp[2];
    const aside = Math.sqrt(dx * dx + dy * dy);
    if (Math.sqrt(aside * aside + dz * dz) < CLOSING_DISTANCE) return CLOSED;
    this.target[2] += Math.min(APPROACH_HEIGHT, Math.max(0, (aside - APPROACH_RADIUS) * APPROACH_SLOPE));
    return OPEN;
  }

  private isCubeNearGoal(observation: Float32Array): boolean {
    let squares = 0;
    for (let axis = 0; axis < 3; axis++) {
      squares += (observation[this.goal + axis] - observation[this.cube + axis]) ** 2;
    }
    return squares < DROP_DISTANCE * DROP_DISTANCE;
  }

  private shiftTarget(length: number): void {
    this.target[0] += length * this.offset[0];
    this.target[1] += length * this.offset[1];
  }

  private addNoise(action: Float32Array, share: number): void {
    const deviation = share * this.options.actionNoise;
    if (deviation === 0) return;
    for (let joint = 0; joint < ARM_JOINTS; joint++) {
      action[joint] = Math.max(-1, Math.min(1, action[joint] + deviation * this.random.normal()));
    }
  }
}

/** The expert of PickCube-v1, in `pd_joint_delta_pos`. */
export function createPickCubeExpert(spec: EnvironmentSpec, options: ExpertOptions): Expert {
  return new PickCubeExpert(spec, options);
}

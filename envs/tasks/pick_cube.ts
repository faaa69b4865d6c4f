import { Actor } from '../bodies/actor.js';
import { box, dynamic, marker, sphere } from '../bodies/description.js';
import { ARM_JOINTS, DEFAULT_BASE_POSE } from '../panda/model.js';
import type { PandaWorld } from '../physics/panda_world.js';
import type { RandomStream } from '../random.js';
import { PANDA } from '../robots/panda.js';
import { closeness, distance, writeTcpPose } from './measures.js';
import type { Task } from './task.js';

const CUBE_HALF_SIZE = 0.02;
const SPAWN_HALF_RANGE = 0.1;
const MAX_GOAL_HEIGHT = 0.3;
const GOAL_RADIUS = 0.025;
const STATIC_SPEED = 0.2;
const QPOS_NOISE = 0.02;

/** ManiSkill's PickCube-v1: grasp the cube and hold it still at the goal, anywhere up to 30 cm above the table. */
export class PickCube implements Task {
  readonly envId = 'PickCube-v1';
  readonly robot = PANDA;
  readonly maxEpisodeSteps = 50;
  readonly basePose = DEFAULT_BASE_POSE;
  readonly successReward = 5;
  /** ManiSkill's camera for people. */
  readonly camera = { eye: [0.6, 0.7, 0.6], target: [0, 0, 0.35], verticalFovRadians: 1 };
  readonly observationParts = [
    { name: 'extra.is_grasped', kind: 'scalar', size: 1 },
    { name: 'extra.tcp_pose', kind: 'pose', size: 7 },
    { name: 'extra.goal_pos', kind: 'position', size: 3 },
    { name: 'extra.obj_pose', kind: 'pose', size: 7 },
    { name: 'extra.tcp_to_obj_pos', kind: 'direction', size: 3 },
    { name: 'extra.obj_to_goal_pos', kind: 'direction', size: 3 },
  ] as const;
  readonly isSymmetric = true;

  private readonly cube = new Actor(
    'cube',
    dynamic(box([CUBE_HALF_SIZE, CUBE_HALF_SIZE, CUBE_HALF_SIZE], { color: 0xe5342b, roughness: 0.45 })),
  );
  private readonly goal = new Actor(
    'goal_site',
    marker(sphere(GOAL_RADIUS, { color: 0x1fbf45, roughness: 0.6, opacity: 0.5 })),
  );
  readonly actors = [this.cube, this.goal];

  spawn(random: RandomStream, qpos: Float64Array): void {
    qpos.set(PANDA.restQpos);
    for (let joint = 0; joint < ARM_JOINTS; joint++) qpos[joint] += QPOS_NOISE * random.normal();
    const inRange = () => random.uniform(-SPAWN_HALF_RANGE, SPAWN_HALF_RANGE);
    this.cube.place(inRange(), inRange(), CUBE_HALF_SIZE, random.uniform(-Math.PI, Math.PI));
    this.goal.place(inRange(), inRange(), CUBE_HALF_SIZE + random.uniform(0, MAX_GOAL_HEIGHT));
  }

  evaluate(world: PandaWorld, flags: Record<string, boolean>): boolean {
    let speed = 0;
    for (let joint = 0; joint < ARM_JOINTS; joint++) speed = Math.max(speed, Math.abs(world.qvel[joint]));
    flags.is_grasped = world.isGrasping(this.cube);
    flags.is_obj_placed = distance(this.cube.state, this.goal.state) <= GOAL_RADIUS;
    flags.is_robot_static = speed <= STATIC_SPEED;
    return flags.is_obj_placed && flags.is_robot_static;
  }

  observe(world: PandaWorld, flags: Record<string, boolean>, out: Float32Array, offset: number): void {
    const cube = this.cube.state;
    const goal = this.goal.state;
    const { tcpPosition } = world.kinematics;
    out[offset] = flags.is_grasped ? 1 : 0;
    writeTcpPose(world, out, offset + 1);
    for (let i = 0; i < 3; i++) out[offset + 8 + i] = goal[i];
    for (let i = 0; i < 7; i++) out[offset + 11 + i] = cube[i];
    for (let i = 0; i < 3; i++) out[offset + 18 + i] = cube[i] - tcpPosition[i];
    for (let i = 0; i < 3; i++) out[offset + 21 + i] = goal[i] - cube[i];
  }

  rewardTerms(world: PandaWorld, flags: Record<string, boolean>, terms: Record<string, number>): void {
    let squaredSpeed = 0;
    for (let joint = 0; joint < ARM_JOINTS; joint++) squaredSpeed += world.qvel[joint] ** 2;
    terms.reaching = closeness(distance(this.cube.state, world.kinematics.tcpPosition));
    terms.grasping = flags.is_grasped ? 1 : 0;
    terms.placing = flags.is_grasped ? closeness(distance(this.cube.state, this.goal.state)) : 0;
    terms.stopping = flags.is_obj_placed ? closeness(Math.sqrt(squaredSpeed)) : 0;
  }
}

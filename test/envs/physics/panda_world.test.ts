import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Actor } from '../../../envs/bodies/actor.js';
import { box, dynamic } from '../../../envs/bodies/description.js';
import { DEFAULT_BASE_POSE } from '../../../envs/panda/model.js';
import { PandaWorld } from '../../../envs/physics/panda_world.js';
import { loadRapier } from '../../../envs/physics/rapier.js';
import { PANDA } from '../../../envs/robots/panda.js';
import { readEpisodes } from '../parity_fixture.js';

const HALF = 0.02;
const NO_VELOCITY = new Float64Array(9);
const makeCube = (name: string) =>
  new Actor(name, dynamic(box([HALF, HALF, HALF], { color: 0, roughness: 1 })));

describe('the world', () => {
  let cube: Actor;
  let other: Actor;
  let world: PandaWorld;

  beforeAll(loadRapier);
  beforeEach(() => {
    cube = makeCube('cube');
    other = makeCube('other');
    world = new PandaWorld(PANDA, DEFAULT_BASE_POSE, [cube, other]);
    cube.place(0.3, 0.3, HALF);
    other.place(0.3, -0.3, HALF);
  });
  afterEach(() => world.close());

  const holdFor = (steps: number, fingers = 0.04) => {
    for (let step = 0; step < steps; step++) {
      world.targets.arm.set(world.qpos.subarray(0, 7));
      world.targets.fingers = fingers;
      world.controlStep();
    }
  };

  it('leaves what lies still exactly where it lies', () => {
    world.resetAtRest(PANDA.restQpos, NO_VELOCITY);
    const before = cube.state.slice();
    holdFor(5);
    expect(cube.state).toEqual(before);
  });

  it('lets fall what it is given in mid-air, however far from the hand', () => {
    cube.place(0.3, 0.3, 0.3);
    world.resetAnywhere(PANDA.restQpos, NO_VELOCITY);
    world.controlStep();
    expect(cube.state[9]).toBeCloseTo(-9.81 * 0.05, 2);
    holdFor(15);
    expect(cube.state[2]).toBeCloseTo(HALF, 3);
    expect(cube.isSlow()).toBe(true);
  });

  it('stacks one actor on another', () => {
    cube.place(0.2, 0, HALF);
    other.place(0.2, 0, 3 * HALF + 0.002, 0.3);
    world.resetAnywhere(PANDA.restQpos, NO_VELOCITY);
    holdFor(20);
    expect(other.state[2]).toBeCloseTo(3 * HALF, 3);
    expect(cube.state[2]).toBeCloseTo(HALF, 3);
  });

  it('knows a held cube by its state alone, holds it, and lets it go', () => {
    const demonstration = readEpisodes().find(({ kind }) => kind === 'demo')!;
    const { cubeState, robotState } = demonstration.steps.findLast(
      (step) => step.is_grasped && cubeHeight(step) > 0.1,
    )!;
    cube.state.set(cubeState);
    world.resetAnywhere(robotState.slice(13, 22), robotState.slice(22, 31));
    expect(world.isGrasping(cube, 85)).toBe(true);
    expect(world.isGrasping(other, 85)).toBe(false);
    const height = cube.state[2] - world.kinematics.tcpPosition[2];
    holdFor(20, -0.01);
    expect(world.isGrasping(cube, 85)).toBe(true);
    expect(cube.state[2] - world.kinematics.tcpPosition[2]).toBeCloseTo(height, 3);
    holdFor(12, 0.04);
    expect(world.isGrasping(cube, 85)).toBe(false);
    expect(cube.state[2]).toBeLessThan(0.03);
  });

  it('lets things slide the further, the less friction there is, as PhysX steps them', () => {
    // The speed falls by μ·g·dt in each step before the cube moves.
    const expected = (scale: number) => {
      let way = 0;
      for (let speed = 0.5 - scale * 0.02943; speed > 0; speed -= scale * 0.02943) way += 0.01 * speed;
      return way;
    };
    const slide = (scale: number) => {
      cube.place(0.3, 0.3, HALF);
      cube.state[8] = 0.5;
      world.scaleFriction(scale);
      world.resetAnywhere(PANDA.restQpos, NO_VELOCITY);
      holdFor(20);
      return cube.state[1] - 0.3;
    };
    for (const scale of [1, 0.5, 2]) expect(slide(scale)).toBeCloseTo(expected(scale), 3);
  });

  it('feels the weight of what it holds', () => {
    const demonstration = readEpisodes().find(({ kind }) => kind === 'demo')!;
    const { cubeState, robotState } = demonstration.steps.findLast(
      (step) => step.is_grasped && cubeHeight(step) > 0.1,
    )!;
    const sag = (isHolding: boolean, massScale = 1) => {
      cube.massScale = massScale;
      if (isHolding) cube.state.set(cubeState);
      else cube.place(0.3, 0.3, HALF);
      world.resetAnywhere(robotState.slice(13, 22), NO_VELOCITY);
      const held = Float64Array.from(robotState.slice(13, 20));
      for (let step = 0; step < 20; step++) {
        world.targets.arm.set(held);
        world.targets.fingers = -0.01;
        world.controlStep();
      }
      return world.kinematics.tcpPosition[2];
    };
    const difference = sag(false) - sag(true);
    expect(difference).toBeGreaterThan(1e-4);
    expect(difference).toBeLessThan(2e-3);
    expect((sag(false) - sag(true, 2)) / difference).toBeCloseTo(2, 1);
  });
});

function cubeHeight({ cubeState }: { cubeState: number[] }): number {
  return cubeState[2];
}

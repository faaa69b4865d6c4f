import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Actor } from '../../../envs/bodies/actor.js';
import {
  type BodyDescription,
  type BodyPart,
  box,
  cylinder,
  dynamic,
  fixed,
  kinematic,
  part,
  sphere,
} from '../../../envs/bodies/description.js';
import { DEFAULT_BASE_POSE } from '../../../envs/panda/model.js';
import { type MassProperties, massPropertiesOf } from '../../../envs/physics/mass_properties.js';
import { PandaWorld } from '../../../envs/physics/panda_world.js';
import { loadRapier } from '../../../envs/physics/rapier.js';
import { PANDA } from '../../../envs/robots/panda.js';
import { PULL_CUBE_TOOL } from '../../../envs/tasks/pull_cube_tool.js';

const LOOK = { color: 0xffffff, roughness: 1 };
const CONTROL_STEPS_PER_SECOND = 20;
const capsule = (radius: number, halfLength: number): BodyPart =>
  part({ kind: 'capsule', radius, halfLength }, LOOK);
/** The corners of a cube with edges of 0.04. */
const cubeHull = part(
  {
    kind: 'hull',
    vertices: [-1, 1]
      .flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].flatMap((z) => [x, y, z])))
      .map((v) => 0.02 * v),
  },
  LOOK,
);

beforeAll(loadRapier);

/** A world with a robot far from the actors. */
function worldOf(...actors: Actor[]): PandaWorld {
  const world = new PandaWorld(PANDA, DEFAULT_BASE_POSE, actors);
  onTestFinished(() => world.close());
  return world;
}

function run(world: PandaWorld, seconds: number): void {
  world.resetAnywhere(PANDA.restQpos, new Float64Array(9));
  for (let step = 0; step < seconds * CONTROL_STEPS_PER_SECOND; step++) world.controlStep();
}

function propertiesOf(description: BodyDescription): MassProperties {
  return massPropertiesOf(new Actor('body', description));
}

describe('the mass of a body', () => {
  it.each([
    ['a cube', dynamic(box([0.02, 0.02, 0.02], LOOK)), 0.064],
    ['a ball', dynamic(sphere(0.035, LOOK)), 0.17959438],
    ['a cylinder', dynamic(cylinder(0.02, 0.05, LOOK)), 0.12566371],
    ['a capsule', dynamic(capsule(0.02, 0.05)), 0.15917403],
    ['a hull', dynamic(cubeHull), 0.064],
    ['a heavier material', dynamic(sphere(0.035, LOOK, { density: 2000 })), 0.35918876],
    ['a given mass', dynamic(sphere(0.035, LOOK), { mass: 0.5 }), 0.5],
  ])('is right: %s', (_, description, mass) => {
    expect(1 / propertiesOf(description).inverseMass).toBeCloseTo(mass, 6);
  });

  it("lies where its parts' densities say, as ManiSkill has it of the L-shaped tool", () => {
    const { inverseMass, centreOfMass } = propertiesOf(PULL_CUBE_TOOL.bodies({})['l_shape_tool']);
    expect(inverseMass).toBeCloseTo(2, 7);
    expect([...centreOfMass].map((value) => Number(value.toFixed(5)))).toEqual([0.1375, 0.025, 0]);
  });

  it("turns as its parts' densities say, as ManiSkill has it of the L-shaped tool", () => {
    const { inverseInertia } = propertiesOf(PULL_CUBE_TOOL.bodies({})['l_shape_tool']);
    // ManiSkill's inertia along the principal axes, and their turn about z.
    const [a, b, c] = [4.938098e-4, 1.8759823e-3, 2.1614586e-3].map((inertia) => 1 / inertia);
    const turn = 2 * Math.asin(0.18527813);
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    const xy = (a - b) * cos * sin;
    const expected = [a * cos ** 2 + b * sin ** 2, xy, 0, xy, a * sin ** 2 + b * cos ** 2, 0, 0, 0, c];
    expected.forEach((value, i) => {
      expect(Math.abs(inverseInertia[i] - value)).toBeLessThan(1e-5 * a);
    });
  });
});

describe('what lies, slides and rolls', () => {
  it.each([
    ['a ball', dynamic(sphere(0.03, LOOK)), 0.03],
    ['an upright cylinder', dynamic(cylinder(0.03, 0.05, LOOK)), 0.05],
    [
      'a lying capsule',
      dynamic({ ...capsule(0.03, 0.05), pose: [0, 0, 0, Math.SQRT1_2, Math.SQRT1_2, 0, 0] }),
      0.03,
    ],
    ['a hull', dynamic(cubeHull), 0.02],
  ])('comes to rest on the table: %s', (_, description, height) => {
    const actor = new Actor('thing', description);
    actor.place(0.3, 0.3, height + 0.01);
    run(worldOf(actor), 1);
    expect(actor.position[2]).toBeCloseTo(height, 2);
    expect(actor.isSlow()).toBe(true);
  });

  it('rolls without resistance: 5/7 of its sliding speed after a control step, and 97 % of that 2 s later', () => {
    const ball = new Actor('ball', dynamic(sphere(0.035, LOOK)));
    ball.place(-0.3, 0.5, 0.035);
    ball.linearVelocity[0] = 0.5;
    const world = worldOf(ball);
    run(world, 0.15);
    expect(ball.linearVelocity[0]).toBeCloseTo(0.357, 2);
    expect(ball.angularVelocity[1] * 0.035).toBeCloseTo(ball.linearVelocity[0], 2);
    for (let step = 0; step < 1.85 * CONTROL_STEPS_PER_SECOND; step++) world.controlStep();
    expect(ball.linearVelocity[0]).toBeCloseTo(0.347, 2);
  });

  it.each([
    ['cubes', box([0.02, 0.02, 0.02], LOOK)],
    ['hulls', cubeHull],
    ['balls', sphere(0.02, LOOK)],
    ['capsules', { ...capsule(0.02, 0.05), pose: [0, 0, 0, Math.SQRT1_2, Math.SQRT1_2, 0, 0] }],
  ])('is hit by what comes fast from 0.4 m away, and not before: %s', (_, shape) => {
    const [still, fast] = ['still', 'fast'].map((name) => new Actor(name, dynamic(shape)));
    still.place(0.2, 0.5, 0.02);
    fast.place(-0.2, 0.5, 0.02);
    fast.linearVelocity[0] = 4;
    const world = worldOf(still, fast);
    run(world, 0.05);
    expect(still.position[0]).toBeCloseTo(0.2, 3);
    for (let step = 0; step < 0.25 * CONTROL_STEPS_PER_SECOND; step++) world.controlStep();
    expect(still.position[0]).toBeGreaterThan(0.25);
    expect(still.position[0] - fast.position[0]).toBeGreaterThan(0.038);
  });

  it.each([
    ['placed', kinematic(box([0.01, 0.1, 0.05], LOOK))],
    ['a part of the world', fixed(box([0.01, 0.1, 0.05], LOOK, { position: [0.2, 0.5, 0.05] }))],
  ])('is stopped by what does not move: %s', (_, description) => {
    const wall = new Actor('wall', description);
    if (description.motion === 'kinematic') wall.place(0.2, 0.5, 0.05);
    const ball = new Actor('ball', dynamic(sphere(0.035, LOOK)));
    ball.place(0, 0.5, 0.035);
    ball.linearVelocity[0] = 0.5;
    run(worldOf(ball, wall), 1);
    expect(ball.position[0]).toBeLessThan(0.16);
    expect(ball.position[0]).toBeGreaterThan(0.05);
  });
});

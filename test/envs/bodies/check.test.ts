import { describe, expect, it } from 'vitest';
import { Actor } from '../../../envs/bodies/actor.js';
import {
  type BodyDescription,
  type BodyPart,
  box,
  cylinder,
  dynamic,
  kinematic,
  marker,
  part,
  sphere,
} from '../../../envs/bodies/description.js';

const LOOK = { color: 0xffffff, roughness: 1 };
const hull = (vertices: number[]): BodyPart => part({ kind: 'hull', vertices }, LOOK);
const TETRAHEDRON = [0, 0, 0, 0.1, 0, 0, 0, 0.1, 0, 0, 0, 0.1];

const UNBUILDABLE: [string, BodyDescription, string][] = [
  [
    'a box with a negative edge',
    dynamic(box([0.1, -0.02, 0.1], LOOK)),
    'halfSize[1] of part 0 (box) is -0.02',
  ],
  ['a ball without size', dynamic(sphere(0, LOOK)), 'radius of part 0 (sphere) is 0'],
  ['a ball of no number', kinematic(sphere(Number.NaN, LOOK)), 'radius of part 0 (sphere) is NaN'],
  [
    'an endless cylinder',
    dynamic(cylinder(0.1, Infinity, LOOK)),
    'halfLength of part 0 (cylinder) is Infinity',
  ],
  ['a flat hull', kinematic(hull([0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0])), '4 points in a plane'],
  ['a hull of three points', kinematic(hull(TETRAHEDRON.slice(3))), '3 points in a plane'],
  ['a hull with half a point', kinematic(hull(TETRAHEDRON.slice(1))), '11 numbers'],
  ['a hull with NaN', kinematic(hull([...TETRAHEDRON.slice(1), Number.NaN])), 'NaN at 11'],
  ['a part without mass', dynamic(sphere(0.1, LOOK, { density: 0 })), 'density of part 0 (sphere) is 0'],
  ['a body without mass', dynamic(sphere(0.1, LOOK), { mass: -1 }), 'mass is -1'],
  ['negative friction', dynamic(sphere(0.1, LOOK), { friction: -0.3 }), 'friction is -0.3'],
  [
    'a rotation that is none',
    kinematic(sphere(0.1, LOOK, { rotation: [0, 0, 0, 0] })),
    'the length of the quaternion of part 0 (sphere) is 0',
  ],
  [
    'a free body that nothing touches',
    { ...marker(sphere(0.1, LOOK)), motion: 'dynamic' },
    'parts that collide is 0',
  ],
];

describe('a body', () => {
  it.each(UNBUILDABLE)('is refused by name and value: %s', (_, description, problem) => {
    expect(() => new Actor('peg', description)).toThrow(`body "peg" can't be built:`);
    expect(() => new Actor('peg', description)).toThrow(problem);
  });

  it('reaches as far as what collides, round ends included', () => {
    const capsule = part({ kind: 'capsule', radius: 0.02, halfLength: 0.1 }, LOOK, {
      position: [0, 0, 0.05],
    });
    expect(new Actor('pin', dynamic(capsule)).radius).toBeCloseTo(0.17, 12);
    expect(new Actor('cube', dynamic(box([0.02, 0.02, 0.02], LOOK))).radius).toBeCloseTo(
      0.02 * Math.sqrt(3),
      12,
    );
    expect(new Actor('goal', marker(sphere(0.1, LOOK))).collides).toBe(false);
  });

  it('can become another one, but none that can not be built', () => {
    const actor = new Actor('ball', dynamic(sphere(0.1, LOOK)));
    actor.describe(dynamic(sphere(0.2, LOOK)));
    expect(actor.radius).toBeCloseTo(0.2, 12);
    expect(() => actor.describe(dynamic(sphere(-0.2, LOOK)))).toThrow('radius of part 0 (sphere) is -0.2');
    expect(actor.radius).toBeCloseTo(0.2, 12);
  });
});

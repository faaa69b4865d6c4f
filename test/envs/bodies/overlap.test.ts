import { describe, expect, it } from 'vitest';
import { type BodyPart, box, cylinder, dynamic, sphere } from '../../../envs/bodies/description.js';
import { depthOfOverlap } from '../../../envs/bodies/overlap.js';

const LOOK = { color: 0xffffff, roughness: 1 };
const CUBE = box([0.02, 0.02, 0.02], LOOK);
const TURNED = [Math.cos(Math.PI / 8), 0, 0, Math.sin(Math.PI / 8)];

function depth(a: BodyPart[], b: BodyPart[], way: number[], turn = [1, 0, 0, 0]): number {
  const first = { description: dynamic(a), pose: [0.3, -0.2, 0.1, 1, 0, 0, 0] };
  const second = { description: dynamic(b), pose: [0.3 + way[0], way[1] - 0.2, 0.1 + way[2], ...turn] };
  expect(depthOfOverlap(second, first)).toBeCloseTo(depthOfOverlap(first, second), 12);
  return depthOfOverlap(first, second);
}

describe('the depth of two bodies in each other', () => {
  it('is the shortest way out, of boxes by their faces, corners and edges', () => {
    expect(depth([CUBE], [CUBE], [0.03, 0.01, 0])).toBeCloseTo(0.01, 12);
    expect(depth([CUBE], [CUBE], [0, 0, 0])).toBeCloseTo(0.04, 12);
    expect(depth([CUBE], [CUBE], [0.041, 0, 0])).toBeLessThan(0);
    // A corner towards a face: 0.02√2 of the one, 0.02 of the other.
    expect(depth([CUBE], [CUBE], [0.04, 0, 0], TURNED)).toBeCloseTo(0.02 * Math.SQRT2 - 0.02, 12);
    // A long box crosses the other, with no corner of either inside.
    expect(depth([CUBE], [box([0.2, 0.005, 0.005], LOOK)], [0, 0.015, 0])).toBeCloseTo(0.01, 12);
  });

  it('is exact for balls, at faces, corners and inside', () => {
    const ball = [sphere(0.03, LOOK)];
    expect(depth([CUBE], ball, [0.045, 0, 0])).toBeCloseTo(0.005, 12);
    expect(depth([CUBE], ball, [0.035, 0.035, 0.035])).toBeCloseTo(0.03 - 0.015 * Math.sqrt(3), 12);
    expect(depth([CUBE], ball, [0.01, 0, 0])).toBeCloseTo(0.04, 12);
    expect(depth(ball, ball, [0.05, 0, 0])).toBeCloseTo(0.01, 12);
  });

  it('is that of the deepest parts that collide; other geometries are left out', () => {
    const apart = box([0.02, 0.02, 0.02], LOOK, { position: [0.03, 0, 0] });
    expect(depth([CUBE, apart], [CUBE], [0.05, 0, 0])).toBeCloseTo(0.02, 12);
    expect(depth([{ ...CUBE, collides: false }, apart], [CUBE], [0, 0, 0])).toBeCloseTo(0.01, 12);
    expect(depth([cylinder(0.02, 0.02, LOOK)], [CUBE], [0, 0, 0])).toBe(Number.NEGATIVE_INFINITY);
  });
});

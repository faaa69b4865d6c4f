import { describe, expect, it } from 'vitest';
import { dome, ring } from '../../../../envs/shapes.js';
import { hullGeometry } from '../../../../src/video/renderer/hull_geometry.js';

/** Positions and normals [corners][3] of a hull. */
function cornersOf(vertices: readonly number[]): { position: number[]; normal: number[] }[] {
  const geometry = hullGeometry(vertices);
  const [positions, normals] = ['position', 'normal'].map((name) => geometry.getAttribute(name));
  return Array.from({ length: positions.count }, (_, i) => ({
    position: [0, 1, 2].map((axis) => positions.getComponent(i, axis)),
    normal: [0, 1, 2].map((axis) => normals.getComponent(i, axis)),
  }));
}

const cube = [-1, 1].flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].flatMap((z) => [x, y, z])));

describe('the hull of points', () => {
  it('keeps the flat faces of a cube flat, and leaves out a point within', () => {
    const corners = cornersOf([...cube, 0.3, 0.2, 0.1]);
    expect(corners).toHaveLength(12 * 3);
    for (const { normal } of corners) {
      expect(normal.map(Math.abs).sort()).toEqual([0, 0, 1]);
    }
  });

  it('turns its triangles outwards', () => {
    const corners = cornersOf(cube).map(({ position }) => position);
    for (let i = 0; i < corners.length; i += 3) {
      const [a, b, c] = corners.slice(i, i + 3);
      const determinant =
        a[0] * (b[1] * c[2] - b[2] * c[1]) +
        a[1] * (b[2] * c[0] - b[0] * c[2]) +
        a[2] * (b[0] * c[1] - b[1] * c[0]);
      expect(determinant).toBeGreaterThan(0);
    }
  });

  it('makes a tube round and its ends flat', () => {
    for (const { position, normal } of cornersOf([...ring('z', [0, 0, 0], 1), ...ring('z', [0, 0, 2], 1)])) {
      const isEnd = Math.abs(normal[2]) > 0.5;
      const expected = isEnd ? [0, 0, position[2] - 1] : [position[0], position[1], 0];
      for (let axis = 0; axis < 3; axis++) expect(normal[axis]).toBeCloseTo(expected[axis], 1);
    }
  });

  it('makes a dome round', () => {
    const corners = cornersOf(dome('z', [0, 0, 0], 1, 1)).filter(({ position }) => position[2] > 0.05);
    for (const { position, normal } of corners) {
      const along = position.reduce((total, value, axis) => total + value * normal[axis], 0);
      expect(along).toBeGreaterThan(0.97);
    }
  });
});

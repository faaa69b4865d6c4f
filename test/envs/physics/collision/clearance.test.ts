import { expect, it } from 'vitest';
import { Clearance } from '../../../../envs/physics/collision/clearance.js';
import type { Frame } from '../../../../envs/physics/collision/posed.js';

const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const frame = (position: number[], rotation = IDENTITY): Frame => ({
  position: Float64Array.from(position),
  rotation: Float64Array.from(rotation),
});
const HALF_TURN = [-1, 0, 0, 0, -1, 0, 0, 0, 1];

it('falls by what the shapes have moved against each other, and by what turning moves their outermost points', () => {
  const clearance = new Clearance();
  clearance.note(frame([0, 0, 0]), frame([0, 0, 1]), 0.5);
  const left = (a: Frame, b: Frame) => clearance.left(a, 0.1, b, 0.2);
  expect(left(frame([0, 0, 0]), frame([0, 0, 1]))).toBeCloseTo(0.5, 12);
  expect(left(frame([3, 0, 0]), frame([3, 0, 1]))).toBeCloseTo(0.5, 12);
  expect(left(frame([0, 0, 0.1]), frame([0, 0, 1]))).toBeCloseTo(0.4, 12);
  expect(left(frame([0, 0, 0]), frame([0, 0, 1], HALF_TURN))).toBeCloseTo(0.5 - 2 * 0.2, 12);
  expect(left(frame([0, 0, 0], HALF_TURN), frame([0, 0, 1]))).toBeCloseTo(0.5 - 2 * 0.1, 12);
});

it('is nothing where nothing is known', () => {
  const clearance = new Clearance();
  const [a, b] = [frame([0, 0, 0]), frame([0, 0, 1])];
  expect(clearance.left(a, 0.1, b, 0.1)).toBe(0);
  clearance.note(a, b, 0.5);
  clearance.forget();
  expect(clearance.left(a, 0.1, b, 0.1)).toBe(0);
  clearance.note(a, b, -0.001);
  expect(clearance.left(a, 0.1, b, 0.1)).toBe(0);
});

import { expect, it } from 'vitest';
import { Clearance } from '../../../../envs/physics/collision/clearance.js';
import { PosedShape } from '../../../../envs/physics/collision/posed.js';

const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const HALF_TURN = [-1, 0, 0, 0, -1, 0, 0, 0, 1];

/** A ball of some radius, and what moves it. */
function ball(radius: number, position: number[]) {
  const frame = { position: Float64Array.from(position), rotation: Float64Array.from(IDENTITY) };
  const shape = new PosedShape({ kind: 'sphere', radius }, frame, [0, 0, 0, 1, 0, 0, 0]);
  const move = (to: number[], rotation = IDENTITY) => {
    frame.position.set(to);
    frame.rotation.set(rotation);
    shape.update();
  };
  return { shape, move };
}

it('falls by what the shapes have moved against each other, and by what turning moves their outermost points', () => {
  const clearance = new Clearance();
  const a = ball(0.1, [0, 0, 0]);
  const b = ball(0.2, [0, 0, 1]);
  clearance.note(a.shape, b.shape, 0.5);
  const left = () => clearance.left(a.shape, b.shape);
  expect(left()).toBeCloseTo(0.5, 12);
  a.move([3, 0, 0]);
  b.move([3, 0, 1]);
  expect(left()).toBeCloseTo(0.5, 12);
  expect(clearance.isLeft(a.shape, b.shape)).toBe(true);
  a.move([3, 0, 0.1]);
  expect(left()).toBeCloseTo(0.4, 12);
  a.move([3, 0, 0]);
  b.move([3, 0, 1], HALF_TURN);
  expect(left()).toBeCloseTo(0.5 - 2 * 0.2, 12);
  b.move([3, 0, 1]);
  a.move([3, 0, 0], HALF_TURN);
  expect(left()).toBeCloseTo(0.5 - 2 * 0.1, 12);
  a.move([3, 0, 0.3], HALF_TURN);
  expect(left()).toBeCloseTo(0, 12);
  a.move([3, 0, 0.31], HALF_TURN);
  expect(clearance.isLeft(a.shape, b.shape)).toBe(false);
});

it('is nothing where nothing is known', () => {
  const clearance = new Clearance();
  const [a, b] = [ball(0.1, [0, 0, 0]).shape, ball(0.1, [0, 0, 1]).shape];
  const expectNothing = () => {
    expect(clearance.left(a, b)).toBe(0);
    expect(clearance.isLeft(a, b)).toBe(false);
  };
  expectNothing();
  clearance.note(a, b, 0.5);
  expect(clearance.isLeft(a, b)).toBe(true);
  clearance.forget();
  expectNothing();
  clearance.note(a, b, -0.001);
  expectNothing();
});

it('knows by their ways alone that shapes which have hardly moved are still apart', () => {
  const { shape, move } = ball(0.1, [0, 0, 0]);
  const before = shape.travel;
  move([0.03, 0.04, 0]);
  expect(shape.travel - before).toBeCloseTo(0.05, 12);
  move([0, 0, 0]);
  expect(shape.travel - before).toBeCloseTo(0.1, 12);
  move([0, 0, 0], HALF_TURN);
  expect(shape.travel - before).toBeCloseTo(0.1 + 2 * 0.1, 12);
});

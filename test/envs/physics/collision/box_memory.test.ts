import { expect, it } from 'vitest';
import { touchBoxes } from '../../../../envs/physics/collision/box_box.js';
import { BoxMemory } from '../../../../envs/physics/collision/box_memory.js';
import { Manifold } from '../../../../envs/physics/collision/manifold.js';
import type { PosedBox } from '../../../../envs/physics/collision/posed.js';

const REACH = 0.04;
const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];

function boxAt(position: number[], angle = 0, halfSize = [0.02, 0.02, 0.02]): PosedBox {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return {
    position: Float64Array.from(position),
    rotation: Float64Array.from(angle === 0 ? IDENTITY : [c, -s, 0, s, c, 0, 0, 0, 1]),
    halfSize,
  };
}

/** A memory of how a box met another one from above, with a margin of 3 mm: 15 % of 2 cm. */
function met(a: PosedBox, b: PosedBox): { memory: BoxMemory; manifold: Manifold } {
  const manifold = new Manifold();
  touchBoxes(a, b, REACH, manifold);
  const memory = new BoxMemory();
  memory.note(a, b, manifold);
  manifold.clear();
  return { memory, manifold };
}

const BELOW = boxAt([0, 0, 0]);

it('keeps the points where the boxes have hardly moved, with their distances by now', () => {
  const { memory, manifold } = met(boxAt([0.005, 0, 0.041]), BELOW);
  expect(memory.recall(boxAt([0.0052, 0, 0.0405]), BELOW, REACH, manifold)).toBe(true);
  expect(manifold.count).toBe(4);
  expect([...manifold.normal]).toEqual([0, 0, 1]);
  for (const separation of manifold.separations.subarray(0, 4)) expect(separation).toBeCloseTo(0.0005, 9);
});

it('keeps to the face by which boxes met at an edge, where another face is nearer by now', () => {
  const { memory, manifold } = met(boxAt([0.0395, 0, 0.0397]), BELOW);
  const lower = boxAt([0.0397, 0, 0.0394]);
  expect(memory.recall(lower, BELOW, REACH, manifold)).toBe(true);
  expect([...manifold.normal]).toEqual([0, 0, 1]);
  touchBoxes(lower, BELOW, REACH, manifold);
  expect([...manifold.normal]).toEqual([1, 0, 0]);
});

it.each([
  ['moved by more than three eighths of the margin', boxAt([0.005, 0.0012, 0.041])],
  ['turned by more than that at its corners', boxAt([0.005, 0, 0.041], 0.07)],
])('forgets the points when a box has %s', (_, later) => {
  const { memory, manifold } = met(boxAt([0.005, 0, 0.041]), BELOW);
  expect(memory.recall(later, BELOW, REACH, manifold)).toBe(false);
  expect(manifold.count).toBe(0);
});

it('knows nothing at first, nor when it was cleared', () => {
  const { memory, manifold } = met(boxAt([0, 0, 0.041]), BELOW);
  memory.clear();
  expect(memory.recall(boxAt([0, 0, 0.041]), BELOW, REACH, manifold)).toBe(false);
  expect(new BoxMemory().recall(BELOW, BELOW, REACH, manifold)).toBe(false);
});

import { expect, test } from 'vitest';
import { type ActionChoice, policyActionScale } from '../../../src/buffers/action_scale.js';
import type { ActionBounds } from '../../../src/datasets/action_range.js';

const bounds = (limit: number): ActionBounds => ({ low: [-limit, -limit], high: [limit, limit] });

/** The scale and the note for actions from −`most` to `most`. */
function scaling(most: number, declared: ActionBounds | null, task: ActionChoice['task']) {
  const range = { min: Float32Array.of(-most, 0), max: Float32Array.of(most, 0) };
  const { scale, note } = policyActionScale('data', range, declared, { task, dataActionScale: null });
  return { scale: scale && [...scale], note };
}

const PENDULUM = { envId: 'Pendulum-v1', actionBounds: bounds(2) };
const UNIT = { envId: 'PushCube-v1', actionBounds: bounds(1) };
const SCALED = {
  scale: [0.5, 0.5],
  note: "its actions are from -2 to 2; the policy's, in [-1, 1], stand for these",
};

test('without a task, the bounds that the data declare decide', () => {
  expect(scaling(1.5, bounds(2), null)).toEqual(SCALED);
  expect(scaling(1, null, null)).toEqual({ scale: null, note: null });
  expect(() => scaling(1.5, null, null)).toThrow('no bounds around 0 are declared for them');
});

test("with a task, the task's bounds decide, whether or not the data declare any", () => {
  expect(scaling(1.5, bounds(2), PENDULUM)).toEqual(SCALED);
  expect(scaling(1.5, null, PENDULUM)).toEqual(SCALED);
  expect(scaling(0.4, bounds(0.5), UNIT)).toEqual({ scale: null, note: null });
});

test('actions that a task does not take are refused', () => {
  expect(() => scaling(2.5, null, PENDULUM)).toThrow(
    'data: its actions are from -2.5 to 2.5; expected [-2, 2], as Pendulum-v1 takes them',
  );
  expect(() => scaling(1, bounds(2), UNIT)).toThrow(
    'data: its actions are from -2 to 2; expected [-1, 1], as PushCube-v1 takes them',
  );
  expect(() => scaling(1.5, bounds(1), PENDULUM)).toThrow('the metadata say from -1 to 1');
});

test('a simulator may clip actions that leave [-1, 1]', () => {
  expect(scaling(1.5, null, UNIT)).toEqual({ scale: null, note: null });
});

import { expect, it } from 'vitest';
import { RandomActor } from '../../../envs/experts/random_actor.js';

const SPEC = { actionDim: 2, actionLow: [-1, -0.5], actionHigh: [1, 0] };

function actionsOf(seed: number, episodeSeed: number, steps: number): number[][] {
  const actor = new RandomActor(SPEC, seed);
  actor.reset(episodeSeed);
  const action = new Float32Array(2);
  return Array.from({ length: steps }, () => {
    actor.act(new Float32Array(3), action);
    expect(actor.intended).toEqual(action);
    return [...action];
  });
}

it('actions fill their bounds evenly', () => {
  const actions = actionsOf(1, 2, 4000);
  for (const [i, low, high] of [
    [0, -1, 1],
    [1, -0.5, 0],
  ]) {
    const values = actions.map((action) => action[i]);
    const share = values.filter((value) => value < low + (high - low) / 4).length / values.length;
    expect(Math.min(...values)).toBeGreaterThanOrEqual(low);
    expect(Math.max(...values)).toBeLessThanOrEqual(high);
    expect(share).toBeGreaterThan(0.22);
    expect(share).toBeLessThan(0.28);
  }
});

it('an episode follows from both seeds alone', () => {
  expect(actionsOf(1, 2, 5)).toEqual(actionsOf(1, 2, 5));
  expect(actionsOf(1, 3, 5)).not.toEqual(actionsOf(1, 2, 5));
  expect(actionsOf(4, 2, 5)).not.toEqual(actionsOf(1, 2, 5));
});

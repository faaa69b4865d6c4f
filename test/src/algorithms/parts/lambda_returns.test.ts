import { describe, expect, it } from 'vitest';
import { lambdaReturns, standardised } from '../../../../src/algorithms/parts/lambda_returns.js';
import { ReplayBuffer } from '../../../../src/buffers/replay_buffer.js';

const GAMMA = 0.5;

/**
 * Rows of environments side by side, a letter a step: `-` goes on, `T` terminates, `C` is cut off. Step t earns 2ᵗ; V of the
 * observation after row i is 10·(i + 1).
 */
function valuedRows(environments: readonly string[], capacity = 100) {
  const numEnvs = environments.length;
  const stored = new ReplayBuffer({ capacity, numEnvs, observationDim: 1, actionDim: 1 });
  for (let t = 0; t < environments[0].length; t++) {
    const flags = (letter: string) => Uint8Array.from(environments, (steps) => Number(steps[t] === letter));
    stored.add({
      observations: new Float32Array(numEnvs),
      actions: new Float32Array(numEnvs),
      rewards: new Float32Array(numEnvs).fill(2 ** t),
      nextObservations: new Float32Array(numEnvs),
      terminated: flags('T'),
      truncated: flags('C'),
    });
  }
  const nextValues = Float32Array.from({ length: stored.size }, (_, row) => 10 * (row + 1));
  const values = new Float32Array(stored.size);
  return { stored, newestFirst: stored.newestFirst(), discount: GAMMA, values, nextValues };
}

const returnsOf = (environments: readonly string[], lambda: number, capacity?: number) => [
  ...lambdaReturns(valuedRows(environments, capacity), lambda),
];

describe('TD(λ) returns', () => {
  it('with λ = 0 are one reward and the value after it, none after a termination', () => {
    expect(returnsOf(['--T-C'], 0)).toEqual([1 + 5, 2 + 10, 4, 8 + 20, 16 + 25]);
  });

  it('with λ = 1 are all rewards to the end, and the value after it where the episode was cut off', () => {
    const cutOff = 16 + 25;
    expect(returnsOf(['--T-C'], 1)).toEqual([1 + 1 + 1, 2 + 2, 4, 8 + cutOff / 2, cutOff]);
  });

  it('take the value after the newest step of an episode that still goes on', () => {
    expect(returnsOf(['---'], 1)).toEqual([1 + (2 + (4 + 15) / 2) / 2, 2 + (4 + 15) / 2, 4 + 15]);
  });

  it('with λ between are mixed at each step', () => {
    const last = 4;
    const middle = 2 + GAMMA * (0.25 * 20 + 0.75 * last);
    expect(returnsOf(['--T'], 0.75)).toEqual([1 + GAMMA * (0.25 * 10 + 0.75 * middle), middle, last]);
  });

  it('of several environments, and over the end of a full ring, are each episode’s own', () => {
    // Rows 0, 2 and 4 are the first environment's.
    expect(returnsOf(['--T', '-C-'], 1)).toEqual([3, 1 + (2 + 20) / 2, 4, 2 + 20, 4, 4 + 30]);
    // Rewards 4, 8, 16, 32 are left, in rows 2, 3, 0 and 1.
    expect(returnsOf(['-----T'], 1, 4)).toEqual([32, 32, 16, 24]);
  });
});

describe('standardised numbers', () => {
  const lists = [Float64Array.of(1, 2, 6), Float64Array.of(-3)];

  it('have a mean of 0 and a deviation of 1, of all lists together', () => {
    const all = standardised(lists).flatMap((list) => [...list]);
    expect(all.reduce((sum, value) => sum + value)).toBeCloseTo(0, 6);
    expect(Math.sqrt(all.reduce((sum, value) => sum + value ** 2, 0) / 4)).toBeCloseTo(1, 5);
    // Mean 1.5, squares of 0.25, 0.25, 20.25 and 20.25.
    expect(all[2]).toBeCloseTo(4.5 / Math.sqrt(10.25), 5);
  });

  it('do not depend on their scale', () => {
    const scaled = standardised(lists.map((list) => list.map((value) => 1000 * value + 7)));
    standardised(lists).forEach((list, i) => {
      list.forEach((value, k) => {
        expect(scaled[i][k]).toBeCloseTo(value, 4);
      });
    });
  });

  it('are 0 where all are equal', () => {
    expect(standardised([Float64Array.of(3, 3)])).toEqual([Float32Array.of(0, 0)]);
  });
});

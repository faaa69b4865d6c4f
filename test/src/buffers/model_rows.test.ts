import { describe, expect, it } from 'vitest';
import { rowsForModels } from '../../../src/buffers/model_rows.js';
import { ReplayBuffer } from '../../../src/buffers/replay_buffer.js';

/** Transitions from their number to the next one. Those of `repeated` terminate where they began, those of `ended` elsewhere. */
function numbered(
  rows: number,
  repeated: readonly number[] = [],
  ended: readonly number[] = [],
): ReplayBuffer {
  const buffer = new ReplayBuffer({ capacity: rows, numEnvs: 1, observationDim: 2, actionDim: 1 });
  const observations = Float32Array.from({ length: 2 * rows }, (_, i) => i);
  const isRepeated = (i: number) => repeated.includes(Math.floor(i / 2));
  buffer.add({
    observations,
    actions: new Float32Array(rows),
    rewards: new Float32Array(rows),
    nextObservations: observations.map((value, i) => (isRepeated(i) || i % 2 === 0 ? value : value + 1)),
    terminated: Uint8Array.from({ length: rows }, (_, i) => ([...repeated, ...ended].includes(i) ? 1 : 0)),
    truncated: new Uint8Array(rows),
  });
  return buffer;
}

describe('the rows for models', () => {
  it('are a fifth to judge by, and the others to learn from', () => {
    const { learnt, held } = rowsForModels(numbered(12));
    expect([...held]).toEqual([0, 5, 10]);
    expect([...learnt]).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 11]);
  });

  it('are about a thousand to judge by where there are many, from everywhere', () => {
    const { learnt, held } = rowsForModels(numbered(30_500));
    expect([held.length, learnt.length]).toEqual([984, 30_500 - 984]);
    expect(held.at(-1)).toBeGreaterThan(30_400);
  });

  it('are not those that terminated in an observation which was not recorded', () => {
    const { learnt, held } = rowsForModels(numbered(12, [5, 7], [6, 10]));
    expect([...held]).toEqual([0, 10]);
    expect([...learnt]).toEqual([1, 2, 3, 4, 6, 8, 9, 11]);
  });
});

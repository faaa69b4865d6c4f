import { expect, it } from 'vitest';
import { bestOf } from '../../../../src/algorithms/parts/best_candidate.js';
import { startBackend } from '../../../../src/compile/backends.js';
import { tf } from '../../../../src/nn/tensorflow.js';

it('takes of each row the action of the highest value, the first of equal ones', async () => {
  await startBackend('cpu');
  const actions = tf.tensor3d([
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    [
      [-1, -2],
      [-3, -4],
      [-5, -6],
    ],
  ]);
  const best = bestOf(
    actions,
    tf.tensor2d([
      [0, -1, 9],
      [2, 7, 7],
    ]),
  );
  expect(best.shape).toEqual([2, 2]);
  expect([...best.dataSync()]).toEqual([5, 6, -3, -4]);
});

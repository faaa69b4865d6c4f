import { beforeAll, expect, it } from 'vitest';
import { startBackend } from '../../../src/compile/backends.js';
import { constant } from '../../../src/nn/initialisers.js';
import { initialiseParameters, packedLayout, unpackParameters } from '../../../src/nn/packing.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { RandomStream } from '../../../src/rng.js';

beforeAll(async () => {
  await startBackend('cpu');
});

it('stores vectors end to end and gives every parameter back by name', () => {
  const table = {
    'a/kernel': constant([2, 3], 1),
    'a/bias': constant([3], 2),
    'b/kernel': constant([3, 1], 3),
    'b/bias': constant([1], 4),
  };
  const layout = packedLayout(table);
  expect(layout.shapes).toEqual({ 'a/kernel': [2, 3], vectors: [7] });
  const stored = initialiseParameters(table, layout, new RandomStream(0));
  expect([...stored['vectors']]).toEqual([2, 2, 2, 3, 3, 3, 4]);
  const tensors = Object.fromEntries(
    Object.entries(layout.shapes).map(([name, shape]) => [name, tf.tensor(stored[name], [...shape])]),
  );
  const parameters = unpackParameters(tensors, layout);
  for (const [name, { shape }] of Object.entries(table)) expect(parameters[name].shape).toEqual(shape);
  expect([...parameters['b/kernel'].dataSync()]).toEqual([3, 3, 3]);
});

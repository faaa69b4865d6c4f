import { layerNorm } from '../../../../src/nn/layer_norm.js';
import { tf } from '../../../../src/nn/tensorflow.js';
import { describeOperations, type Operation } from '../operations.js';

const product = (a: number[], b: number[], transposeA = false, transposeB = false): Operation => ({
  inputs: { a, b },
  compute: ({ a, b }) => tf.matMul(a, b, transposeA, transposeB),
  edges: [0, 1, -1, 1e3, 2],
});

describeOperations('a layer', {
  'product of matrices': product([2, 3], [3, 4]),
  'product of transposed matrices': product([3, 2], [4, 3], true, true),
  'product of batches of matrices': product([5, 2, 3], [5, 3, 4]),
  'product, the first transposed': product([5, 3, 2], [5, 3, 4], true),
  'product, the second transposed': product([5, 2, 3], [5, 4, 3], false, true),
  'product, both transposed': product([5, 3, 2], [5, 4, 3], true, true),
  'product of four-dimensional batches': product([2, 2, 2, 3], [2, 2, 3, 2]),
  'a batch of products with one matrix': product([5, 2, 3], [1, 3, 4]),
  'dot product': { inputs: { a: [4], b: [4] }, compute: ({ a, b }) => tf.dot(a, b) },
  'layer normalisation': {
    inputs: { x: [4, 6], scale: [6], offset: [6] },
    compute: ({ x, scale, offset }) => layerNorm(x, scale, offset),
  },
});

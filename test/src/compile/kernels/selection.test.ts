import { tf } from '../../../../src/nn/tensorflow.js';
import { apart, describeOperations } from '../operations.js';

const TABLE = { x: [4, 3] };
const INDICES = [2, 0, 3, 2, 1];

describeOperations('a choice', {
  where: {
    inputs: { a: [6, 6], b: [6, 6] },
    compute: ({ a, b }) => tf.where(tf.greater(a, b), tf.mul(a, 2), tf.square(b)),
    draw: apart,
    edges: [0, 1, -1, 1e4, -1e4, 1e-6],
  },
  'where of a constant': {
    inputs: TABLE,
    compute: ({ x }) => tf.where(tf.greater(x, 0), x, 0.5),
    draw: apart,
    edges: [0, 1, -1],
  },
  'where with broadcasting': {
    inputs: { x: [4, 1], row: [3], number: [] },
    compute: ({ x, row, number }) => tf.where(tf.greater(x, 0), row, number),
    draw: apart,
  },
  'where of booleans': {
    inputs: { a: [4, 3], b: [4, 3] },
    compute: ({ a, b }) => tf.cast(tf.where(tf.greater(a, b), tf.greater(a, 0), tf.greater(b, 1)), 'float32'),
    draw: apart,
  },
  'where of integers': {
    inputs: { a: [4, 3], b: [4, 3] },
    compute: ({ a, b }) => tf.cast(tf.where(tf.greater(a, b), tf.cast(a, 'int32'), 7), 'float32'),
    draw: apart,
    gradients: [],
  },
  clipByValue: {
    inputs: TABLE,
    compute: ({ x }) => tf.clipByValue(x, -1, 0.5),
    draw: apart,
    edges: [0, -1, 0.5, -1.001, 0.501, 1e6, -1e6],
  },
});

describeOperations('indices', {
  'gather by constant indices': {
    inputs: TABLE,
    compute: ({ x }) => tf.gather(x, tf.tensor1d(INDICES, 'int32')),
  },
  'gather the same row again and again': {
    inputs: TABLE,
    compute: ({ x }) => tf.gather(x, tf.tensor1d([1, 1, 1], 'int32')),
  },
  'gather columns': { inputs: TABLE, compute: ({ x }) => tf.gather(x, tf.tensor1d([2, 0], 'int32'), 1) },
  'gather by a table of indices': {
    inputs: TABLE,
    compute: ({ x }) => tf.gather(x, tf.tensor2d([0, 3, 3, 1], [2, 2], 'int32')),
  },
  'gather by computed indices': {
    inputs: { x: [4, 3], scores: [4, 5] },
    compute: ({ x, scores }) => tf.gather(x, tf.argMax(scores, 0)),
    draw: apart,
  },
  'gather the largest by its own index': {
    inputs: TABLE,
    compute: ({ x }) => tf.gather(x, tf.argMax(tf.slice(x, [0, 0], [4, 1]), 0)),
    draw: apart,
  },
  'gather by an index for each row': {
    inputs: TABLE,
    compute: ({ x }) => tf.gather(x, tf.expandDims(tf.argMin(x, 1), 1), 1, 1),
    draw: apart,
  },
  'gather by given indices': {
    inputs: { x: [4, 3], indices: [5] },
    compute: ({ x, indices }) => tf.gather(x, tf.cast(indices, 'int32')),
    draw: (count) => Array.from({ length: count }, (_, i) => (i < 12 ? i / 8 : INDICES[i - 12])),
    gradients: ['x'],
  },
  unsortedSegmentSum: {
    inputs: { x: [5, 3] },
    compute: ({ x }) => tf.unsortedSegmentSum(x, tf.tensor1d([2, 0, 2, 1, 2], 'int32'), 4),
  },
  oneHot: {
    inputs: { indices: [5] },
    compute: ({ indices }) => tf.cast(tf.oneHot(tf.cast(indices, 'int32'), 4), 'float32'),
    draw: () => INDICES,
    edges: [-1, 0, 3, 4, 7],
    gradients: [],
  },
  'oneHot of other numbers': {
    inputs: { scores: [4, 3] },
    compute: ({ scores }) => tf.oneHot(tf.argMax(scores, 1), 3, 5, -2, 'float32'),
    draw: apart,
  },
});

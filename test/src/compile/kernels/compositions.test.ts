import { layerNorm } from '../../../../src/nn/layer_norm.js';
import { tf } from '../../../../src/nn/tensorflow.js';
import { apart, describeOperations, positive, standard, unit } from '../operations.js';

/** MMD² between samples x and y [batch, samples, features] of a kernel of their pairwise distances. */
function discrepancy(x: tf.Tensor, y: tf.Tensor, distance: (difference: tf.Tensor) => tf.Tensor): tf.Tensor {
  const mean = (a: tf.Tensor, b: tf.Tensor) => {
    const difference = tf.sub(tf.expandDims(a, 2), tf.expandDims(b, 1));
    return tf.mean(tf.exp(tf.div(tf.neg(tf.sum(distance(difference), 3)), 2)), [1, 2]);
  };
  return tf.sub(tf.add(mean(x, x), mean(y, y)), tf.mul(mean(x, y), 2));
}

const SAMPLES = { x: [2, 4, 3], y: [2, 4, 3] };
const MEMBERS = { a: [6], b: [6], c: [6] };

describeOperations('what algorithms compute', {
  'logSumExp over an axis': {
    inputs: { x: [3, 4] },
    compute: ({ x }) => tf.logSumExp(x, 1),
    edges: [1e3, -1e3, 999, 0, -1e3],
  },
  'logSumExp with kept dimensions': {
    inputs: { x: [3, 4] },
    compute: ({ x }) => tf.logSumExp(tf.div(x, 0.5), 0, true),
    edges: [1e3, 1e3, -1e3],
  },
  'minimum of several': {
    inputs: MEMBERS,
    compute: ({ a, b, c }) => tf.minimum(tf.minimum(a, b), c),
    draw: apart,
    edges: [1, 2],
  },
  // The gradient goes to the lowest member alone; if several are lowest, each gets all of it.
  'lowest of a stacked ensemble': {
    inputs: MEMBERS,
    compute: ({ a, b, c }) => tf.min(tf.stack([a, b, c]), 0),
    draw: apart,
    edges: [1, 2],
  },
  'soft-clipped maximum over samples': {
    inputs: { q: [2, 6, 5] },
    compute: ({ q }) => tf.max(tf.add(tf.mul(tf.min(q, 0), 0.75), tf.mul(tf.max(q, 0), 0.25)), 1),
    draw: apart,
  },
  'capped exponential weights': {
    inputs: { advantage: [6] },
    compute: ({ advantage }) => tf.minimum(tf.exp(tf.mul(advantage, 3)), 100),
    draw: unit,
    edges: [0, 10, -10, 1e3, -1e3],
  },
  'softmax weights times the batch size': {
    inputs: { advantage: [6], likelihood: [6] },
    compute: ({ advantage, likelihood }) => tf.mul(tf.mul(tf.softmax(advantage), 6), likelihood),
  },
  expectile: {
    inputs: { q: [6], v: [6] },
    compute: ({ q, v }) => {
      const u = tf.sub(q, v);
      return tf.mul(tf.abs(tf.sub(0.7, tf.cast(tf.less(u, 0), 'float32'))), tf.square(u));
    },
    draw: apart,
    edges: [0, 1, -1],
  },
  'Laplacian discrepancy': {
    inputs: SAMPLES,
    compute: ({ x, y }) => discrepancy(x, y, tf.abs),
    draw: apart,
    floor: 0.1,
  },
  'Gaussian discrepancy': {
    inputs: SAMPLES,
    compute: ({ x, y }) => discrepancy(x, y, tf.square),
    draw: standard,
    floor: 0.1,
  },
  'dropout by a mask': {
    inputs: { x: [4, 3], mask: [4, 3] },
    compute: ({ x, mask }) => tf.mul(x, tf.div(tf.floor(tf.add(mask, 0.9)), 0.9)),
    draw: (count) => Array.from({ length: count }, (_, i) => ((i * 7) % 32) / 32 + 1 / 64),
    gradients: ['x'],
  },
  'a spectral norm after a power iteration': {
    inputs: { weight: [4, 3], vector: [1, 3] },
    compute: ({ weight, vector }) => {
      const unitOf = (x: tf.Tensor) => tf.div(x, tf.add(tf.norm(x), 1e-12));
      const left = unitOf(tf.matMul(vector, weight, false, true));
      const right = unitOf(tf.matMul(left, weight));
      return tf.div(weight, tf.sum(tf.mul(tf.matMul(left, weight), right)));
    },
  },
  'swish layer': {
    inputs: { x: [4, 3], w: [3, 5] },
    compute: ({ x, w }) => {
      const y = tf.matMul(x, w);
      return tf.mul(y, tf.sigmoid(y));
    },
  },
  'log-density of a squashed action': {
    inputs: { action: [4, 2], mean: [4, 2] },
    compute: ({ action, mean }) => {
      const raw = tf.atanh(tf.clipByValue(action, -1 + 1e-5, 1 - 1e-5));
      const jacobian = tf.log(tf.sub(1, tf.square(action)));
      return tf.sum(tf.sub(tf.div(tf.square(tf.sub(raw, mean)), -2), jacobian), 1);
    },
    draw: unit,
    floor: 0.1,
  },
  'soft clamp of a log-variance': {
    inputs: { x: [4, 3], low: [3], high: [3] },
    compute: ({ x, low, high }) => {
      const below = tf.sub(high, tf.softplus(tf.sub(high, x)));
      return tf.add(low, tf.softplus(tf.sub(below, low)));
    },
  },
  'an ensemble in one product': {
    inputs: { x: [5, 4, 3], w: [5, 3, 2], b: [5, 1, 2] },
    compute: ({ x, w, b }) => tf.tanh(tf.add(tf.matMul(x, w), b)),
    draw: unit,
    floor: 0.1,
  },
  'one member for each row': {
    inputs: { q: [3, 6], choice: [6] },
    compute: ({ q, choice }) => {
      const member = tf.oneHot(tf.cast(choice, 'int32'), 3);
      return tf.sum(tf.mul(tf.transpose(q), tf.cast(member, 'float32')), 1);
    },
    draw: (count) => Array.from({ length: count }, (_, i) => (i < 18 ? i / 4 : i % 3)),
    gradients: ['q'],
  },
  'density-ratio loss': {
    inputs: { offline: [6], online: [6] },
    compute: ({ offline, online }) => {
      const term = (w: tf.Tensor) => tf.log(tf.div(2, tf.add(w, 1)));
      return tf.sub(
        tf.neg(tf.mean(term(offline))),
        tf.mean(tf.log(tf.div(tf.mul(online, 2), tf.add(online, 1)))),
      );
    },
    draw: positive,
  },
});

/** The gradient of x itself, as a function whose own gradient is then tested. */
const gradientOf = (compute: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor) =>
  tf.grad((inner: tf.Tensor) => tf.sum(compute(inner)))(x);

describeOperations('the gradient of a gradient', {
  'clipped products': {
    inputs: { x: [3, 4], w: [4, 2] },
    compute: ({ x, w }) => gradientOf((inner) => tf.tanh(tf.clipByValue(tf.matMul(inner, w), -2, 2)))(x),
    draw: unit,
  },
  'a diversity of unit gradients': {
    inputs: { action: [3, 2], w: [2, 4], v: [4, 1] },
    compute: ({ action, w, v }) => {
      const slope = gradientOf((a) => tf.matMul(tf.tanh(tf.matMul(a, w)), v))(action);
      return tf.div(slope, tf.add(tf.sqrt(tf.sum(tf.square(slope), 1, true)), 1e-10));
    },
    tolerance: 1e-5,
  },
  softmax: {
    inputs: { x: [3, 4] },
    compute: ({ x }) => gradientOf((inner) => tf.square(tf.softmax(inner)))(x),
    floor: 0.1,
  },
  logSumExp: { inputs: { x: [3, 4] }, compute: ({ x }) => gradientOf((inner) => tf.logSumExp(inner, 1))(x) },
  where: {
    inputs: { x: [3, 4] },
    compute: ({ x }) =>
      gradientOf((inner) => tf.where(tf.greater(inner, 0), tf.exp(inner), tf.square(inner)))(x),
    draw: apart,
  },
  gather: {
    inputs: { x: [4, 3] },
    compute: ({ x }) => gradientOf((inner) => tf.exp(tf.gather(inner, tf.tensor1d([2, 0, 2], 'int32'))))(x),
  },
  pow: {
    inputs: { x: [3, 4] },
    compute: ({ x }) => gradientOf((inner) => tf.pow(inner, 3))(x),
    draw: positive,
  },
  'the lowest of an ensemble': {
    inputs: { a: [6], b: [6] },
    compute: ({ a, b }) => gradientOf((inner) => tf.min(tf.stack([tf.square(inner), b]), 0))(a),
    draw: apart,
  },
  'layer normalisation': {
    inputs: { x: [3, 4], scale: [4] },
    compute: ({ x, scale }) => gradientOf((inner) => tf.exp(layerNorm(inner, scale, tf.zerosLike(scale))))(x),
    floor: 0.1,
    tolerance: 1e-5,
  },
  'a reversed part': {
    inputs: { x: [3, 4] },
    compute: ({ x }) => gradientOf((inner) => tf.exp(tf.unstack(tf.reverse(inner, 1))[1]))(x),
  },
});

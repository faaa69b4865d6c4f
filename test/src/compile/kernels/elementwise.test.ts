import { tf } from '../../../../src/nn/tensorflow.js';
import {
  apart,
  type Draw,
  describeOperations,
  type Operation,
  positive,
  standard,
  unit,
} from '../operations.js';

const LARGE = [0, 0.5, -0.5, 1e-6, -1e-6, 3, -3, 40, -40, 1e4, -1e4, 1];

function unary(compute: (x: tf.Tensor) => tf.Tensor, draw: Draw, edges = LARGE): Operation {
  return { inputs: { x: [3, 4] }, compute: ({ x }) => compute(x), draw, edges };
}

function binary(compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, draw: Draw, edges: number[]): Operation {
  return { inputs: { a: [6, 6], b: [6, 6] }, compute: ({ a, b }) => compute(a, b), draw, edges };
}

describeOperations('of one number', {
  abs: unary(tf.abs, apart),
  ceil: unary(tf.ceil, apart),
  floor: unary(tf.floor, apart),
  'round, halves to even numbers': unary(
    tf.round,
    apart,
    [0, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 3.5, 0.49, 1e6, 7, -7],
  ),
  neg: unary(tf.neg, standard),
  square: unary(tf.square, standard),
  reciprocal: unary(tf.reciprocal, positive, [0.5, -0.5, 1e-6, 1e6, -3, 7]),
  sqrt: unary(tf.sqrt, positive, [1e-6, 1, 2, 1e6, 1e-3, 1e12]),
  rsqrt: unary(tf.rsqrt, positive, [1e-6, 1, 2, 1e6, 1e-3, 1e12]),
  exp: unary(tf.exp, standard, [0, 1, -1, 20, -20, 88, -80, 1e-6]),
  log: unary(tf.log, positive, [1e-6, 0.999, 1, 1.001, 2, 1e6]),
  sigmoid: unary(tf.sigmoid, standard),
  softplus: unary(tf.softplus, standard),
  // Its gradient, 1 − tanh², loses what is small.
  tanh: { ...unary(tf.tanh, standard), floor: 0.1 },
  relu: unary(tf.relu, apart),
  // ONNX Runtime computes exp(x) − 1 as it stands, which is less exact close to 0.
  elu: { ...unary(tf.elu, apart), floor: 0.1 },
  selu: { ...unary(tf.selu, apart), floor: 0.1 },
  leakyRelu: unary((x) => tf.leakyRelu(x, 0.1), apart),
  // Eager, it is a formula that is good to 1.5e-7.
  erf: { ...unary(tf.erf, standard), floor: 0.2 },
  sin: unary(tf.sin, standard, [0, 0.5, -0.5, 3, -3, 40, -40, 1000]),
  cos: unary(tf.cos, standard, [0, 0.5, -0.5, 3, -3, 40, -40, 1000]),
  tan: unary(tf.tan, unit, [0, 0.5, -0.5, 1, -1, 3, -3, 1e-6]),
  asin: unary(tf.asin, unit, [0, 0.5, -0.5, 0.99, -0.99, 1e-6]),
  acos: unary(tf.acos, unit, [0, 0.5, -0.5, 0.99, -0.99, 1e-6]),
  atan: unary(tf.atan, standard),
  sinh: unary(tf.sinh, standard, [0, 0.5, -0.5, 3, -3, 40, -40, 1e-6]),
  cosh: unary(tf.cosh, standard, [0, 0.5, -0.5, 3, -3, 40, -40, 1e-6]),
  asinh: unary(tf.asinh, standard, [0, 0.5, -0.5, 3, -3, 40, 1e4, 1e-6]),
  acosh: unary(tf.acosh, (count, stream) => positive(count, stream).map((x) => x + 1), [1.001, 2, 3, 100]),
  atanh: unary(tf.atanh, unit, [0, 0.5, -0.5, 0.99999, -0.99999, 1e-6]),
});

describeOperations('of two numbers', {
  add: binary(tf.add, standard, [0, 1, -1, 1e4, -1e4, 1e-6]),
  sub: binary(tf.sub, standard, [0, 1, -1, 1e4, -1e4, 1e-6]),
  mul: binary(tf.mul, standard, [0, 1, -1, 1e4, -1e4, 1e-6]),
  div: binary(tf.div, positive, [2, 1, -1, 1e4, -1e4, 1e-6]),
  maximum: binary(tf.maximum, apart, [0, 1, -1, 1e4, -1e4, 1e-6]),
  minimum: binary(tf.minimum, apart, [0, 1, -1, 1e4, -1e4, 1e-6]),
  pow: binary(tf.pow, positive, [0.5, 1, 2, 3, 0.2, 1.5]),
  'pow of a negative number': {
    inputs: { a: [6] },
    compute: ({ a }) => tf.pow(a, 3),
    edges: [0, 1, -1, 10, -10, -0.5],
  },
  'pow 0.2': { inputs: { a: [6] }, compute: ({ a }) => tf.pow(a, 0.2), draw: positive },
  'a maximum of broadcast numbers': {
    inputs: { a: [4, 3], row: [3], column: [4, 1], number: [] },
    compute: ({ a, row, column, number }) => tf.maximum(tf.minimum(tf.maximum(a, row), column), number),
    draw: apart,
  },
  addN: { inputs: { a: [2, 3], b: [2, 3] }, compute: ({ a, b }) => tf.addN([a, b, a]) },
});

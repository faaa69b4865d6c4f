import { beforeAll, expect, it } from 'vitest';
import { startBackend } from '../../../src/compile/backends.js';
import { type AdamState, adam, adamScalar, adamScalars } from '../../../src/nn/adam.js';
import { tf } from '../../../src/nn/tensorflow.js';

beforeAll(async () => {
  await startBackend('cpu');
});

it('takes the steps of the textbook algorithm', () => {
  const [rate, beta1, beta2, epsilon] = [0.01, 0.9, 0.999, 1e-8];
  const gradients = [
    [0.5, -2, 1e-7],
    [0.1, 3, 0],
    [-0.4, 1, 1e-7],
  ];
  const wanted = [1, 1, 1];
  const [m, v] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  let state: AdamState = {
    parameters: tf.ones([3]),
    firstMoments: tf.zeros([3]),
    secondMoments: tf.zeros([3]),
  };
  gradients.forEach((gradient, index) => {
    const step = index + 1;
    gradient.forEach((g, i) => {
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g * g;
      wanted[i] -= (rate * (m[i] / (1 - beta1 ** step))) / (Math.sqrt(v[i] / (1 - beta2 ** step)) + epsilon);
    });
    const scalars = adamScalars(rate, step);
    state = adam(state, tf.tensor1d(gradient), tf.scalar(scalars.stepSize), tf.scalar(scalars.epsilon));
    state.parameters.dataSync().forEach((value, i) => {
      expect(value, `step ${step}, entry ${i}`).toBeCloseTo(wanted[i], 6);
    });
  });
});

it('steps a single number as it does an array', () => {
  const one = tf.tensor1d([0.3]);
  const scalars = adamScalars(1e-2, 4);
  const state = { parameters: one, firstMoments: tf.tensor1d([0.2]), secondMoments: tf.tensor1d([0.5]) };
  const wanted = adam(state, tf.tensor1d([-0.7]), tf.scalar(scalars.stepSize), tf.scalar(scalars.epsilon));
  const { first, second, change } = adamScalar({ first: 0.2, second: 0.5 }, -0.7, scalars);
  expect(first).toBeCloseTo(wanted.firstMoments.dataSync()[0], 6);
  expect(second).toBeCloseTo(wanted.secondMoments.dataSync()[0], 6);
  expect(0.3 - change).toBeCloseTo(wanted.parameters.dataSync()[0], 6);
});

it('starts with a step of the learning rate', () => {
  const { stepSize, epsilon } = adamScalars(3e-4, 1);
  expect(stepSize).toBeCloseTo(3e-4, 10);
  expect(epsilon).toBeCloseTo(1e-8, 14);
});

import { beforeAll, describe, expect, it } from 'vitest';
import {
  actionGradient,
  actorLoss,
  advantageWeights,
  bellmanTarget,
  betweenExtremes,
  binaryWeights,
  criticLoss,
  expectileLosses,
  imitationLosses,
  linearisedValue,
  lowestOf,
  lowestSlope,
  meanSlope,
  softmaxWeights,
  weightedCloningLosses,
} from '../../../../src/algorithms/parts/losses.js';
import { startBackend } from '../../../../src/compile/backends.js';
import { tf } from '../../../../src/nn/tensorflow.js';

beforeAll(async () => {
  await startBackend('cpu');
});

const values = (tensor: tf.Tensor) => [...tensor.dataSync()];

function expectClose(tensor: tf.Tensor, wanted: readonly number[]): void {
  const found = values(tensor);
  expect(found.length).toBe(wanted.length);
  wanted.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, 5);
  });
}

describe('the values between the extremes of critics', () => {
  it('are mixed for each action, before the best action counts', () => {
    const critics = [tf.tensor2d([[0, 10]]), tf.tensor2d([[8, 1]]), tf.tensor2d([[4, 4]])];
    const mixed = betweenExtremes(critics, 0.75);
    expectClose(mixed, [2, 3.25]);
    // The best actions of each critic by itself would give 0.75 · 4 + 0.25 · 10.
    expectClose(bellmanTarget(tf.tensor1d([1]), tf.tensor1d([0.5]), [mixed]), [2.625]);
  });

  it('are the lowest with the weight 1 and the highest with 0', () => {
    const critics = [tf.tensor1d([1, -2]), tf.tensor1d([3, -5])];
    expectClose(betweenExtremes(critics, 1), [1, -5]);
    expectClose(betweenExtremes(critics, 0), [3, -2]);
  });
});

describe('the target of the critics', () => {
  it('is the reward and the lowest next value, discounted', () => {
    const next = [tf.tensor1d([2, 5, 7]), tf.tensor1d([3, 4, -1])];
    expectClose(bellmanTarget(tf.tensor1d([1, 1, 1]), tf.tensor1d([0.9, 0.5, 0]), next), [2.8, 3, 1]);
  });

  it('of several next actions takes the one whose lowest value is the highest', () => {
    const next = [
      tf.tensor2d([
        [2, 5, 7],
        [1, 1, 1],
      ]),
      tf.tensor2d([
        [3, 4, -1],
        [0, 9, 2],
      ]),
    ];
    expectClose(bellmanTarget(tf.tensor1d([1, 1]), tf.tensor1d([0.5, 0.5]), next), [3, 1.5]);
  });

  it('is met in the mean of squares, divided', () => {
    expectClose(criticLoss(tf.tensor1d([1, 2]), tf.tensor1d([3, 5]), 1), [6.5]);
    expectClose(criticLoss(tf.tensor1d([1, 2]), tf.tensor1d([3, 5]), 2), [3.25]);
  });
});

describe("the actor's loss", () => {
  it('of all rows is the sum of those of parts', () => {
    const loss = (log: number[], q: number[]) =>
      actorLoss(tf.scalar(0.5), tf.tensor1d(log), tf.tensor1d(q), 3);
    expectClose(loss([1, 2, 3], [4, 5, 6]), [-4]);
    expectClose(tf.add(loss([1], [4]), loss([2, 3], [5, 6])), [-4]);
  });

  it('has the gradient through a value of which only the slope is known', () => {
    const actions = tf.tensor2d([[0.1, -0.2]]);
    const critic = (a: tf.Tensor) => tf.sum(tf.mul(tf.square(a), tf.tensor2d([[3, -5]])), 1);
    const { value, gradient } = actionGradient(actions, critic);
    expectClose(value, [3 * 0.01 - 5 * 0.04]);
    expectClose(gradient, [0.6, 2]);
    const slope = tf.grad((a: tf.Tensor) => tf.sum(linearisedValue(gradient, a)));
    expectClose(slope(actions), [0.6, 2]);
  });

  it('imitates by squared distance, each row as it counts', () => {
    const [samples, actions] = [
      tf.tensor2d([
        [1, 2],
        [0, 0],
      ]),
      tf.tensor2d([
        [0, 0],
        [3, 4],
      ]),
    ];
    expectClose(imitationLosses(samples, actions, tf.tensor1d([0.5, 0])), [2.5, 0]);
  });
});

describe('the slope that an actor ascends', () => {
  const gradients = [
    tf.tensor2d([
      [1, 10],
      [2, 20],
      [3, 30],
    ]),
    tf.tensor2d([
      [4, 40],
      [5, 50],
      [6, 60],
    ]),
    tf.tensor2d([
      [7, 70],
      [8, 80],
      [9, 90],
    ]),
  ];

  it('is the mean of all critics', () => {
    expectClose(meanSlope(gradients), [4, 40, 5, 50, 6, 60]);
  });

  it('is that of the lowest critic in each row', () => {
    const q = [tf.tensor1d([0, 9, 9]), tf.tensor1d([9, -4, 9]), tf.tensor1d([9, 9, -8])];
    expectClose(lowestOf(q), [0, -4, -8]);
    expectClose(lowestSlope(q, gradients), [1, 10, 5, 50, 9, 90]);
  });

  it('is the mean of those that are equally low', () => {
    const q = [tf.tensor1d([1, 1, 2]), tf.tensor1d([1, 1, 3]), tf.tensor1d([4, 1, 2])];
    expectClose(lowestSlope(q, gradients), [2.5, 25, 5, 50, 6, 60]);
  });

  it('of a single critic is its own', () => {
    expectClose(lowestSlope([tf.tensor1d([3, 1, 2])], gradients.slice(0, 1)), values(gradients[0]));
  });
});

describe('expectiles', () => {
  const sample = [1, 2, 6];
  const lossOf = (expectile: number) => (value: tf.Tensor) =>
    tf.sum(expectileLosses(tf.sub(tf.tensor1d(sample), value), expectile));

  /** The value of least loss: where the gradient, which grows with the value, is zero. */
  function expectileOf(expectile: number): number {
    const slope = tf.grad(lossOf(expectile));
    let [low, high] = [Math.min(...sample), Math.max(...sample)];
    for (let halving = 0; halving < 30; halving++) {
      const middle = (low + high) / 2;
      if (slope(tf.scalar(middle)).dataSync()[0] < 0) low = middle;
      else high = middle;
    }
    return low;
  }

  it('κ = 0.5 is the mean', () => {
    expect(expectileOf(0.5)).toBeCloseTo(3, 4);
  });

  it('κ = 0.7 is where the weighted distances are equal', () => {
    // 0.3·((v − 1) + (v − 2)) = 0.7·(6 − v)
    expect(expectileOf(0.7)).toBeCloseTo((0.7 * 6 + 0.3 * 3) / 1.3, 4);
  });

  it('κ → 1 is the largest and κ → 0 the least of the sample', () => {
    expect(expectileOf(0.9999)).toBeGreaterThan(5.995);
    expect(expectileOf(0.0001)).toBeLessThan(1.005);
  });

  it('are losses of each difference', () => {
    expectClose(expectileLosses(tf.tensor1d([-2, 0, 3]), 0.7), [0.3 * 4, 0, 0.7 * 9]);
  });

  it('pull a value that is too low up, and harder than one that is too high down', () => {
    const slope = (value: number) => tf.grad(lossOf(0.7))(tf.scalar(value)).dataSync()[0];
    expect(slope(0)).toBeLessThan(0);
    expect(slope(7)).toBeGreaterThan(0);
    const pull = (difference: number) =>
      tf
        .grad((value: tf.Tensor) => tf.sum(expectileLosses(tf.sub(difference, value), 0.7)))(tf.scalar(0))
        .dataSync()[0];
    expect(pull(1)).toBeCloseTo(-1.4, 5);
    expect(pull(-1)).toBeCloseTo(0.6, 5);
  });
});

describe('what an action counts', () => {
  it('grows with its advantage, up to a limit', () => {
    expectClose(advantageWeights(tf.tensor1d([-1, 0, 1, 2, 100]), 3, 100), [
      Math.exp(-3),
      1,
      Math.exp(3),
      100,
      100,
    ]);
  });

  it('is the same for all where advantages do not matter', () => {
    expectClose(advantageWeights(tf.tensor1d([-5, 0, 5]), 0, 100), [1, 1, 1]);
  });
});

it('losses of cloning count each row by its weight', () => {
  const policy = { mean: tf.tensor2d([[0.5], [0]]), logStd: tf.tensor2d([[0], [Math.log(2)]]) };
  const losses = weightedCloningLosses(policy, tf.tensor2d([[0], [2]]), tf.tensor1d([3, 0.5]));
  const constant = 0.5 * Math.log(2 * Math.PI);
  expectClose(losses, [3 * (0.125 + constant), 0.5 * (0.5 + Math.log(2) + constant)]);
});

it('binary weights count an action only if its advantage is positive', () => {
  expectClose(binaryWeights(tf.tensor1d([-1, 0, 1e-6, 3])), [0, 0, 1, 1]);
});

describe('weights by the softmax over the batch', () => {
  const advantages = tf.tensor1d([-1, 0, 2, 0.5]);

  it('are proportional to exp(A/λ), and their sum is the number of rows', () => {
    const weights = softmaxWeights(advantages, 0.5);
    const raw = [-1, 0, 2, 0.5].map((advantage) => Math.exp(2 * advantage));
    const total = raw.reduce((sum, weight) => sum + weight);
    expectClose(
      weights,
      raw.map((weight) => (4 * weight) / total),
    );
    expectClose(tf.sum(weights), [4]);
  });

  it('stay finite, and do not change if all advantages are higher', () => {
    expectClose(
      softmaxWeights(tf.tensor1d([1000, 1000, 999]), 1),
      values(softmaxWeights(tf.tensor1d([1, 1, 0]), 1)),
    );
  });

  it('are 1 where λ is large', () => {
    expectClose(softmaxWeights(advantages, 1e6), [1, 1, 1, 1]);
  });
});

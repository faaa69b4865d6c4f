import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { startBackend } from '../../../src/compile/backends.js';
import { writeOnnx } from '../../../src/compile/onnx_writer.js';
import { trace } from '../../../src/compile/trace.js';
import { layerNorm } from '../../../src/nn/layer_norm.js';
import type { NamedTensors } from '../../../src/nn/parameters.js';
import { sizeOf } from '../../../src/nn/parameters.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { RandomStream } from '../../../src/rng.js';
import { readModel } from '../../../src/runtime/node/onnx.js';

type Compute = (inputs: NamedTensors) => tf.Tensor;

const SHAPES = { x: [4, 3], y: [4, 3], w: [3, 2], row: [3], column: [4, 1], scalar: [] };
const operators = (compute: Compute) => graphOf(compute).nodes.map((node) => node.operator);
const graphOf = (compute: Compute) =>
  trace(
    (inputs) => ({ result: compute(inputs) }),
    SHAPES,
    (name) => name,
  );

function randomInputs(): Record<string, Float32Array> {
  const stream = new RandomStream(5);
  return Object.fromEntries(
    Object.entries(SHAPES).map(([name, shape]) => {
      const values = new Float32Array(sizeOf(shape));
      stream.fillNormal(values);
      return [name, values];
    }),
  );
}

async function compiled(compute: Compute): Promise<Float32Array> {
  const session = await readModel(writeOnnx(graphOf(compute)));
  const inputs = randomInputs();
  const feeds = Object.entries(SHAPES).map(([name, shape]) => [
    name,
    new Tensor('float32', inputs[name], shape),
  ]);
  const { result } = await session.run(Object.fromEntries(feeds));
  await session.release();
  return result.data as Float32Array;
}

async function eager(compute: Compute): Promise<Float32Array> {
  await startBackend('cpu');
  const inputs = randomInputs();
  const tensors = Object.entries(SHAPES).map(([name, shape]) => [name, tf.tensor(inputs[name], shape)]);
  return compute(Object.fromEntries(tensors)).dataSync() as Float32Array;
}

const CASES: Record<string, Compute> = {
  'arithmetic with broadcasting': ({ x, row, column }) =>
    tf.div(tf.mul(tf.add(x, row), column), tf.add(tf.square(row), 1)),
  'minimum and maximum': ({ x, y }) => tf.maximum(tf.minimum(x, y), -0.1),
  'elementwise functions': ({ x }) => tf.add(tf.softplus(x), tf.mul(tf.tanh(x), tf.sigmoid(tf.exp(x)))),
  'roots and logarithms': ({ x }) => tf.log(tf.add(tf.sqrt(tf.square(x)), tf.rsqrt(tf.add(tf.square(x), 1)))),
  comparisons: ({ x, y }) => tf.cast(tf.greater(x, y), 'float32'),
  'sums, means, minima, maxima': ({ x }) =>
    tf.concat([tf.sum(x, 0), tf.sum(x, 1), tf.mean(x, 0), tf.max(x, 1), tf.reshape(tf.min(x), [1])]),
  'sum over everything': ({ x }) => tf.reshape(tf.sum(x), [1]),
  'sum of a list': ({ x, y }) => tf.addN([x, y, x]),
  'transposed products': ({ x, y, w }) => tf.matMul(tf.matMul(tf.matMul(x, y, true), w), w, false, true),
  'split, concat, slice': ({ x }) => {
    const [left, right] = tf.split(x, [1, 2], 1);
    return tf.slice(tf.concat([right, left], 1), [1, 0], [2, -1]);
  },
  'layer normalisation': ({ x, row }) => layerNorm(x, row, tf.mul(row, 2)),
  'gradient through a network': ({ x, w, row }) => {
    const loss = (kernel: tf.Tensor) =>
      tf.mean(tf.square(tf.relu(tf.matMul(layerNorm(x, row, row), kernel as tf.Tensor2D))));
    return tf.grad(loss)(w);
  },
  'gradient of a mean of a broadcast sum': ({ x, column }) =>
    tf.grad((c) => tf.mean(tf.tanh(tf.add(x, c))))(column),
};

describe('a compiled function equals the eager one', () => {
  it.each(Object.entries(CASES))('%s', async (_, compute) => {
    const [actual, wanted] = [await compiled(compute), await eager(compute)];
    expect(actual.length).toBe(wanted.length);
    actual.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i], 5);
    });
  });
});

describe('the graph', () => {
  it('computes a repeated expression once', () => {
    expect(operators(({ x }) => tf.add(tf.tanh(x), tf.tanh(x)))).toEqual(['Tanh', 'Add']);
  });

  it('leaves out what the result does not need', () => {
    const compute: Compute = ({ x, y }) => {
      tf.matMul(x as tf.Tensor2D, y as tf.Tensor2D, true);
      return tf.neg(x);
    };
    expect(operators(compute)).toEqual(['Neg']);
  });

  it('adds a bias inside the product', () => {
    expect(
      operators(({ x, w, column }) =>
        tf.add(tf.matMul(x, w), tf.reshape(tf.slice(column, [0, 0], [2, 1]), [2])),
      ),
    ).toEqual(['Slice', 'Reshape', 'Gemm']);
  });

  it('does not add a column, or to a product that is used elsewhere, inside the product', () => {
    expect(operators(({ x, w, column }) => tf.add(tf.matMul(x, w), column))).toEqual(['Gemm', 'Add']);
    const shared: Compute = ({ x, y, row }) => {
      const product = tf.matMul(tf.matMul(x, y, false, true), x);
      return tf.mul(tf.add(product, row), product);
    };
    expect(operators(shared)).toEqual(['Gemm', 'Gemm', 'Add', 'Mul']);
  });

  it('sums columns as a product', () => {
    expect(operators(({ x }) => tf.sum(x, 0))).toEqual(['Gemm', 'Reshape']);
  });

  it('stores no array of equal numbers but a vector of ones', () => {
    const graph = graphOf(({ x, w }) => tf.grad((kernel) => tf.mean(tf.square(tf.matMul(x, kernel))))(w));
    for (const { shape } of graph.constants.values()) expect(sizeOf(shape)).toBeLessThanOrEqual(4);
  });

  it('chooses among numbers and repeats rows without making arrays of them', () => {
    const graph = graphOf(({ x, row }) => {
      const chosen = tf.where(tf.greater(x, 0), 0.5, tf.tile(tf.reshape(row, [1, 3]), [4, 1]));
      return tf.mul(tf.clipByValue(chosen, -1, 1), tf.transpose(tf.reverse(tf.fill([3, 4], 2))));
    });
    expect(graph.nodes.map((node) => node.operator)).toEqual(['Greater', 'Reshape', 'Where', 'Clip', 'Mul']);
    expect([...graph.constants.values()].filter(({ shape }) => shape.length > 0)).toHaveLength(1);
  });

  it('sums the gradient of a repeated row at once', () => {
    const graph = graphOf(({ row, x }) =>
      tf.grad((r) => tf.sum(tf.mul(tf.tile(tf.reshape(r, [1, 3]), [4, 1]), x)))(row),
    );
    expect(graph.nodes.filter(({ operator }) => operator === 'ReduceSum')).toHaveLength(1);
    expect(graph.nodes.filter(({ operator }) => operator === 'Slice')).toHaveLength(0);
  });

  it('computes what a second gradient needs once more only if it is not there', () => {
    const compute: Compute = ({ x }) => tf.grad((inner) => tf.sum(tf.tanh(inner)))(x);
    expect(operators(compute).filter((operator) => operator === 'Tanh')).toHaveLength(1);
  });

  it('drops multiplication by one and addition of zero, and computes with constants beforehand', () => {
    expect(operators(({ x }) => tf.add(tf.mul(tf.tanh(x), tf.mul(0.5, 2)), tf.zeros([4, 3])))).toEqual([
      'Tanh',
    ]);
  });
});

describe('errors', () => {
  it('names an operation that cannot be compiled', () => {
    expect(() => graphOf(({ x }) => tf.topk(x, 1).values)).toThrow(/operation TopK has no traced kernel/);
  });

  it('refuses a result that is not float32', () => {
    expect(() => graphOf(({ x }) => tf.greater(x, 0))).toThrow('"result" is bool: cast it to float32');
    expect(() => graphOf(({ x }) => tf.argMax(x, 1))).toThrow('"result" is int32: cast it to float32');
  });

  it('refuses arithmetic that ONNX has for float32 only', () => {
    expect(() => graphOf(({ x, y }) => tf.add(tf.greater(x, 0), tf.greater(y, 0)))).toThrow(
      'Add of bool cannot be compiled; cast it to float32',
    );
    expect(() => graphOf(({ x }) => tf.exp(tf.argMax(x, 1)))).toThrow(
      'Exp of int32 cannot be compiled; cast it to float32',
    );
  });

  it('refuses random numbers, which would be the same in every run', () => {
    expect(() => graphOf(({ x }) => tf.dropout(x, 0.5))).toThrow(/must be among its inputs/);
    expect(() => graphOf(({ x }) => tf.mul(x, tf.randomNormal([4, 3])))).toThrow(
      /cannot draw random numbers/,
    );
    expect(Math.random()).toBeLessThan(1);
  });

  it('refuses to read values while compiling', () => {
    expect(() => graphOf(({ x }) => tf.scalar(x.dataSync()[0]))).toThrow(/cannot read the values/);
  });

  it('gives the previous backend back after an error', async () => {
    await startBackend('cpu');
    expect(() => graphOf(({ x }) => tf.topk(x, 1).values)).toThrow();
    expect(tf.getBackend()).toBe('cpu');
  });
});

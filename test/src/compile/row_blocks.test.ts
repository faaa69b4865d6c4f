import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../src/compile/graph.js';
import { writeOnnx } from '../../../src/compile/onnx_writer.js';
import { workInRowBlocks } from '../../../src/compile/row_blocks.js';
import { trace } from '../../../src/compile/trace.js';
import { lossAndGradients } from '../../../src/nn/gradients.js';
import { layerNorm } from '../../../src/nn/layer_norm.js';
import { type NamedShapes, type NamedTensors, sizeOf } from '../../../src/nn/parameters.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { RandomStream } from '../../../src/rng.js';
import { readModel } from '../../../src/runtime/node/onnx.js';

const [ROWS, COUNT, WIDTH] = [64, 24, 256];
const SHAPES = {
  observations: [ROWS, 5],
  actions: [ROWS, COUNT, 2],
  first: [7, WIDTH],
  bias: [WIDTH],
  second: [WIDTH, WIDTH],
  scale: [WIDTH],
  last: [WIDTH, 1],
};

type Compute = (inputs: NamedTensors) => NamedTensors;

const graphOf = (compute: Compute, shapes: NamedShapes = SHAPES) =>
  trace(compute, shapes, (name) => `next/${name}`);

function numbers(shapes: NamedShapes): Record<string, Float32Array> {
  const stream = new RandomStream(3);
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const values = new Float32Array(sizeOf(shape));
    stream.fillUniform(values, -0.2, 0.2);
    return [name, values] as const;
  });
  return Object.fromEntries(entries);
}

async function run(graph: Graph): Promise<Record<string, Float32Array>> {
  const session = await readModel(writeOnnx(graph));
  const values = numbers(SHAPES);
  const feeds = graph.inputs.map(({ name, shape }) => [
    name,
    new Tensor('float32', values[name], [...shape]),
  ]);
  const results = await session.run(Object.fromEntries(feeds));
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
}

/** A network's values [ROWS, COUNT] of all actions, by layers of `WIDTH`. */
function values({ observations, actions, first, bias, second, scale, last }: NamedTensors): tf.Tensor {
  const repeated = tf.tile(tf.reshape(observations, [ROWS, 1, 5]), [1, COUNT, 1]);
  const rows = tf.reshape(tf.concat([repeated, actions], 2), [ROWS * COUNT, 7]);
  const product = (x: tf.Tensor, y: tf.Tensor) => tf.matMul<tf.Tensor>(x, y);
  const hidden = tf.relu(layerNorm(tf.add(product(rows, first), bias), scale, bias));
  const again = tf.tanh(tf.add(product(hidden, second), bias));
  return tf.reshape(product(again, last), [ROWS, COUNT]);
}

/** The gradients of a soft maximum of the values, what it is of each row, and the highest value of all. */
function learn({ observations, actions, ...weights }: NamedTensors): NamedTensors {
  const { extras, gradients } = lossAndGradients(weights, (candidate) => {
    const all = values({ observations, actions, ...candidate });
    const soft = tf.logSumExp(all, 1);
    return { loss: tf.mean(soft), extras: { soft, all } };
  });
  return { ...gradients, soft: extras['soft'], highest: tf.reshape(tf.max(extras['all']), [1]) };
}

const operators = ({ nodes }: Graph) => nodes.map(({ operator }) => operator);

describe('a graph with tall arrays', () => {
  it.each<[string, Compute]>([
    ['values of many actions, given twice', (inputs) => ({ all: values(inputs), again: values(inputs) })],
    ['gradients of a network by many actions', learn],
  ])('gives the same in blocks of rows: %s', async (_, compute) => {
    const whole = await run(graphOf(compute));
    const graph = graphOf(compute);
    workInRowBlocks(graph);
    expect(operators(graph).filter((operator) => operator === 'Scan')).toHaveLength(1);
    // All products with a tall array are inside.
    const tall = graph.nodes.filter(
      ({ operator, inputs }) => operator === 'Gemm' && graph.shapeOf(inputs[0])[0] === ROWS * COUNT,
    );
    expect(tall).toEqual([]);
    const blocks = await run(graph);
    expect(Object.keys(blocks).sort()).toEqual(Object.keys(whole).sort());
    for (const [name, array] of Object.entries(whole)) {
      const size = array.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(size, name).toBeGreaterThan(0);
      const difference = array.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - blocks[name][i])),
        0,
      );
      expect(difference / size, name).toBeLessThan(1e-5);
    }
  });

  it('does it once only', () => {
    const graph = graphOf(learn);
    workInRowBlocks(graph);
    const before = operators(graph);
    workInRowBlocks(graph);
    expect(operators(graph)).toEqual(before);
  });
});

describe('a graph stays as it is', () => {
  const unchanged = (compute: Compute, shapes: NamedShapes = SHAPES) => {
    const graph = graphOf(compute, shapes);
    const before = operators(graph);
    workInRowBlocks(graph);
    expect(operators(graph)).toEqual(before);
  };

  it('if none of its arrays are tall', () => {
    unchanged(({ observations, first, bias }) => ({
      sum: tf.add(tf.matMul<tf.Tensor>(observations, tf.slice(first, [0, 0], [5, WIDTH])), bias),
    }));
  });

  it('if an operator between tall arrays mixes rows', () => {
    unchanged((inputs) => {
      const all = tf.reshape(values(inputs), [ROWS * COUNT, 1]);
      const mixed = tf.mul(all, tf.max(all));
      return { products: tf.matMul<tf.Tensor>(mixed, inputs['last'], false, true) };
    });
  });

  it('if its rows cannot be cut into equal blocks', () => {
    const rows = 1031;
    unchanged(({ x, second }) => ({ product: tf.relu(tf.matMul<tf.Tensor>(x, second)) }), {
      x: [rows, WIDTH],
      second: [WIDTH, WIDTH],
    });
  });
});

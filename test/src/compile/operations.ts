import { Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../src/compile/backends.js';
import { writeOnnx } from '../../../src/compile/onnx_writer.js';
import { trace } from '../../../src/compile/trace.js';
import { type NamedShapes, type NamedTensors, sizeOf } from '../../../src/nn/parameters.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { RandomStream } from '../../../src/rng.js';
import { readModel } from '../../../src/runtime/node/onnx.js';

type Arrays = Record<string, Float32Array>;

/** A computation and its inputs. All are tested on random numbers, and on special ones if there are any. */
export interface Operation {
  inputs: NamedShapes;
  compute(inputs: NamedTensors): tf.Tensor;
  /** Draws random numbers that the operation can take, `standard` unless told otherwise. */
  draw?: Draw;
  /** Special numbers: every input is filled with them, and inputs of the same size meet in all combinations. */
  edges?: readonly number[];
  /** The inputs whose gradients are tested: all unless told otherwise. */
  gradients?: readonly string[];
  /** Reason why TensorFlow.js's gradient is not the slope; then it is only compared with the eager one. */
  notTheSlope?: string;
  /** Results smaller than this are compared as if they were this large. */
  floor?: number;
  /** Relative difference allowed between compiled and eager results; gradients may differ by five times as much. */
  tolerance?: number;
}

/** Draws `count` numbers. */
export type Draw = (count: number, stream: RandomStream) => number[];

/** Multiples of 1/1024, which stay exact when the steps of finite differences are added. */
const onGrid = (value: number) => Math.round(value * 1024) / 1024;

const normal: Draw = (count, stream) => {
  const values = new Float32Array(count);
  stream.fillNormal(values);
  return [...values];
};

export const standard: Draw = (count, stream) => normal(count, stream).map(onGrid);

export const positive: Draw = (count, stream) =>
  normal(count, stream).map((value) => onGrid(0.5 + Math.abs(value)));

/** Numbers between −0.75 and 0.75. */
export const unit: Draw = (count, stream) =>
  normal(count, stream).map((value) => onGrid(0.75 * Math.tanh(value)));

/** Numbers that are all different and far from multiples of 1/4, so that no finite difference crosses a kink. */
export const apart: Draw = (count, stream) => {
  const values = Array.from({ length: count }, (_, i) => (i - (count >> 1)) / 4 + 0.125);
  return normal(count, stream)
    .map((key, i) => ({ key, value: values[i] }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
};

/**
 * The step of finite differences, which are of fourth order, and their allowed error relative to the largest slope.
 */
const STEP = 1 / 64;
const SLOPE_TOLERANCE = 1e-4;

/** Tests for every operation that it and its gradients are the same compiled and eager, and that gradients are slopes. */
export function describeOperations(title: string, operations: Readonly<Record<string, Operation>>): void {
  beforeAll(() => startBackend('cpu'));

  describe.each(Object.entries(operations))(`${title}: %s`, (_, operation) => {
    const { inputs, compute, edges, notTheSlope, floor = 1e-3, tolerance = 1e-6 } = operation;
    const names = operation.gradients ?? Object.keys(inputs);
    const samples = {
      'random numbers': draw(operation),
      ...(edges ? { edges: meeting(inputs, edges) } : {}),
    };

    it.each(Object.entries(samples))('compiled equals eager on %s', async (_, arrays) => {
      const run = (tensors: NamedTensors) => ({ result: compute(tensors) });
      expectClose(await compiled(run, inputs, arrays), eager(run, inputs, arrays), tolerance, floor);
    });

    if (names.length === 0) return;

    it.each(Object.entries(samples))('compiled gradient equals the eager one on %s', async (_, arrays) => {
      const run = gradientsOf(operation, names);
      expectClose(await compiled(run, inputs, arrays), eager(run, inputs, arrays), 5 * tolerance, floor);
    });

    if (notTheSlope) return;

    it('compiled gradient is the slope', async () => {
      const arrays = samples['random numbers'];
      const gradients = await compiled(gradientsOf(operation, names), inputs, arrays);
      for (const name of names) {
        const slopes = slopesOf(operation, name, arrays);
        const largest = Math.max(1, ...slopes.map(({ slope }) => Math.abs(slope)));
        for (const { i, slope } of slopes) {
          const difference = Math.abs(gradients[name][i] - slope) / largest;
          expect(difference, `${name}[${i}]: ${gradients[name][i]}, ${slope}`).toBeLessThan(SLOPE_TOLERANCE);
        }
      }
    });
  });
}

function draw({ inputs, draw = standard }: Operation): Arrays {
  const total = Object.values(inputs).reduce((sum, shape) => sum + sizeOf(shape), 0);
  const numbers = draw(total, new RandomStream(5));
  let start = 0;
  const arrays: Arrays = {};
  for (const [name, shape] of Object.entries(inputs)) {
    arrays[name] = Float32Array.from(numbers.slice(start, start + sizeOf(shape)));
    start += sizeOf(shape);
  }
  return arrays;
}

/** Input k steps through the numbers once while the input before it steps through all of them. */
function meeting(inputs: NamedShapes, numbers: readonly number[]): Arrays {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, shape], k) => {
      const values = Array.from({ length: sizeOf(shape) }, (_, i) => {
        return numbers[Math.floor(i / numbers.length ** k) % numbers.length];
      });
      return [name, Float32Array.from(values)];
    }),
  );
}

/** A fixed factor for each element of a result, whose sum is what gradients and slopes are of. */
function factors(shape: readonly number[]): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, (_, i) => onGrid(1 + Math.sin(3 * i + 1) / 2));
}

function gradientsOf({ compute }: Operation, names: readonly string[]) {
  return (inputs: NamedTensors): NamedTensors => {
    const loss = (...tensors: tf.Tensor[]): tf.Tensor => {
      const result = compute({
        ...inputs,
        ...Object.fromEntries(names.map((name, i) => [name, tensors[i]])),
      });
      return tf.sum(tf.mul(result, tf.tensor(factors(result.shape), result.shape)));
    };
    const gradients = tf.grads(loss)(names.map((name) => inputs[name]));
    return Object.fromEntries(names.map((name, i) => [name, gradients[i]]));
  };
}

/** The slopes along up to twelve elements of one input, from eager results that are summed in float64. */
function slopesOf({ inputs, compute }: Operation, name: string, arrays: Arrays) {
  const lossAt = (values: Float32Array) => {
    const { result } = eager((tensors) => ({ result: compute(tensors) }), inputs, {
      ...arrays,
      [name]: values,
    });
    const weights = factors([result.length]);
    return result.reduce((sum, value, i) => sum + value * weights[i], 0);
  };
  const size = arrays[name].length;
  return Array.from({ length: Math.min(size, 12) }, (_, k) => {
    const i = Math.floor((k * size) / Math.min(size, 12));
    const moved = (distance: number) => lossAt(arrays[name].with(i, arrays[name][i] + distance));
    const near = moved(STEP) - moved(-STEP);
    const far = moved(2 * STEP) - moved(-2 * STEP);
    return { i, slope: (8 * near - far) / (12 * STEP) };
  });
}

async function compiled(
  run: (inputs: NamedTensors) => NamedTensors,
  shapes: NamedShapes,
  arrays: Arrays,
): Promise<Arrays> {
  const session = await readModel(writeOnnx(trace(run, shapes, (name) => `out/${name}`)));
  const feeds = session.inputNames.map((name) => [name, new Tensor('float32', arrays[name], shapes[name])]);
  const results = await session.run(Object.fromEntries(feeds));
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { data }]) => [name.slice('out/'.length), data as Float32Array]),
  );
}

function eager(run: (inputs: NamedTensors) => NamedTensors, shapes: NamedShapes, arrays: Arrays): Arrays {
  const results: Arrays = {};
  tf.tidy(() => {
    const tensors = Object.entries(shapes).map(([name, shape]) => [
      name,
      tf.tensor(arrays[name].slice(), [...shape]),
    ]);
    for (const [name, tensor] of Object.entries(run(Object.fromEntries(tensors)))) {
      results[name] = tensor.dataSync().slice() as Float32Array;
    }
  });
  return results;
}

function expectClose(actual: Arrays, wanted: Arrays, tolerance: number, floor: number): void {
  expect(Object.keys(actual)).toEqual(Object.keys(wanted));
  for (const [name, values] of Object.entries(wanted)) {
    expect(actual[name].length).toBe(values.length);
    values.forEach((value, i) => {
      const other = actual[name][i];
      if (Object.is(other, value)) return;
      const difference = Math.abs(other - value) / Math.max(floor, Math.abs(value));
      expect(difference, `${name}[${i}]: ${other}, ${value}`).toBeLessThan(tolerance);
    });
  }
}

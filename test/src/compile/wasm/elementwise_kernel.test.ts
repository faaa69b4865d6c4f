import { describe, expect, it } from 'vitest';
import { startBackend } from '../../../../src/compile/backends.js';
import { compileStage } from '../../../../src/compile/compile_stage.js';
import { createEagerRunner } from '../../../../src/compile/eager_runner.js';
import { LocalArrays } from '../../../../src/compile/local_arrays.js';
import type { Stage } from '../../../../src/compile/stage.js';
import { createWasmRunner } from '../../../../src/compile/wasm_runner.js';
import { adam } from '../../../../src/nn/adam.js';
import { tf } from '../../../../src/nn/tensorflow.js';
import { RandomStream } from '../../../../src/rng.js';

/** Not a multiple of four, so that the last vector is only partly used. */
const SIZE = 1003;

const ADAM: Stage = {
  name: 'adam',
  inputs: { w: [SIZE], m: [SIZE], v: [SIZE], gradient: [SIZE], stepSize: [], epsilon: [] },
  outputs: { w: [SIZE], m: [SIZE], v: [SIZE], squaredNorm: [], sum: [] },
  elementwise: true,
  run: ({ w, m, v, gradient, stepSize, epsilon }) => {
    const state = { parameters: w, firstMoments: m, secondMoments: v };
    const next = adam(state, gradient, tf.mul(stepSize, 2), epsilon);
    return {
      w: next.parameters,
      m: next.firstMoments,
      v: next.secondMoments,
      squaredNorm: tf.sum(tf.square(gradient)),
      sum: tf.sum(gradient),
    };
  },
};

function elementwise(run: Stage['run'], outputs: Stage['outputs'] = { y: [SIZE] }): Stage {
  return { name: 'test', inputs: { x: [SIZE] }, outputs, run, elementwise: true };
}

describe('an elementwise kernel', () => {
  it('computes what TensorFlow.js does, in place', async () => {
    await startBackend('cpu');
    const shapes = { all: [SIZE] };
    const local = new LocalArrays({ w: shapes, m: shapes, v: shapes, gradient: shapes });
    const stream = new RandomStream(3);
    const arrays = Object.fromEntries(['w', 'm', 'v', 'gradient'].map((name) => [name, local.get(name)]));
    for (const array of Object.values(arrays)) stream.fillNormal(array);
    arrays['v'].forEach((value, i) => {
      arrays['v'][i] = value ** 2;
    });
    const inputs = { ...arrays, stepSize: Float32Array.of(1e-3), epsilon: Float32Array.of(1e-8) };
    const outputsOf = (target: Record<'w' | 'm' | 'v', Float32Array>) => ({
      ...target,
      squaredNorm: new Float32Array(1),
      sum: new Float32Array(1),
    });
    const fresh = () => new Float32Array(SIZE);
    const wanted = outputsOf({ w: fresh(), m: fresh(), v: fresh() });
    await createEagerRunner(ADAM, 'cpu').bind(inputs, wanted)();
    const { w, m, v } = arrays;
    const actual = outputsOf({ w, m, v });
    await (await createWasmRunner(compileStage(ADAM), local.memory)).bind(inputs, actual)();
    for (const name of ['w', 'm', 'v'] as const) {
      actual[name].forEach((value, i) => {
        expect(value, `${name}[${i}]`).toBeCloseTo(wanted[name][i], 5);
      });
    }
    expect(actual.squaredNorm[0] / wanted.squaredNorm[0]).toBeCloseTo(1, 5);
    expect(actual.sum[0]).toBeCloseTo(wanted.sum[0], 3);
  });

  it('limits numbers and turns their signs', async () => {
    const local = new LocalArrays({ x: { all: [SIZE] } });
    const stage = elementwise(
      ({ x, limit }) => ({ x: tf.maximum(tf.minimum(tf.neg(x), limit), tf.abs(x)) }),
      {
        x: [SIZE],
      },
    );
    const runner = await createWasmRunner(
      compileStage({ ...stage, inputs: { x: [SIZE], limit: [] } }),
      local.memory,
    );
    const x = local.get('x');
    x.set([1, -2, 0.5, -0.25, 3]);
    await runner.bind({ x, limit: Float32Array.of(0.75) }, { x })();
    expect([...x.subarray(0, 6)]).toEqual([1, 2, 0.5, 0.25, 3, 0]);
  });

  it.each([
    ['a choice', elementwise(({ x }) => ({ y: tf.where(tf.greater(x, 0), x, 1) })), /operator Greater/],
    ['limits of Clip', elementwise(({ x }) => ({ y: tf.clipByValue(x, 0, 1) })), /operator Clip/],
    ['an operator that it does not know', elementwise(({ x }) => ({ y: tf.tanh(x) })), /operator Tanh/],
    [
      'a sum that is used',
      elementwise(({ x }) => ({ y: tf.mul(x, tf.sum(x)) })),
      /only return a sum, not use it in Mul/,
    ],
    [
      'a scalar that is not a sum',
      {
        ...elementwise(({ x, z }) => ({ y: tf.mul(x, 2), z: tf.sqrt(z) }), { y: [SIZE], z: [] }),
        inputs: { x: [SIZE], z: [] },
      },
      /must be a sum/,
    ],
  ])('is refused for %s', (_, stage, message) => {
    expect(() => compileStage(stage)).toThrow(message);
  });

  it('refuses arrays outside its memory', async () => {
    const local = new LocalArrays({ x: { all: [SIZE] } });
    const runner = await createWasmRunner(
      compileStage(elementwise(({ x }) => ({ y: tf.add(x, 1) }))),
      local.memory,
    );
    const x = new Float32Array(SIZE);
    expect(() => runner.bind({ x }, { y: x })).toThrow(
      /"x" of stage test must be one of the thread's own groups/,
    );
  });
});

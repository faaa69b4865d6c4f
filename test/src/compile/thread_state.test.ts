import { expect, it } from 'vitest';
import { prepareStage } from '../../../src/compile/backends.js';
import { LocalArrays } from '../../../src/compile/local_arrays.js';
import type { Stage } from '../../../src/compile/stage.js';
import { tf } from '../../../src/nn/tensorflow.js';

const STAGE: Stage = {
  name: 'product',
  inputs: { x: [64, 64] },
  outputs: { y: [64, 64] },
  run: ({ x }) => ({ y: tf.matMul(x, x) }),
};

/** Halves the smallest normal numbers; in flush-to-zero mode the results are 0. */
function subnormals(): { double: number; single: number } {
  const double = new Float64Array([2 ** -1022]);
  const single = new Float32Array([2 ** -126]);
  double[0] *= 0.5;
  single[0] = Math.fround(single[0] * Math.fround(0.5));
  return { double: double[0], single: single[0] };
}

it('leaves subnormal numbers alive in the thread that ran a session', async () => {
  const runner = await prepareStage(STAGE, 'compiled', new LocalArrays({}).memory);
  const run = runner.bind({ x: new Float32Array(64 * 64).fill(1e-30) }, { y: new Float32Array(64 * 64) });
  for (let i = 0; i < 3; i++) await run();
  expect(subnormals()).toEqual({ double: 2 ** -1023, single: 2 ** -127 });
  await runner.dispose();
});

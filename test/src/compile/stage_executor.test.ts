import { describe, expect, it } from 'vitest';
import { type Backend, prepareStages, startBackend } from '../../../src/compile/backends.js';
import { compileStage } from '../../../src/compile/compile_stage.js';
import { LocalArrays } from '../../../src/compile/local_arrays.js';
import { SharedArrays } from '../../../src/compile/shared_arrays.js';
import { block, type Stage } from '../../../src/compile/stage.js';
import { StageExecutor } from '../../../src/compile/stage_executor.js';
import { tf } from '../../../src/nn/tensorflow.js';

/** sums[rows] = rows · kernel + bias, of the network it is bound to. */
const PRODUCT: Stage = {
  name: 'product',
  inputs: { 'net/kernel': [2, 1], 'net/bias': [1], rows: [3, 2] },
  outputs: { sums: [3] },
  run: (tensors) => {
    const product = tf.matMul<tf.Tensor>(tensors['rows'], tensors['net/kernel']);
    return { sums: tf.reshape(tf.add(product, tensors['net/bias']), [3]) };
  },
};

/** net ← net · factor, all of it at once. */
const SCALE: Stage = {
  name: 'scale',
  inputs: { net: [3], factor: [] },
  outputs: { net: [3] },
  run: ({ net, factor }) => ({ net: tf.mul(net, factor) }),
  elementwise: true,
};

const SHAPES = { kernel: [2, 1], bias: [1] };

async function prepared(name: string) {
  const backend: Backend = await startBackend(name);
  const local = new LocalArrays({ net0: SHAPES, net1: SHAPES });
  const shared = new SharedArrays({ rows: 12, sums: 6, factor: 1 });
  const executor = new StageExecutor(local, shared);
  await prepareStages(executor, [PRODUCT, SCALE], backend);
  local.get('net0').set([1, 10, 100]);
  local.get('net1').set([2, 20, 200]);
  shared.get('rows').set([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
  shared.get('factor')[0] = 3;
  return { local, shared, executor };
}

describe.each(['compiled', 'cpu', 'wasm'])('the executor on the %s backend', (backend) => {
  it('runs a stage on the group and on the blocks of shared arrays that it is bound to', async () => {
    const { shared, executor } = await prepared(backend);
    await executor.run('product', { net: 'net1', rows: block('rows', 1), sums: block('sums', 0) });
    await executor.run('product', { net: 'net0', rows: block('rows', 0), sums: block('sums', 1) });
    expect([...shared.get('sums')]).toEqual([288, 310, 332, 111, 122, 133]);
    await executor.dispose();
  });

  it('replaces a group with an elementwise stage', async () => {
    const { local, executor } = await prepared(backend);
    await executor.run('scale', { net: 'net1' });
    expect([...local.get('net1')]).toEqual([6, 60, 600]);
    expect([...local.get('net1/bias')]).toEqual([600]);
    expect([...local.get('net0')]).toEqual([1, 10, 100]);
    await executor.dispose();
  });

  it('says what is missing or too small', async () => {
    const { executor } = await prepared(backend);
    await expect(executor.run('unknown')).rejects.toThrow('stage unknown was not prepared');
    await expect(executor.run('product', { net: 'net7' })).rejects.toThrow(
      'stage product needs "net7/kernel", which there is not',
    );
    await expect(executor.run('product', { net: 'net0', rows: block('rows', 2) })).rejects.toThrow(
      'needs 18 numbers of "rows", which holds 12',
    );
    await expect(executor.run('scale', { net: 'net0/kernel' })).rejects.toThrow(
      'needs 3 numbers of "net0/kernel", which holds 2',
    );
    await executor.dispose();
  });
});

it('refuses to compile a stage that replaces an input unless it is elementwise', () => {
  expect(() => compileStage({ ...SCALE, elementwise: false })).toThrow(
    'stage scale replaces "net", which only an elementwise stage can do',
  );
});

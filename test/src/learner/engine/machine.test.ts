import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareStage, startBackend } from '../../../../src/compile/backends.js';
import { compileStage } from '../../../../src/compile/compile_stage.js';
import { LocalArrays } from '../../../../src/compile/local_arrays.js';
import { SharedArrays } from '../../../../src/compile/shared_arrays.js';
import type { Stage } from '../../../../src/compile/stage.js';
import { Machine } from '../../../../src/learner/engine/machine.js';
import type { Operation, Place } from '../../../../src/learner/engine/program.js';
import { tf } from '../../../../src/nn/tensorflow.js';
import { Progress } from '../../../../src/threads/progress.js';

/** sums[rows] = rows · kernel + bias. */
const PRODUCT: Stage = {
  name: 'product',
  inputs: { kernel: [2, 1], bias: [1], rows: [3, 2] },
  outputs: { sums: [3] },
  run: ({ rows, kernel, bias }) => ({
    sums: tf.reshape(tf.add(tf.matMul<tf.Tensor>(rows, kernel), bias), [3]),
  }),
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

type StageOperation = Extract<Operation, { kind: 'stage' }>;

const own = (name: string): Place => ({ in: 'own', name });
const shared = (name: string, start: number, size: number): Place => ({ in: 'shared', name, start, size });

/** The product of a network with a block of six of the shared rows, into a block of three of the sums. */
function product(
  net: string,
  rows: number,
  sums: number,
  only: { member: number } | null = null,
): StageOperation {
  return {
    kind: 'stage',
    stage: 'product',
    inputs: {
      kernel: own(`${net}/kernel`),
      bias: own(`${net}/bias`),
      rows: shared('rows', 6 * rows, 6),
    },
    outputs: { sums: shared('sums', 3 * sums, 3) },
    only: only && { drawn: { name: 'drawn', start: 1, count: 2 }, member: only.member },
  };
}

describe.each(['compiled', 'cpu', 'wasm'])('a machine on the %s backend', (name) => {
  let machine: Machine;
  const dualSteps: number[][] = [];
  beforeAll(async () => {
    const backend = await startBackend(name);
    const local = new LocalArrays({ net0: SHAPES, net1: SHAPES });
    const memory = new SharedArrays({ rows: 12, sums: 6, factor: 1, drawn: 3 });
    machine = new Machine(local, memory, new Progress(0, 1), (step, update) =>
      dualSteps.push([step, update]),
    );
    for (const stage of [PRODUCT, SCALE]) machine.add(await prepareStage(stage, backend, local.memory));
    local.get('net0').set([1, 10, 100]);
    local.get('net1').set([2, 20, 200]);
    memory.get('rows').set([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
    memory.get('factor')[0] = 3;
  });
  afterAll(() => machine.dispose());

  async function run(program: Operation[]): Promise<number[]> {
    machine.load('program', program);
    await machine.run('program');
    return [...machine.shared.get('sums')];
  }

  it('runs stages on the groups and on the blocks of shared arrays that they are bound to', async () => {
    const sums = await run([product('net1', 1, 0), product('net0', 0, 1), { kind: 'meet', count: 2 }]);
    expect(sums).toEqual([288, 310, 332, 111, 122, 133]);
  });

  it('leaves a stage out for a member that was not drawn, and finds the block of one that was', async () => {
    machine.shared.get('sums').fill(-1);
    machine.shared.get('drawn').set([9, 1, 0]);
    const chosen: Operation = {
      ...product('net0', 0, 0),
      inputs: {
        kernel: own('net0/kernel'),
        bias: own('net0/bias'),
        rows: {
          in: 'chosen',
          name: 'rows',
          starts: [0, 6],
          size: 6,
          drawn: { name: 'drawn', start: 1, count: 2 },
          index: 0,
        },
      },
    };
    expect(await run([chosen, product('net1', 0, 1, { member: 2 })])).toEqual([144, 155, 166, -1, -1, -1]);
    // The draw is looked at when the program runs, not when it is loaded.
    machine.shared.get('drawn').set([9, 0, 2]);
    await machine.run('program');
    expect([...machine.shared.get('sums')]).toEqual([111, 122, 133, 222, 244, 266]);
  });

  it('copies, and steps dual variables, in the order of the program', async () => {
    await run([
      { kind: 'dual-step', step: 1, update: 4 },
      { kind: 'copy', from: own('net0'), to: shared('sums', 3, 3) },
    ]);
    expect([...machine.shared.get('sums').slice(3)]).toEqual([1, 10, 100]);
    expect(dualSteps).toEqual([[1, 4]]);
  });

  it('replaces a group with an elementwise stage', async () => {
    const places = { net: own('net1') };
    await run([
      {
        kind: 'stage',
        stage: 'scale',
        inputs: { ...places, factor: shared('factor', 0, 1) },
        outputs: places,
        only: null,
      },
    ]);
    expect([...machine.local.get('net1')]).toEqual([6, 60, 600]);
    expect([...machine.local.get('net1/bias')]).toEqual([600]);
    expect([...machine.local.get('net0')]).toEqual([1, 10, 100]);
  });

  it('says what is missing or too small when a program is loaded', () => {
    const load = (operation: Operation) => () => machine.load('bad', [operation]);
    expect(load({ ...product('net0', 0, 0), stage: 'unknown' })).toThrow('stage unknown was not prepared');
    expect(load(product('net7', 0, 0))).toThrow('no array is called "net7/kernel"');
    expect(load(product('net0', 2, 0))).toThrow('"rows" holds 12 numbers, not 18');
    expect(load({ ...product('net0', 0, 0), outputs: {} })).toThrow(
      'stage product: nothing is bound to its "sums"',
    );
    expect(load({ ...product('net0', 0, 0), outputs: { sums: own('net0/kernel') } })).toThrow(
      'stage product needs 3 numbers of "net0/kernel", which holds 2',
    );
    expect(load({ kind: 'copy', from: own('net0'), to: shared('sums', 4, 3) })).toThrow(
      '"sums" holds 6 numbers, not 7',
    );
  });
});

it('refuses to compile a stage that replaces an input unless it is elementwise', () => {
  expect(() => compileStage({ ...SCALE, elementwise: false })).toThrow(
    'stage scale replaces "net", which only an elementwise stage can do',
  );
});

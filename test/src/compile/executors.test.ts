import { describe, expect, it } from 'vitest';
import { createExecutor, parseBackend } from '../../../src/compile/backends.js';
import type { Stage } from '../../../src/compile/stage.js';
import { tf } from '../../../src/nn/tensorflow.js';

/** `state` ← state · 2 + step; reports the old state's sum. */
const STAGE: Stage = {
  name: 'double',
  inputs: { 'net/state': [2], step: [] },
  outputs: { 'net/state': [2], total: [] },
  run: (tensors) => ({
    'net/state': tf.add(tf.mul(tensors['net/state'], 2), tensors['step']),
    total: tf.sum(tensors['net/state']),
  }),
};

async function prepared(backend: string) {
  const executor = await createExecutor(backend, 1);
  await executor.prepare([STAGE]);
  executor.write('net0/state', Float32Array.of(1, 2), [2]);
  executor.write('net1/state', Float32Array.of(10, 20), [2]);
  executor.write('step', Float32Array.of(1), []);
  return executor;
}

describe.each(['compiled', 'cpu', 'wasm'])('the %s executor', (backend) => {
  it('replaces what an output has the name of, for the member it is bound to', async () => {
    const executor = await prepared(backend);
    for (let i = 0; i < 3; i++) await executor.run(STAGE, { net: 'net0', total: 'total0' });
    await executor.run(STAGE, { net: 'net1', total: 'total1' });
    expect([...executor.read('net0/state')]).toEqual([15, 23]);
    expect([...executor.read('net1/state')]).toEqual([21, 41]);
    expect([...executor.read('total0')]).toEqual([18]);
    expect([...executor.read('total1')]).toEqual([30]);
    await executor.dispose();
  });

  it('gives copies and takes copies', async () => {
    const executor = await prepared(backend);
    const values = Float32Array.of(5, 6);
    executor.write('net0/state', values, [2]);
    values.fill(0);
    executor.read('net0/state').fill(0);
    expect([...executor.read('net0/state')]).toEqual([5, 6]);
    await executor.dispose();
  });

  it('says which input is missing or has the wrong shape, and which value the wrong size', async () => {
    const executor = await prepared(backend);
    await expect(executor.run(STAGE, { net: 'net7' })).rejects.toThrow(
      /double needs "net7\/state".*never written/,
    );
    executor.write('square/state', new Float32Array(4), [2, 2]);
    await expect(executor.run(STAGE, { net: 'square' })).rejects.toThrow(
      /"square\/state".*wrong shape \[2,2\]/,
    );
    expect(() => executor.write('net0/state', new Float32Array(3), [2])).toThrow(
      /"net0\/state" holds 2 numbers.*not 3/,
    );
    expect(() => executor.read('nothing')).toThrow(/"nothing"/);
    await executor.dispose();
  });
});

describe('backends', () => {
  it('lists the valid names when one is unknown', () => {
    expect(() => parseBackend('cuda')).toThrow(
      'unknown backend "cuda"; valid backends: compiled, cpu, wasm, tensorflow, tfjs-node, tfjs-node-gpu',
    );
  });

  it.each([
    ['tfjs-node', '@tensorflow/tfjs-node'],
    ['tfjs-node-gpu', '@tensorflow/tfjs-node-gpu'],
  ])('%s names the package it needs', async (backend, name) => {
    expect(parseBackend(backend)).toBe('tensorflow');
    const installed = await import(name).then(
      () => true,
      () => false,
    );
    if (!installed) await expect(createExecutor(backend, 1)).rejects.toThrow(`npm install ${name}`);
  });
});

import { describe, expect, it } from 'vitest';
import { parseBackend, startBackend } from '../../../src/compile/backends.js';

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
    if (!installed) await expect(startBackend(backend)).rejects.toThrow(`npm install ${name}`);
  });
});

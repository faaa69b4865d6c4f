import { describe, expect, it } from 'vitest';
import { parseBackend, startBackend } from '../../../src/compile/backends.js';
import { UserError } from '../../../src/errors.js';

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
    if (installed) return;
    const attempt = startBackend(backend);
    await expect(attempt).rejects.toThrow(UserError);
    await expect(attempt).rejects.toThrow(`npm install --no-save --ignore-scripts=false ${name}`);
  });
});

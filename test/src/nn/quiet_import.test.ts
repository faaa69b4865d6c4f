import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('TensorFlow.js prints nothing when it makes its first tensor', async () => {
  const module = new URL('../../../dist/src/nn/tensorflow.js', import.meta.url).href;
  const script = `const { tf } = await import(${JSON.stringify(module)});
    await tf.setBackend('cpu');
    console.log(tf.tensor1d([1, 2]).square().dataSync().join());`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    script,
  ]);
  expect(stdout).toBe('1,4\n');
  expect(stderr).toBe('');
});

import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** Packages, out of those that take long to load, that a module of the built program loads when it is imported. */
function heavyPackagesOf(module: string): string[] {
  const program = `
    import { createRequire } from 'node:module';
    await import('./dist/${module}');
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    console.log(JSON.stringify(loaded));`;
  const output = execFileSync('node', ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  const loaded: string[] = JSON.parse(output);
  return ['tfjs', 'onnxruntime-node', 'onnx-proto'].filter((name) =>
    loaded.some((path) => path.includes(`/${name}/`)),
  );
}

test.each([
  'src/config/load.js',
  'src/algorithms/registry.js',
  'src/commands/runs.js',
  'src/commands/data.js',
])('%s waits for no TensorFlow.js and no ONNX Runtime', (module) => {
  expect(heavyPackagesOf(module)).toEqual([]);
});

import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { Graph } from '../../../../src/compile/graph.js';
import { writeOnnx } from '../../../../src/compile/onnx_writer.js';
import { readModel } from '../../../../src/runtime/node/onnx.js';

/** ONNX Runtime opens this file when it begins to report. */
const TRACE = join(tmpdir(), `mat-debug-${process.pid}.log`);

afterEach(() => vi.unstubAllEnvs());

it('a session reports nothing', async () => {
  vi.stubEnv('CI', undefined); // there it never reports
  const graph = new Graph();
  graph.outputs.push({ name: graph.input('x', [1]), shape: [1] });
  await (await readModel(writeOnnx(graph))).release();
  expect(existsSync(TRACE)).toBe(false);
});

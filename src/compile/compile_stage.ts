import type { Provider } from '../runtime/contract.js';
import { outputPort } from './onnx_runner.js';
import { writeOnnx } from './onnx_writer.js';
import { workInRowBlocks } from './row_blocks.js';
import type { CompiledStage, Stage } from './stage.js';
import { trace } from './trace.js';
import { writeElementwiseKernel } from './wasm/elementwise_kernel.js';

/** Traces a stage and writes it as code for a provider of ONNX Runtime, or for WebAssembly if it is elementwise. */
export function compileStage(
  { name, inputs, outputs, run, elementwise, graph: traced }: Stage,
  provider: Provider = 'cpu',
): CompiledStage {
  const replaced = Object.keys(outputs).find((port) => port in inputs);
  if (replaced && !elementwise) {
    throw new Error(`stage ${name} replaces "${replaced}", which only an elementwise stage can do`);
  }
  const graph = traced ?? trace(run, inputs, outputPort);
  const format = elementwise ? 'wasm' : 'onnx';
  if (!elementwise && provider === 'cpu') workInRowBlocks(graph);
  const code = elementwise ? writeElementwiseKernel(graph) : writeOnnx(graph);
  return { name, inputs, outputs, format, code };
}

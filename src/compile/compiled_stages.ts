import type { Provider } from '../runtime/contract.js';
import { createOnnxRunner } from './onnx_runner.js';
import type { CompiledStage, StageRunner } from './stage.js';
import { createWasmRunner } from './wasm_runner.js';

/**
 * Makes a compiled stage ready to be run. The provider runs all but the elementwise ones, which do too little with each
 * number to send it anywhere, and whose arrays lie in `memory`. Needs no TensorFlow.js, so that worker threads start fast.
 */
export function loadStage(
  stage: CompiledStage,
  memory: WebAssembly.Memory,
  provider: Provider = 'cpu',
): Promise<StageRunner> {
  return stage.format === 'wasm' ? createWasmRunner(stage, memory) : createOnnxRunner(stage, provider);
}

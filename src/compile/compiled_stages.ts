import { createOnnxRunner } from './onnx_runner.js';
import type { Provider } from './session.js';
import type { CompiledStage } from './stage.js';
import type { StageExecutor } from './stage_executor.js';
import { createWasmRunner } from './wasm_runner.js';

/**
 * Makes compiled stages ready to be run by the executor. The provider runs all but the elementwise ones, which do too
 * little with each number to send it anywhere. Needs no TensorFlow.js, so that worker threads start fast.
 */
export async function addCompiledStages(
  executor: StageExecutor,
  stages: readonly CompiledStage[],
  provider: Provider = 'cpu',
): Promise<void> {
  for (const stage of stages) {
    executor.add(
      stage.format === 'wasm'
        ? await createWasmRunner(stage, executor.local.memory)
        : await createOnnxRunner(stage, provider),
    );
  }
}

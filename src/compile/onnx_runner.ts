import type { NamedShapes } from '../nn/parameters.js';
import type { NamedData, Provider } from '../runtime/contract.js';
import { createSession } from '../runtime/onnx.js';
import type { CompiledStage, NamedArrays, StageRunner } from './stage.js';

/** The name of an output in the graph, which must not be that of an input, even if it is that input's next value. */
export function outputPort(name: string): string {
  return `next/${name}`;
}

/**
 * Prepares a stage for ONNX Runtime. An output must never be written over an input: ONNX Runtime accepts that and then
 * computes subtly wrong gradients.
 */
export async function createOnnxRunner(
  { name, inputs, outputs, code }: CompiledStage,
  provider: Provider = 'cpu',
): Promise<StageRunner> {
  const session = await createSession(code, provider);
  return {
    name,
    inputs,
    outputs,
    bind: (inputArrays, outputArrays) =>
      session.bind(
        dataOf(inputs, inputArrays, (port) => port),
        dataOf(outputs, outputArrays, outputPort),
      ),
    dispose: () => session.release(),
  };
}

/** The arrays of the ports, by their names in the graph. */
function dataOf(shapes: NamedShapes, arrays: NamedArrays, nameOf: (port: string) => string): NamedData {
  const ports = Object.entries(shapes);
  return Object.fromEntries(ports.map(([port, shape]) => [nameOf(port), { data: arrays[port], shape }]));
}

import { sizeOf } from '../nn/parameters.js';
import type { CompiledStage, NamedArrays, StageRunner } from './stage.js';
import { kernelPorts } from './wasm/kernel_ports.js';

type Kernel = (bytes: number, ...parameters: number[]) => undefined | number | Iterable<number>;

/** Prepares an elementwise stage, whose arrays must lie in this memory; its scalars may lie anywhere. */
export async function createWasmRunner(
  { name, inputs, outputs, code }: CompiledStage,
  memory: WebAssembly.Memory,
): Promise<StageRunner> {
  const imports = { memory: { memory } };
  const { instance } = await WebAssembly.instantiate(code as Uint8Array<ArrayBuffer>, imports);
  const kernel = instance.exports['run'] as Kernel;
  const { arraysIn, arraysOut, scalarsIn, scalarsOut } = kernelPorts(inputs, outputs);
  const bytes = sizeOf(inputs[arraysIn[0]]) * Float32Array.BYTES_PER_ELEMENT;
  const address = (port: string, array: Float32Array) => {
    if (array.buffer === memory.buffer) return array.byteOffset;
    throw new Error(`"${port}" of stage ${name} must be one of the thread's own groups`);
  };
  return {
    name,
    inputs,
    outputs,
    bind(inputArrays: NamedArrays, outputArrays: NamedArrays) {
      const addresses = [
        ...arraysIn.map((port) => address(port, inputArrays[port])),
        ...arraysOut.map((port) => address(port, outputArrays[port])),
      ];
      const scalars = scalarsIn.map((port) => inputArrays[port]);
      return () => {
        const sums = kernel(bytes, ...addresses, ...scalars.map((scalar) => scalar[0]));
        // WebAssembly returns a single result as it is, and several as something to iterate over.
        const values = typeof sums === 'number' ? [sums] : [...(sums ?? [])];
        scalarsOut.forEach((port, i) => {
          outputArrays[port][0] = values[i];
        });
      };
    },
    async dispose() {},
  };
}

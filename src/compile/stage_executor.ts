import { type NamedShapes, sizeOf } from '../nn/parameters.js';
import type { LocalArrays } from './local_arrays.js';
import type { SharedArrays } from './shared_arrays.js';
import { type Binding, bound, type StageSignature } from './stage.js';

export type NamedArrays = Record<string, Float32Array>;

/** Something that can compute one stage. */
export interface StageRunner extends StageSignature {
  /** Reads the inputs and fills the outputs, each an array of its port's size that stays the same from run to run. */
  run(inputs: NamedArrays, outputs: NamedArrays): Promise<void> | void;
  dispose(): Promise<void>;
}

/** A stage's input or output. */
interface Port {
  name: string;
  size: number;
  /** Stands in for a shared array, once one was bound to it. */
  copy: Float32Array | undefined;
}

interface PreparedStage {
  runner: StageRunner;
  inputs: readonly Port[];
  outputs: readonly Port[];
}

/**
 * Runs stages on one thread's own arrays and on those that all threads share. Shared ones are copied before and after
 * a run, since native libraries refuse memory that other threads can write to; so they should be small.
 */
export class StageExecutor {
  private readonly stages = new Map<string, PreparedStage>();

  constructor(
    readonly local: LocalArrays,
    readonly shared: SharedArrays,
  ) {}

  add(runner: StageRunner): void {
    const stage = { runner, inputs: portsOf(runner.inputs), outputs: portsOf(runner.outputs) };
    this.stages.set(runner.name, stage);
  }

  /** Runs a stage, one at a time. Throws, naming stage and array, if one is missing or of another size. */
  async run(name: string, binding: Binding = {}): Promise<void> {
    const stage = this.stages.get(name);
    if (!stage) throw new Error(`stage ${name} was not prepared`);
    const inputs: NamedArrays = {};
    const outputs: NamedArrays = {};
    const shared: { copy: Float32Array; original: Float32Array }[] = [];
    for (const port of stage.inputs) {
      const { array, original } = this.find(name, port, binding);
      if (original) array.set(original);
      inputs[port.name] = array;
    }
    for (const port of stage.outputs) {
      const { array, original } = this.find(name, port, binding);
      if (original) shared.push({ copy: array, original });
      outputs[port.name] = array;
    }
    await stage.runner.run(inputs, outputs);
    for (const { copy, original } of shared) original.set(copy);
  }

  async dispose(): Promise<void> {
    for (const { runner } of this.stages.values()) await runner.dispose();
    this.stages.clear();
  }

  /** The array that a port means in this run; for a shared one a private copy, and the original beside it. */
  private find(
    stage: string,
    port: Port,
    binding: Binding,
  ): { array: Float32Array; original?: Float32Array } {
    const { size } = port;
    const { name, index } = bound(port.name, binding);
    const own = this.local.find(name);
    if (own) {
      if (own.length !== size) throw sizeError(stage, name, size, own.length);
      return { array: own };
    }
    const whole = this.shared.find(name);
    if (!whole) throw new Error(`stage ${stage} needs "${name}", which there is not`);
    const end = size * (index + 1);
    if (end > whole.length) throw sizeError(stage, name, end, whole.length);
    port.copy ??= new Float32Array(size);
    return { array: port.copy, original: whole.subarray(end - size, end) };
  }
}

function portsOf(shapes: NamedShapes): Port[] {
  return Object.entries(shapes).map(([name, shape]) => ({ name, size: sizeOf(shape), copy: undefined }));
}

function sizeError(stage: string, name: string, wanted: number, found: number): Error {
  return new Error(`stage ${stage} needs ${wanted} numbers of "${name}", which holds ${found}`);
}

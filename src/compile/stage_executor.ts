import { sizeOf } from '../nn/parameters.js';
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

/**
 * Runs stages on one thread's own arrays and on those that all threads share. Shared ones are copied before and after
 * a run, since native libraries refuse memory that other threads can write to; so they should be small.
 */
export class StageExecutor {
  private readonly runners = new Map<string, StageRunner>();
  private readonly copies = new Map<string, Float32Array>();

  constructor(
    readonly local: LocalArrays,
    readonly shared: SharedArrays,
  ) {}

  add(runner: StageRunner): void {
    this.runners.set(runner.name, runner);
  }

  /** Runs a stage, one at a time. Throws, naming stage and array, if one is missing or of another size. */
  async run(stage: string, binding: Binding = {}): Promise<void> {
    const runner = this.runners.get(stage);
    if (!runner) throw new Error(`stage ${stage} was not prepared`);
    const inputs: NamedArrays = {};
    const outputs: NamedArrays = {};
    const shared: { copy: Float32Array; original: Float32Array }[] = [];
    for (const [port, shape] of Object.entries(runner.inputs)) {
      const { array, original } = this.find(runner, port, sizeOf(shape), binding);
      if (original) array.set(original);
      inputs[port] = array;
    }
    for (const [port, shape] of Object.entries(runner.outputs)) {
      const { array, original } = this.find(runner, port, sizeOf(shape), binding);
      if (original) shared.push({ copy: array, original });
      outputs[port] = array;
    }
    await runner.run(inputs, outputs);
    for (const { copy, original } of shared) original.set(copy);
  }

  async dispose(): Promise<void> {
    for (const runner of this.runners.values()) await runner.dispose();
    this.runners.clear();
  }

  /** The array that a port means in this run; for a shared one a private copy, and the original beside it. */
  private find(
    { name: stage }: StageSignature,
    port: string,
    size: number,
    binding: Binding,
  ): { array: Float32Array; original?: Float32Array } {
    const { name, index } = bound(port, binding);
    const own = this.local.find(name);
    if (own) {
      if (own.length !== size) throw sizeError(stage, name, size, own.length);
      return { array: own };
    }
    const whole = this.shared.find(name);
    if (!whole) throw new Error(`stage ${stage} needs "${name}", which there is not`);
    if (size * (index + 1) > whole.length) throw sizeError(stage, name, size * (index + 1), whole.length);
    const key = `${stage} ${port}`;
    let copy = this.copies.get(key);
    if (!copy) {
      copy = new Float32Array(size);
      this.copies.set(key, copy);
    }
    return { array: copy, original: whole.subarray(index * size, (index + 1) * size) };
  }
}

function sizeError(stage: string, name: string, wanted: number, found: number): Error {
  return new Error(`stage ${stage} needs ${wanted} numbers of "${name}", which holds ${found}`);
}

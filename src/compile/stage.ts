import type { NamedShapes, NamedTensors } from '../nn/parameters.js';

/**
 * One step of an algorithm: a pure function of named tensors of fixed shapes, written in TensorFlow.js.
 * An output that carries an input's name is that input's next value; any other output is a new value.
 * Names are paths such as `critic/hidden0/kernel`; all that begins alike is a group, which can be bound to another
 * group when the stage is run, so that one stage serves every member of an ensemble.
 */
export interface Stage {
  name: string;
  inputs: NamedShapes;
  outputs: NamedShapes;
  run(inputs: NamedTensors): NamedTensors;
  /** Threads of its compiled session, if not the executor's. */
  threads?: number;
}

/** Which stored group, or single value, each of a stage's groups means in one run; those left out mean themselves. */
export type Binding = Readonly<Record<string, string>>;

/** The stored name of a stage's input or output. */
export function boundName(name: string, binding: Binding): string {
  const slash = name.indexOf('/');
  const group = slash < 0 ? name : name.slice(0, slash);
  const target = binding[group];
  if (target === undefined) return name;
  return slash < 0 ? target : target + name.slice(slash);
}

/** Holds named float32 arrays and runs stages on them. */
export interface StageExecutor {
  /** Makes room for the stages' values and compiles what needs compiling. */
  prepare(stages: readonly Stage[]): Promise<void>;

  /** Stores a copy of `values` under `name`, with this shape the first time. Throws if the size does not fit. */
  write(name: string, values: Float32Array, shape: readonly number[]): void;

  /** A copy of the stored value. Throws if there is none. */
  read(name: string): Float32Array;

  /** Runs a prepared stage, one at a time. Throws, naming stage and input, if an input is missing or misshapen. */
  run(stage: Stage, binding?: Binding): Promise<void>;

  /** Frees what lies outside JavaScript's memory. */
  dispose(): Promise<void>;
}

/** The message for a stage's input that is missing from the store or has another shape there. */
export function inputError(stage: Stage, name: string, found: readonly number[] | undefined): Error {
  const wanted = `stage ${stage.name} needs "${name}"`;
  return new Error(
    found ? `${wanted}, which has the wrong shape [${found}]` : `${wanted}, which was never written`,
  );
}

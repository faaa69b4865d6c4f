import type { NamedShapes, NamedTensors } from '../nn/parameters.js';

/**
 * What a stage takes and gives. Names are paths such as `critic/hidden0/kernel`; what begins alike is a group, whose
 * arrays lie end to end in memory: `critic` alone, with a shape of one dimension, means all of it.
 */
export interface StageSignature {
  name: string;
  inputs: NamedShapes;
  outputs: NamedShapes;
}

/** One step of an algorithm: a pure function of named tensors of fixed shapes, written in TensorFlow.js. */
export interface Stage extends StageSignature {
  run(inputs: NamedTensors): NamedTensors;
  /**
   * Whether it only computes element by element, and sums over everything. Such a stage may write its outputs over its
   * inputs, and is compiled to one pass over memory.
   */
  elementwise?: boolean;
}

/** A stage that needs no TensorFlow.js any more and can be sent to another thread. */
export interface CompiledStage extends StageSignature {
  format: 'onnx' | 'wasm';
  code: Uint8Array;
}

/**
 * What each of a stage's groups or arrays means in one run; those left out mean themselves. `name@i` is block i of
 * the array `name`, cut into blocks of the size that the stage takes.
 */
export type Binding = Readonly<Record<string, string>>;

/** Block `index` of a stored array, for a {@link Binding}. */
export function block(name: string, index: number): string {
  return `${name}@${index}`;
}

/** The stored name of a stage's input or output, and which block of it. */
export function bound(port: string, binding: Binding): { name: string; index: number } {
  const slash = port.indexOf('/');
  const target = binding[slash < 0 ? port : port.slice(0, slash)];
  if (target === undefined) return { name: port, index: 0 };
  const at = target.indexOf('@');
  if (at < 0) return { name: slash < 0 ? target : target + port.slice(slash), index: 0 };
  return { name: target.slice(0, at), index: Number(target.slice(at + 1)) };
}

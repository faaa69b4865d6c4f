import type { NamedShapes, NamedTensors } from '../nn/parameters.js';
import type { Graph } from './graph.js';

/**
 * The inputs and outputs of a stage. Names are paths such as `critic/hidden0/kernel`. Paths with the same first part
 * are a group, whose arrays lie end to end in memory: `critic` alone, with a shape of one dimension, means all of it.
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
   * True if it only computes element by element, and sums over everything. Such a stage may write its outputs over its
   * inputs, and is compiled to one pass over memory.
   */
  elementwise?: boolean;
  /** The graph of `run`, where it was traced before to learn the inputs. */
  graph?: Graph;
}

/** A stage that needs no TensorFlow.js any more and can be sent to another thread. */
export interface CompiledStage extends StageSignature {
  format: 'onnx' | 'wasm';
  code: Uint8Array;
}

export type NamedArrays = Record<string, Float32Array>;

/** A stage on given arrays: reads its inputs and fills its outputs. */
export type BoundStage = () => Promise<void> | void;

/** A stage made ready to compute. */
export interface StageRunner extends StageSignature {
  /** The stage on these arrays, each of its port's size, which must stay where they are. */
  bind(inputs: NamedArrays, outputs: NamedArrays): BoundStage;
  dispose(): Promise<void>;
}

import type { tf } from '../../nn/tensorflow.js';

/** The numbers that networks see of an observation, before it is normalised: its own, and others that follow from them. */
export interface ObservationView {
  /** Numbers that networks see: the observation's `observationDim`, and then the others. */
  readonly seenDim: number;

  /** Writes what is seen [rows, seenDim] of `observations` [rows, observationDim] into `seen`. */
  write(observations: Float32Array, seen: Float32Array): void;

  /** The same as part of a graph: [rows, observationDim] → [rows, seenDim]. */
  apply(observations: tf.Tensor): tf.Tensor;
}

/** Observations as they are. */
export function plainView(observationDim: number): ObservationView {
  return {
    seenDim: observationDim,
    write: (observations, seen) => seen.set(observations),
    apply: (observations) => observations,
  };
}

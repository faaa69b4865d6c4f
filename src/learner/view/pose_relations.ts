import { tf } from '../../nn/tensorflow.js';
import type { ObservationView } from './observation_view.js';
import { type Relation, relationsInGraph } from './relations_in_graph.js';
import { writeCubeTurn, writeTurn, writeWay } from './relations_in_rows.js';

/** The places in an observation where the entries of related things begin. */
export interface RelatedThings {
  /** Poses (position 3, quaternion wxyz 4) of what looks different from every side. */
  frames: readonly number[];
  /** Poses of cubes. */
  cubes: readonly number[];
  /** Positions (3), also of what is turned without looking different. */
  places: readonly number[];
}

/** Numbers of a way and of a turn, and of a cube's turn, each of which is there coarse and fine. */
const WAY = 6;
const TURN = 6;
const CUBE_TURN = 15;

/**
 * Observations, and beside them where each thing is in every frame, how frames are turned against each other, and how cubes are
 * turned in frames, quarter turns aside: what a network would have to find out from products of its inputs, and needs to
 * fractions of a millimetre where things fit into each other. What is small where things are in place is there twice: in
 * proportion, and as x / (near + |x|), which tells small differences apart.
 */
export class PoseRelations implements ObservationView {
  readonly seenDim: number;
  private readonly ways: readonly Relation[];
  private readonly turns: readonly Relation[];
  private readonly cubeTurns: readonly Relation[];

  constructor(
    private readonly observationDim: number,
    { frames, cubes, places }: RelatedThings,
  ) {
    const things = [...frames, ...cubes, ...places];
    const pairs = (others: readonly number[]) =>
      frames.flatMap((frame) => others.filter((thing) => thing !== frame).map((thing) => ({ frame, thing })));
    this.ways = pairs(things);
    // The turn from one to the other tells the turn back.
    this.turns = pairs(frames).filter(({ frame, thing }) => frame < thing);
    this.cubeTurns = pairs(cubes);
    this.seenDim =
      observationDim + WAY * this.ways.length + TURN * this.turns.length + CUBE_TURN * this.cubeTurns.length;
  }

  write(observations: Float32Array, seen: Float32Array): void {
    const { observationDim, seenDim } = this;
    const rows = observations.length / observationDim;
    for (let row = 0; row < rows; row++) {
      const from = row * observationDim;
      let to = row * seenDim;
      for (let i = 0; i < observationDim; i++) seen[to + i] = observations[from + i];
      to += observationDim;
      for (const { frame, thing } of this.ways) {
        writeWay(observations, from + frame, from + thing, seen, to);
        to += WAY;
      }
      for (const { frame, thing } of this.turns) {
        writeTurn(observations, from + frame, from + thing, seen, to);
        to += TURN;
      }
      for (const { frame, thing } of this.cubeTurns) {
        writeCubeTurn(observations, from + frame, from + thing, seen, to);
        to += CUBE_TURN;
      }
    }
  }

  apply(observations: tf.Tensor): tf.Tensor {
    return tf.concat(
      [observations, ...relationsInGraph(observations, this.ways, this.turns, this.cubeTurns)],
      1,
    );
  }
}

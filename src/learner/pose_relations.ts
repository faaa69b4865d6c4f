import { tf } from '../nn/tensorflow.js';
import type { ObservationView } from './observation_view.js';

/** Typical distances and angles, which are seen as 1. Metres, radians. */
const FAR = 0.1;
const TURNED = 1;
/** Distances and angles at which something is nearly in place: their fine copies are seen as ½. */
const NEAR = 0.01;
const ALIGNED = 0.05;

/** The places in an observation where the entries of poses (position 3, quaternion wxyz 4) and of places (position 3) begin. */
export interface PosesAndPlaces {
  poses: readonly number[];
  places: readonly number[];
}

/** One thing as seen from another, by the places where their entries begin. */
interface Relation {
  frame: number;
  thing: number;
}

/**
 * Observations, and beside them where each thing is in the frame of every pose, and how poses are turned against each other: what
 * a network would have to find out from products of its inputs, and needs to fractions of a millimetre where parts fit
 * into each other. Each number is there twice: in proportion, and as x / (NEAR + |x|), which tells small differences apart.
 */
export class PoseRelations implements ObservationView {
  readonly seenDim: number;
  /** Things in frames, and pairs of poses, whose turn is needed once. */
  private readonly ways: readonly Relation[];
  private readonly turns: readonly Relation[];

  constructor(
    private readonly observationDim: number,
    { poses, places }: PosesAndPlaces,
  ) {
    this.ways = poses.flatMap((frame) =>
      [...poses, ...places].filter((thing) => thing !== frame).map((thing) => ({ frame, thing })),
    );
    this.turns = poses.flatMap((frame, i) => poses.slice(i + 1).map((thing) => ({ frame, thing })));
    this.seenDim = observationDim + 6 * (this.ways.length + this.turns.length);
  }

  write(observations: Float32Array, seen: Float32Array): void {
    const { observationDim, seenDim } = this;
    const rows = observations.length / observationDim;
    for (let row = 0; row < rows; row++) {
      const from = row * observationDim;
      const to = row * seenDim;
      for (let i = 0; i < observationDim; i++) seen[to + i] = observations[from + i];
      this.writeRelations(observations, from, seen, to + observationDim);
    }
  }

  apply(observations: tf.Tensor): tf.Tensor {
    const column = (offsets: readonly number[]) =>
      tf.gather(observations, tf.tensor1d([...offsets], 'int32'), 1);
    const frames = (relations: readonly Relation[], entry: number) =>
      column(relations.map(({ frame }) => frame + entry));
    const things = (relations: readonly Relation[], entry: number) =>
      column(relations.map(({ thing }) => thing + entry));
    const { ways, turns } = this;
    const [w, x, y, z] = [3, 4, 5, 6].map((entry) => frames(ways, entry));
    const [dx, dy, dz] = [0, 1, 2].map((axis) => tf.sub(things(ways, axis), frames(ways, axis)));
    const way = turnedBack(w, x, y, z, dx, dy, dz);
    const [qw, qx, qy, qz] = [3, 4, 5, 6].map((entry) => frames(turns, entry));
    const [pw, px, py, pz] = [3, 4, 5, 6].map((entry) => things(turns, entry));
    const turn = relativeTurn(qw, qx, qy, qz, pw, px, py, pz);
    return tf.concat(
      [
        observations,
        ...way.map((part) => tf.div(part, FAR)),
        ...way.map((part) => fine(part, NEAR)),
        ...turn.map((part) => tf.div(part, TURNED)),
        ...turn.map((part) => fine(part, ALIGNED)),
      ],
      1,
    );
  }

  /** Writes the relations of the observation that begins at `from` to `seen`, from `to` on. */
  private writeRelations(o: Float32Array, from: number, seen: Float32Array, to: number): void {
    const ways = this.ways.length;
    for (let i = 0; i < ways; i++) {
      const f = from + this.ways[i].frame;
      const t = from + this.ways[i].thing;
      const [w, x, y, z] = [o[f + 3], o[f + 4], o[f + 5], o[f + 6]];
      const [dx, dy, dz] = [o[t] - o[f], o[t + 1] - o[f + 1], o[t + 2] - o[f + 2]];
      // d + 2·w·(d × v) + 2·((d × v) × v), for the frame's quaternion (w, v), turns d into the frame.
      const cx = 2 * (dy * z - dz * y);
      const cy = 2 * (dz * x - dx * z);
      const cz = 2 * (dx * y - dy * x);
      const place = to + i;
      writePair(seen, place, 3 * ways, dx + w * cx + cy * z - cz * y, FAR, NEAR);
      writePair(seen, place + ways, 3 * ways, dy + w * cy + cz * x - cx * z, FAR, NEAR);
      writePair(seen, place + 2 * ways, 3 * ways, dz + w * cz + cx * y - cy * x, FAR, NEAR);
    }
    const turns = this.turns.length;
    for (let i = 0; i < turns; i++) {
      const f = from + this.turns[i].frame + 3;
      const t = from + this.turns[i].thing + 3;
      const [qw, qx, qy, qz] = [o[f], o[f + 1], o[f + 2], o[f + 3]];
      const [pw, px, py, pz] = [o[t], o[t + 1], o[t + 2], o[t + 3]];
      const double = qw * pw + qx * px + qy * py + qz * pz < 0 ? -2 : 2;
      const place = to + 6 * ways + i;
      writePair(seen, place, 3 * turns, double * (qw * px - qx * pw - qy * pz + qz * py), TURNED, ALIGNED);
      writePair(
        seen,
        place + turns,
        3 * turns,
        double * (qw * py - qy * pw - qz * px + qx * pz),
        TURNED,
        ALIGNED,
      );
      writePair(
        seen,
        place + 2 * turns,
        3 * turns,
        double * (qw * pz - qz * pw - qx * py + qy * px),
        TURNED,
        ALIGNED,
      );
    }
  }
}

/** Writes a number in proportion, and its fine copy `apart` entries on. */
function writePair(
  seen: Float32Array,
  at: number,
  apart: number,
  value: number,
  typical: number,
  near: number,
) {
  seen[at] = value / typical;
  seen[at + apart] = value / (near + Math.abs(value));
}

function fine(values: tf.Tensor, near: number): tf.Tensor {
  return tf.div(values, tf.add(tf.abs(values), near));
}

/** Vectors, by their parts, in frames with the quaternions (w, x, y, z). */
function turnedBack(
  w: tf.Tensor,
  x: tf.Tensor,
  y: tf.Tensor,
  z: tf.Tensor,
  dx: tf.Tensor,
  dy: tf.Tensor,
  dz: tf.Tensor,
): tf.Tensor[] {
  const cross = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor, d: tf.Tensor) =>
    tf.sub(tf.mul(a, b), tf.mul(c, d));
  const cx = tf.mul(2, cross(dy, z, dz, y));
  const cy = tf.mul(2, cross(dz, x, dx, z));
  const cz = tf.mul(2, cross(dx, y, dy, x));
  const sum = (d: tf.Tensor, c: tf.Tensor, crossed: tf.Tensor) => tf.add(tf.add(d, tf.mul(w, c)), crossed);
  return [
    sum(dx, cx, cross(cy, z, cz, y)),
    sum(dy, cy, cross(cz, x, cx, z)),
    sum(dz, cz, cross(cx, y, cy, x)),
  ];
}

/** Twice the vector part of the turns that lead from the quaternions q to p, by the shorter way. */
function relativeTurn(
  qw: tf.Tensor,
  qx: tf.Tensor,
  qy: tf.Tensor,
  qz: tf.Tensor,
  pw: tf.Tensor,
  px: tf.Tensor,
  py: tf.Tensor,
  pz: tf.Tensor,
): tf.Tensor[] {
  const products = (...factors: [tf.Tensor, tf.Tensor][]) => factors.map(([a, b]) => tf.mul(a, b));
  const [ww, xx, yy, zz] = products([qw, pw], [qx, px], [qy, py], [qz, pz]);
  const cosine = tf.add(tf.add(ww, xx), tf.add(yy, zz));
  const double = tf.sub(2, tf.mul(4, tf.cast(tf.less(cosine, 0), 'float32')));
  const part = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor, d: tf.Tensor) =>
    tf.mul(double, tf.add(tf.sub(a, b), tf.sub(d, c)));
  return [
    part(tf.mul(qw, px), tf.mul(qx, pw), tf.mul(qy, pz), tf.mul(qz, py)),
    part(tf.mul(qw, py), tf.mul(qy, pw), tf.mul(qz, px), tf.mul(qx, pz)),
    part(tf.mul(qw, pz), tf.mul(qz, pw), tf.mul(qx, py), tf.mul(qy, px)),
  ];
}

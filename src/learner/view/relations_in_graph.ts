import { tf } from '../../nn/tensorflow.js';
import { ALIGNED, FAR, NEAR, TURNED } from './relations_in_rows.js';

/** One thing as seen from another, by the places in an observation where their entries begin. */
export interface Relation {
  frame: number;
  thing: number;
}

/** A vector by its parts, and a quaternion wxyz, of each of some relations: [rows, relations]. */
type Parts = readonly tf.Tensor[];

/** The numbers of `relations_in_rows.ts`, as parts of a graph, in the same order: [rows, numbers]. */
export function relationsInGraph(
  observations: tf.Tensor,
  ways: readonly Relation[],
  turns: readonly Relation[],
  cubeTurns: readonly Relation[],
): tf.Tensor[] {
  return [
    ...(ways.length > 0 ? [interleaved(waysOf(observations, ways))] : []),
    ...(turns.length > 0 ? [interleaved(turnsOf(observations, turns))] : []),
    ...(cubeTurns.length > 0 ? [interleaved(cubeTurnsOf(observations, cubeTurns))] : []),
  ];
}

function waysOf(observations: tf.Tensor, relations: readonly Relation[]): tf.Tensor[] {
  const frames = relations.map(({ frame }) => frame);
  const things = relations.map(({ thing }) => thing);
  const [w, x, y, z] = columns(observations, frames, [3, 4, 5, 6]);
  const from = columns(observations, frames, [0, 1, 2]);
  const [dx, dy, dz] = columns(observations, things, [0, 1, 2]).map((to, axis) => tf.sub(to, from[axis]));
  const crossed = (a: Parts, b: Parts) => [
    tf.sub(tf.mul(a[1], b[2]), tf.mul(a[2], b[1])),
    tf.sub(tf.mul(a[2], b[0]), tf.mul(a[0], b[2])),
    tf.sub(tf.mul(a[0], b[1]), tf.mul(a[1], b[0])),
  ];
  const c = crossed([dx, dy, dz], [x, y, z]).map((part) => tf.mul(2, part));
  const further = crossed(c, [x, y, z]);
  const way = [dx, dy, dz].map((part, axis) => tf.add(tf.add(part, tf.mul(w, c[axis])), further[axis]));
  return [...way.map((part) => tf.div(part, FAR)), ...way.map((part) => fine(part, NEAR))];
}

function turnsOf(observations: tf.Tensor, relations: readonly Relation[]): tf.Tensor[] {
  const [w, x, y, z] = relativeTurns(observations, relations);
  const double = tf.sub(2, tf.mul(4, tf.cast(tf.less(w, 0), 'float32')));
  const turn = [x, y, z].map((part) => tf.mul(double, part));
  return [...turn.map((part) => tf.div(part, TURNED)), ...turn.map((part) => fine(part, ALIGNED))];
}

function cubeTurnsOf(observations: tf.Tensor, relations: readonly Relation[]): tf.Tensor[] {
  const [w, x, y, z] = relativeTurns(observations, relations);
  const twice = (a: tf.Tensor, b: tf.Tensor) => tf.mul(2, tf.mul(a, b));
  const onAxis = (a: tf.Tensor, b: tf.Tensor) => tf.sub(tf.sub(1, twice(a, a)), twice(b, b));
  const matrix = [
    [onAxis(y, z), tf.sub(twice(x, y), twice(w, z)), tf.add(twice(x, z), twice(w, y))],
    [tf.add(twice(x, y), twice(w, z)), onAxis(x, z), tf.sub(twice(y, z), twice(w, x))],
    [tf.sub(twice(x, z), twice(w, y)), tf.add(twice(y, z), twice(w, x)), onAxis(x, y)],
  ];
  const cubes = matrix.map((row) => row.map((entry) => tf.mul(entry, tf.mul(entry, entry))));
  const dot = (a: Parts, b: Parts) =>
    tf.add(tf.add(tf.mul(a[0], b[0]), tf.mul(a[1], b[1])), tf.mul(a[2], b[2]));
  const cosines = matrix.map((row, i) => tf.sub(tf.mul(4, dot(cubes[i], row)), 3));
  const sines = cubes.flatMap((cube, i) => matrix.filter((_, j) => j !== i).map((row) => dot(cube, row)));
  return [
    ...cosines,
    ...sines.map((part) => tf.div(part, TURNED / 4)),
    ...sines.map((part) => fine(part, ALIGNED)),
  ];
}

/** The quaternions q* ⊗ p of the poses q and p of each relation. */
function relativeTurns(observations: tf.Tensor, relations: readonly Relation[]): tf.Tensor[] {
  const quaternions = (places: number[]) => columns(observations, places, [3, 4, 5, 6]);
  const [qw, qx, qy, qz] = quaternions(relations.map(({ frame }) => frame));
  const [pw, px, py, pz] = quaternions(relations.map(({ thing }) => thing));
  const sum = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor, d: tf.Tensor) => tf.sub(tf.add(a, d), tf.add(b, c));
  return [
    tf.add(tf.add(tf.mul(qw, pw), tf.mul(qx, px)), tf.add(tf.mul(qy, py), tf.mul(qz, pz))),
    sum(tf.mul(qw, px), tf.mul(qx, pw), tf.mul(qy, pz), tf.mul(qz, py)),
    sum(tf.mul(qw, py), tf.mul(qy, pw), tf.mul(qz, px), tf.mul(qx, pz)),
    sum(tf.mul(qw, pz), tf.mul(qz, pw), tf.mul(qx, py), tf.mul(qy, px)),
  ];
}

/** Entries of each of the things that begin at `places`: [rows, places] of each. */
function columns(
  observations: tf.Tensor,
  places: readonly number[],
  entries: readonly number[],
): tf.Tensor[] {
  return entries.map((entry) =>
    tf.gather(
      observations,
      tf.tensor1d(
        places.map((place) => place + entry),
        'int32',
      ),
      1,
    ),
  );
}

/** The numbers of one relation after the other's, of parts [rows, relations]: [rows, relations × parts]. */
function interleaved(parts: readonly tf.Tensor[]): tf.Tensor {
  const count = parts[0].shape[1]!;
  const order = Array.from({ length: count * parts.length }, (_, i) => {
    const part = i % parts.length;
    return part * count + (i - part) / parts.length;
  });
  return tf.gather(tf.concat([...parts], 1), tf.tensor1d(order, 'int32'), 1);
}

function fine(values: tf.Tensor, near: number): tf.Tensor {
  return tf.div(values, tf.add(tf.abs(values), near));
}

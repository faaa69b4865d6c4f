import type { RandomStream } from '../rng.js';
import {
  type NamedShapes,
  type NamedTensors,
  type ParameterTable,
  type Shape,
  sizeOf,
} from './parameters.js';
import { tf } from './tensorflow.js';

/**
 * The layout of a network's parameters in memory. A network has a few large kernels and many small vectors (biases,
 * scales, offsets). The optimiser makes a dozen passes over each array, so the small ones live end to end in one array,
 * {@link VECTORS}: ten passes instead of a hundred, at the price of one split in the forward pass and one concatenation
 * in the backward pass.
 */
export interface PackedLayout {
  /** The stored arrays: every kernel under its own name, and `vectors`. */
  shapes: NamedShapes;
  /** The parameters that lie in `vectors`, in order. */
  vectors: readonly { name: string; shape: Shape }[];
}

export const VECTORS = 'vectors';

/** Lays a network's parameters out: matrices keep their name, all others (and one-column matrices) are packed. */
export function packedLayout(table: ParameterTable): PackedLayout {
  const shapes: Record<string, Shape> = {};
  const vectors: { name: string; shape: Shape }[] = [];
  for (const [name, { shape }] of Object.entries(table)) {
    if (shape.length === 2 && shape[1] > 1) shapes[name] = shape;
    else vectors.push({ name, shape });
  }
  shapes[VECTORS] = [vectors.reduce((total, { shape }) => total + sizeOf(shape), 0)];
  return { shapes, vectors };
}

/** Draws fresh parameters in the order of the table and returns them as the layout stores them. */
export function initialiseParameters(
  table: ParameterTable,
  layout: PackedLayout,
  stream: RandomStream,
): Record<string, Float32Array> {
  const drawn = Object.fromEntries(
    Object.entries(table).map(([name, entry]) => [name, entry.initialise(stream)]),
  );
  const packed: Record<string, Float32Array> = {};
  for (const name of Object.keys(layout.shapes)) packed[name] = drawn[name] ?? packVectors(layout, drawn);
  return packed;
}

/** A network's own parameters, by name, out of the arrays that its layout stores; those in `vectors` are not copied. */
export function unpackArrays(
  stored: Readonly<Record<string, Float32Array>>,
  { vectors }: PackedLayout,
): Record<string, Float32Array> {
  const { [VECTORS]: packed, ...kernels } = stored;
  const named: Record<string, Float32Array> = kernels;
  let offset = 0;
  for (const { name, shape } of vectors) {
    named[name] = packed.subarray(offset, offset + sizeOf(shape));
    offset += sizeOf(shape);
  }
  return named;
}

/** The network's own parameters, by name, as tensors cut from the stored ones. */
export function unpackParameters(stored: NamedTensors, layout: PackedLayout): NamedTensors {
  const { [VECTORS]: vectors, ...kernels } = stored;
  const sizes = layout.vectors.map(({ shape }) => sizeOf(shape));
  const pieces = tf.split(vectors, sizes, 0);
  const named = layout.vectors.map(
    ({ name, shape }, i) => [name, tf.reshape(pieces[i], [...shape])] as const,
  );
  return { ...kernels, ...Object.fromEntries(named) };
}

function packVectors(layout: PackedLayout, drawn: Record<string, Float32Array>): Float32Array {
  const packed = new Float32Array(layout.shapes[VECTORS][0]);
  let offset = 0;
  for (const { name } of layout.vectors) {
    packed.set(drawn[name], offset);
    offset += drawn[name].length;
  }
  return packed;
}

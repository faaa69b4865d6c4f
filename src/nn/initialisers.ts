import type { RandomStream } from '../rng.js';
import { type Parameter, type Shape, sizeOf } from './parameters.js';

/** A parameter filled with one value. */
export function constant(shape: Shape, value: number): Parameter {
  return { shape, initialise: () => new Float32Array(sizeOf(shape)).fill(value) };
}

/**
 * A kernel [inputs, outputs] whose rows or columns, whichever are fewer, are orthogonal and of length `scale`,
 * uniformly distributed over such matrices (Saxe et al. 2014).
 */
export function orthogonal(inputs: number, outputs: number, scale: number): Parameter {
  const shape = [inputs, outputs];
  return { shape, initialise: (stream) => orthogonalKernel(inputs, outputs, scale, stream) };
}

/** Two or more kernels side by side along the outputs, each drawn by itself. */
export function sideBySide(parts: readonly Parameter[]): Parameter {
  const inputs = parts[0].shape[0];
  const outputs = parts.reduce((total, { shape }) => total + shape[1], 0);
  const initialise = (stream: RandomStream) => {
    const kernel = new Float32Array(inputs * outputs);
    let column = 0;
    for (const part of parts) {
      const width = part.shape[1];
      const values = part.initialise(stream);
      for (let row = 0; row < inputs; row++) {
        kernel.set(values.subarray(row * width, (row + 1) * width), row * outputs + column);
      }
      column += width;
    }
    return kernel;
  };
  return { shape: [inputs, outputs], initialise };
}

/** A kernel [inputs, outputs] of normal numbers, variance 1/inputs, cut off at two sigma (LeCun et al. 1998; Flax). */
export function lecunNormal(inputs: number, outputs: number): Parameter {
  const shape = [inputs, outputs];
  // The standard deviation of a normal distribution cut off at ±2 is 0.8796…; dividing restores the variance.
  const deviation = Math.sqrt(1 / inputs) / 0.87962566103423978;
  const initialise = (stream: RandomStream) =>
    Float32Array.from({ length: sizeOf(shape) }, () => deviation * truncatedNormal(stream));
  return { shape, initialise };
}

function truncatedNormal(stream: RandomStream): number {
  let value = stream.normal();
  while (Math.abs(value) > 2) value = stream.normal();
  return value;
}

/** Numbers from −limit to limit, all equally likely. */
export function uniform(shape: Shape, limit: number): Parameter {
  const initialise = (stream: RandomStream) => {
    const values = new Float32Array(sizeOf(shape));
    stream.fillUniform(values, -limit, limit);
    return values;
  };
  return { shape, initialise };
}

/** Modified Gram-Schmidt on normal vectors; in double precision, since 256 of them lose about four digits. */
function orthogonalKernel(
  inputs: number,
  outputs: number,
  scale: number,
  stream: RandomStream,
): Float32Array {
  const count = Math.min(inputs, outputs);
  const length = Math.max(inputs, outputs);
  const vectors = Array.from({ length: count }, () => Float64Array.from({ length }, () => stream.normal()));
  for (let i = 0; i < count; i++) {
    normalise(vectors[i]);
    for (let j = i + 1; j < count; j++) removeComponent(vectors[j], vectors[i]);
  }
  const kernel = new Float32Array(inputs * outputs);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < length; k++) {
      const index = inputs < outputs ? i * outputs + k : k * outputs + i;
      kernel[index] = scale * vectors[i][k];
    }
  }
  return kernel;
}

function normalise(vector: Float64Array): void {
  const inverse = 1 / Math.sqrt(dot(vector, vector));
  for (let k = 0; k < vector.length; k++) vector[k] *= inverse;
}

function removeComponent(vector: Float64Array, direction: Float64Array): void {
  const product = dot(vector, direction);
  for (let k = 0; k < vector.length; k++) vector[k] -= product * direction[k];
}

/** The dot product, in four sums, since in a single one each addition has to wait for the one before. */
function dot(a: Float64Array, b: Float64Array): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < a.length; k += 4) {
    first += a[k] * b[k];
    second += a[k + 1] * b[k + 1];
    third += a[k + 2] * b[k + 2];
    fourth += a[k + 3] * b[k + 3];
  }
  for (; k < a.length; k++) first += a[k] * b[k];
  return first + second + (third + fourth);
}

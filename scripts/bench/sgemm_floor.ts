import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { Graph } from '../../src/compile/graph.js';
import { writeOnnx } from '../../src/compile/onnx_writer.js';
import { createSession } from '../../src/compile/session.js';
import { type Shape, sizeOf } from '../../src/nn/parameters.js';

/** C [rows, columns] = A · B over `inner`; which operands are stored transposed is what the real update has. */
interface Product {
  rows: number;
  inner: number;
  columns: number;
  transA: 0 | 1;
  transB: 0 | 1;
}

export interface NetworkSizes {
  batchSize: number;
  observationDim: number;
  actionDim: number;
  width: number;
  numQs: number;
  numMinQs: number;
}

/** The matrix products of an update, in two parts: what every critic step needs and what an actor step adds. */
export interface UpdateProducts {
  critic: Product[];
  actor: Product[];
}

/**
 * Counts the products that no implementation of RLPD can avoid; everything elementwise is left out.
 * With forward = the layers' products, weights = one product per layer for the kernel's gradient, and inputs = one per
 * layer for the gradient of its input:
 * critic step: the actor's forward and numMinQs target critics' forward; per critic forward, weights, and inputs of
 * all layers but the first. Actor step: the actor's forward, weights, and inputs of all but the first; per critic
 * forward and inputs, of the first layer only the action's columns.
 */
export function updateProducts(sizes: NetworkSizes): UpdateProducts {
  const { batchSize, observationDim, actionDim, width, numQs, numMinQs } = sizes;
  const actor = [observationDim, width, width, width, 2 * actionDim];
  const critic = [observationDim + actionDim, width, width, width, 1];
  const forward = (widths: number[]) =>
    layers(widths, (inputs, outputs) => product(batchSize, inputs, outputs, 0, 0));
  const weights = (widths: number[]) =>
    layers(widths, (inputs, outputs) => product(inputs, batchSize, outputs, 1, 0));
  const inputs = (widths: number[]) =>
    layers(widths, (into, outputs) => product(batchSize, outputs, into, 0, 1));
  const actionColumns = product(batchSize, width, actionDim, 0, 1);
  return {
    critic: [
      ...forward(actor),
      ...repeat(numMinQs, forward(critic)),
      ...repeat(numQs, [...forward(critic), ...weights(critic), ...inputs(critic).slice(1)]),
    ],
    actor: [
      ...forward(actor),
      ...weights(actor),
      ...inputs(actor).slice(1),
      ...repeat(numQs, [...forward(critic), actionColumns, ...inputs(critic).slice(1)]),
    ],
  };
}

/** Floating-point operations: a multiplication and an addition per element of the inner dimension. */
export function countOperations(products: readonly Product[]): number {
  return products.reduce((total, { rows, inner, columns }) => total + 2 * rows * inner * columns, 0);
}

/** Runs just these products in ONNX Runtime, one after another, on preallocated memory. */
export class SgemmFloor {
  private constructor(
    private readonly session: InferenceSession,
    private readonly feeds: Record<string, Tensor>,
    private readonly fetches: Record<string, Tensor>,
  ) {}

  static async create(products: readonly Product[], _threads: number): Promise<SgemmFloor> {
    const graph = new Graph();
    const feeds: Record<string, Tensor> = {};
    const fetches: Record<string, Tensor> = {};
    // Products of the same shape read the same arrays, which therefore stay in the cache: the least any update can do.
    const operand = (side: string, shape: Shape) => {
      const name = `${side}${shape.join('x')}`;
      if (name in feeds) return name;
      feeds[name] = filledTensor(shape);
      return graph.input(name, shape);
    };
    products.forEach(({ rows, inner, columns, transA, transB }, index) => {
      const a = operand('a', transA ? [inner, rows] : [rows, inner]);
      const b = operand('b', transB ? [columns, inner] : [inner, columns]);
      // Each product is an output, or ONNX Runtime would compute equal ones only once.
      const output = { name: `product${index}`, shape: [rows, columns] };
      graph.nodes.push({
        operator: 'Gemm',
        inputs: [a, b],
        outputs: [output.name],
        attributes: { transA, transB },
      });
      graph.outputs.push(output);
      fetches[output.name] = filledTensor(output.shape);
    });
    return new SgemmFloor(await createSession(writeOnnx(graph)), feeds, fetches);
  }

  async run(): Promise<void> {
    await this.session.run(this.feeds, this.fetches);
  }

  dispose(): Promise<void> {
    return this.session.release();
  }
}

function layers(widths: readonly number[], make: (inputs: number, outputs: number) => Product): Product[] {
  return widths.slice(1).map((outputs, layer) => make(widths[layer], outputs));
}

function product(rows: number, inner: number, columns: number, transA: 0 | 1, transB: 0 | 1): Product {
  return { rows, inner, columns, transA, transB };
}

function repeat<T>(count: number, items: readonly T[]): T[] {
  return Array.from({ length: count }, () => items).flat();
}

function filledTensor(shape: Shape): Tensor {
  // Different values everywhere: products of zeros or of denormals can take another time than real ones.
  const values = Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i));
  return new Tensor('float32', values, [...shape]);
}

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Graph } from '../../src/compile/graph.js';
import { writeOnnx } from '../../src/compile/onnx_writer.js';
import '../../src/compile/no_telemetry.js';
import { type Shape, sizeOf } from '../../src/nn/parameters.js';
import { Handover } from '../../src/rollout/handover.js';
import { workerEntry } from '../../src/worker_entry.js';
import { type Product, spreadProducts } from './update_products.js';

/** What a thread of the floor is started with. */
export interface SgemmShare {
  /** ONNX, without inputs; see {@link sgemmModel}. */
  model: Uint8Array;
  handover: SharedArrayBuffer;
  /** One integer: how often to run the model at each command. */
  times: SharedArrayBuffer;
}

/**
 * Just the matrix products, on `threads` threads that have nothing to wait for within a run: what the machine needs for
 * them at the least. Each thread runs its share in ONNX Runtime, one product after another.
 */
export class SgemmFloor {
  private constructor(
    private readonly workers: readonly Worker[],
    private readonly handover: Handover,
    private readonly times: Int32Array<SharedArrayBuffer>,
  ) {}

  static async create(products: readonly Product[], threads: number): Promise<SgemmFloor> {
    const handover = new Handover();
    const times = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const entry = workerEntry(import.meta.url, 'sgemm_worker.js');
    const workers = spreadProducts(products, threads).map((share) => {
      const workerData: SgemmShare = {
        model: sgemmModel(share),
        handover: handover.buffer,
        times: times.buffer,
      };
      return new Worker(entry, { workerData, name: 'matrix products' });
    });
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    return new SgemmFloor(workers, handover, times);
  }

  /** Computes all products this many times. */
  run(times: number): Promise<void> {
    this.times[0] = times;
    return this.handover.dispatch('step', this.workers.length);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

/**
 * The products as an ONNX model whose one output `total` [1, 1] is the sum of their first elements. So nothing large
 * leaves the session: ONNX Runtime for Node allocates and copies every output. Products of the same shape read the same
 * arrays, which therefore stay in the cache: the least any update can do.
 */
export function sgemmModel(products: readonly Product[]): Uint8Array {
  const graph = new Graph();
  const operand = (side: string, shape: Shape) => {
    const name = `${side}${shape.join('x')}`;
    if (!graph.constants.has(name)) graph.constants.set(name, { name, shape, values: operandValues(shape) });
    return name;
  };
  const first = graph.integers([0, 0]);
  const second = graph.integers([1, 1]);
  const corners = products.map(({ rows, inner, columns, transA, transB }, index) => {
    const a = operand('a', transA ? [inner, rows] : [rows, inner]);
    const b = operand('b', transB ? [columns, inner] : [inner, columns]);
    const [product, corner] = [`product${index}`, `corner${index}`];
    graph.nodes.push(
      { operator: 'Gemm', inputs: [a, b], outputs: [product], attributes: { transA, transB } },
      { operator: 'Slice', inputs: [product, first, second], outputs: [corner], attributes: {} },
    );
    return corner;
  });
  graph.nodes.push({ operator: 'Sum', inputs: corners, outputs: ['total'], attributes: {} });
  graph.outputs.push({ name: 'total', shape: [1, 1] });
  return writeOnnx(graph);
}

/** Different values everywhere: products of zeros or of denormals can take another time than real ones. */
export function operandValues(shape: Shape): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i));
}

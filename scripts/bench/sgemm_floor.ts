import { Graph } from '../../src/compile/graph.js';
import { writeOnnx } from '../../src/compile/onnx_writer.js';
import { type Shape, sizeOf } from '../../src/nn/parameters.js';
import type { WorkerThread } from '../../src/runtime/contract.js';
import '../../src/runtime/node/no_telemetry.js';
import { startWorker, workerEntry } from '../../src/runtime/threads.js';
import { ForkJoin } from '../../src/threads/fork_join.js';
import { type Product, spreadProducts } from './update_products.js';

/** Data that a thread of the floor is started with. */
export interface SgemmShare {
  /** ONNX, without inputs; see {@link sgemmModel}. */
  model: Uint8Array;
  commands: SharedArrayBuffer;
  /** One integer: the number of runs of the model at each command. */
  times: SharedArrayBuffer;
}

/**
 * The matrix products alone, on `threads` threads that wait for nothing within a run: the least time that the machine
 * needs for them. Each thread runs its share in ONNX Runtime, one product after another.
 */
export class SgemmFloor {
  private constructor(
    private readonly workers: readonly WorkerThread<never>[],
    private readonly commands: ForkJoin<'run'>,
    private readonly times: Int32Array<SharedArrayBuffer>,
  ) {}

  static async create(products: readonly Product[], threads: number): Promise<SgemmFloor> {
    const commands = new ForkJoin<'run'>(['run']);
    const times = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const entry = workerEntry(import.meta.url, 'sgemm_worker.js');
    const workers: WorkerThread<never>[] = [];
    const ready = spreadProducts(products, threads).map((share, w) => {
      const start: SgemmShare = {
        model: sgemmModel(share),
        commands: commands.buffer,
        times: times.buffer,
      };
      return new Promise<'ready'>((onAnswer, onFailure) => {
        const name = `matrix products' thread ${w}`;
        workers.push(startWorker<never, 'ready'>(entry, { name, start, onAnswer, onFailure }));
      });
    });
    await Promise.all(ready);
    return new SgemmFloor(workers, commands, times);
  }

  /** Computes all products this many times. */
  run(times: number): Promise<void> {
    this.times[0] = times;
    return this.commands.run('run', this.workers.length);
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

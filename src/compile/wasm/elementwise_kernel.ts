import { type NamedShapes, sizeOf } from '../../nn/parameters.js';
import type { Graph, GraphNode, GraphPort } from '../graph.js';
import { kernelPorts } from './kernel_ports.js';
import { float32, OP, unsigned, type WasmFunction, writeModule } from './wasm_code.js';

const VECTOR_BYTES = 16;

const INSTRUCTIONS: Record<string, readonly number[]> = {
  Add: OP.add,
  Sub: OP.sub,
  Mul: OP.mul,
  Div: OP.div,
  Min: OP.min,
  Max: OP.max,
  Sqrt: OP.sqrt,
  Abs: OP.abs,
  Neg: OP.neg,
};

/**
 * Compiles a graph of elementwise operators on arrays of one size, on scalars, and of sums over whole arrays, to one
 * loop over memory in WebAssembly, four numbers at a time. An element is written after it was read, so an output may
 * lie where an input lies. The arrays' sizes are rounded up to whole vectors, and the numbers beyond the end must be
 * zero. Sums are kept in four float32 numbers, good enough for a figure that is only reported. Throws, naming the
 * operator, if the graph contains anything else.
 */
export function writeElementwiseKernel(graph: Graph): Uint8Array<ArrayBuffer> {
  checkSums(graph);
  const ports = kernelPorts(shapesOf(graph.inputs), shapesOf(graph.outputs));
  const size = 0;
  const parameters: WasmFunction['parameters'] = [
    'i32',
    ...ports.arraysIn.map(() => 'i32' as const),
    ...ports.arraysOut.map(() => 'i32' as const),
    ...ports.scalarsIn.map(() => 'f32' as const),
  ];
  const firstOut = 1 + ports.arraysIn.length;
  const firstScalar = firstOut + ports.arraysOut.length;
  const offset = parameters.length;
  // Every value of the graph has a local of its own; the compiler of WebAssembly sees which live at the same time.
  const locals = new Map<string, number>();
  const local = (name: string) => {
    const known = locals.get(name);
    if (known !== undefined) return unsigned(known);
    const index = offset + 1 + locals.size;
    locals.set(name, index);
    return unsigned(index);
  };
  const address = (parameter: number) => [
    ...OP.localGet,
    ...unsigned(parameter),
    ...OP.localGet,
    ...unsigned(offset),
    ...OP.i32Add,
  ];

  const before: number[] = [];
  ports.scalarsIn.forEach((name, i) => {
    before.push(...OP.localGet, ...unsigned(firstScalar + i), ...OP.splat, ...OP.localSet, ...local(name));
  });
  for (const name of graph.constants.keys()) {
    // The others are the axes of sums.
    const value = graph.scalarConstant(name);
    if (value !== undefined)
      before.push(...OP.f32Const, ...float32(value), ...OP.splat, ...OP.localSet, ...local(name));
  }
  const loop: number[] = [];
  ports.arraysIn.forEach((name, i) => {
    loop.push(...address(1 + i), ...OP.vectorLoad, 4, 0, ...OP.localSet, ...local(name));
  });
  for (const node of graph.nodes) {
    const scalar = node.inputs.every((name) => isScalar(graph, name));
    (scalar ? before : loop).push(...writeNode(node, local));
  }
  ports.arraysOut.forEach((name, i) => {
    loop.push(...address(firstOut + i), ...OP.localGet, ...local(name), ...OP.vectorStore, 4, 0);
  });
  const advance = [...OP.localGet, ...unsigned(offset), ...OP.i32Const, VECTOR_BYTES, ...OP.i32Add];
  const repeat = [...OP.localTee, ...unsigned(offset), ...OP.localGet, size, ...OP.i32LessUnsigned];
  const after = ports.scalarsOut.flatMap((name) => sumOfLanes(local(name)));
  return writeModule({
    parameters,
    results: ports.scalarsOut.map(() => 'f32'),
    body: [...before, ...OP.loop, ...loop, ...advance, ...repeat, ...OP.branchIf, 0, ...OP.end, ...after],
    locals: ['i32', ...[...locals].map(() => 'vector' as const)],
  });
}

function writeNode({ operator, inputs, outputs }: GraphNode, local: (name: string) => number[]): number[] {
  const get = (name: string) => [...OP.localGet, ...local(name)];
  const set = [...OP.localSet, ...local(outputs[0])];
  // Locals begin as zero, and the sum of all is taken at the end.
  if (operator === 'ReduceSum') return [...get(outputs[0]), ...get(inputs[0]), ...OP.add, ...set];
  const instruction = INSTRUCTIONS[operator];
  if (!instruction) throw new Error(`an elementwise kernel can't contain the operator ${operator}`);
  return [...inputs.flatMap(get), ...instruction, ...set];
}

function sumOfLanes(local: readonly number[]): number[] {
  const lane = (index: number) => [...OP.localGet, ...local, ...OP.extractLane, index];
  return [...lane(0), ...lane(1), ...OP.f32Add, ...lane(2), ...OP.f32Add, ...lane(3), ...OP.f32Add];
}

/** Throws if a sum is used by another operator, or a scalar is no sum: a sum is known only after the loop. */
function checkSums(graph: Graph): void {
  const sums = new Set(
    graph.nodes.filter(({ operator }) => operator === 'ReduceSum').map(({ outputs }) => outputs[0]),
  );
  const user = graph.nodes.find(({ inputs }) => inputs.some((name) => sums.has(name)));
  if (user) throw new Error(`an elementwise kernel can only return a sum, not use it in ${user.operator}`);
  const computed = graph.outputs.find(({ name }) => isScalar(graph, name) && !sums.has(name));
  if (computed) throw new Error(`the scalar "${computed.name}" of an elementwise kernel must be a sum`);
}

function shapesOf(ports: readonly GraphPort[]): NamedShapes {
  return Object.fromEntries(ports.map(({ name, shape }) => [name, shape]));
}

function isScalar(graph: Graph, name: string): boolean {
  return sizeOf(graph.shapeOf(name)) === 1;
}

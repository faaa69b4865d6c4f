import type { Graph, GraphNode } from './graph.js';

/** The way in which a node can be computed block by block of its inputs' rows. */
export interface RowRule {
  /** The inputs that are cut into blocks of rows; all others are the same for each block. */
  cut: readonly string[];
  /** True if its output is a sum over all rows; else its rows are those of the inputs. */
  sums: boolean;
  /** The inputs of the node on one of `blocks` blocks. */
  inputs(blocks: number): string[];
}

/** Operators that compute every number from those at the same place, by broadcasting. */
const ELEMENTWISE = new Set([
  ...['Abs', 'Add', 'Cast', 'Clip', 'Div', 'Elu', 'Equal', 'Erf', 'Exp', 'Greater', 'GreaterOrEqual'],
  ...[
    'HardSigmoid',
    'Identity',
    'LeakyRelu',
    'Less',
    'LessOrEqual',
    'Log',
    'Max',
    'Min',
    'Mul',
    'Neg',
    'Not',
  ],
  ...[
    'Pow',
    'Reciprocal',
    'Relu',
    'Selu',
    'Sigmoid',
    'Sign',
    'Softplus',
    'Sqrt',
    'Sub',
    'Sum',
    'Tanh',
    'Where',
  ],
]);

const REDUCTIONS = new Set(['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceProd']);

/** The rule of a node, or null if its operator mixes rows, or is not known not to. */
export function rowRule(graph: Graph, node: GraphNode): RowRule | null {
  const { operator, inputs } = node;
  if (ELEMENTWISE.has(operator)) return elementwiseRule(graph, node);
  if (REDUCTIONS.has(operator)) return axesOf(graph, node)?.includes(0) === false ? asItIs(node) : null;
  switch (operator) {
    case 'Gemm':
      return productRule(graph, node);
    case 'Reshape':
      return withShape(graph, node, (blocks) => cutShape(graph.shapeOf(node.outputs[0]), blocks));
    case 'Expand':
      return keepsRows(graph, node)
        ? withShape(graph, node, (blocks) => cutShape(graph.shapeOf(node.outputs[0]), blocks))
        : null;
    case 'Concat':
      return node.attributes['axis'] === 0 ? null : { ...asItIs(node), cut: inputs };
    case 'Split':
      return node.attributes['axis'] === 0 ? null : asItIs(node);
    case 'LayerNormalization':
      return asItIs(node);
    default:
      return null;
  }
}

/** The rule of a node that does with the rows of its first input what it did with all of them. */
function asItIs({ inputs }: GraphNode): RowRule {
  return { cut: [inputs[0]], sums: false, inputs: () => inputs };
}

/** The rule of a node whose second input is the shape of its output. */
function withShape(graph: Graph, { inputs }: GraphNode, shape: (blocks: number) => number[]): RowRule {
  return {
    cut: [inputs[0]],
    sums: false,
    inputs: (blocks) => [inputs[0], graph.integers(shape(blocks))],
  };
}

function elementwiseRule(graph: Graph, { inputs, outputs }: GraphNode): RowRule | null {
  const shape = graph.shapeOf(outputs[0]);
  const hasRows = (name: string) => {
    const own = graph.shapeOf(name);
    return own.length === shape.length && own[0] === shape[0];
  };
  const cut = inputs.filter(hasRows);
  const isSame = (name: string) => {
    const own = graph.shapeOf(name);
    return own.length < shape.length || own[0] === 1;
  };
  const canBeCut = cut.length > 0 && inputs.every((name) => hasRows(name) || isSame(name));
  return canBeCut ? { cut, sums: false, inputs: () => inputs } : null;
}

/** Products of rows with a matrix; sums over rows of products of two columns, and of single columns. */
function productRule(graph: Graph, { inputs, attributes }: GraphNode): RowRule | null {
  const [a, b, bias] = inputs;
  const { transA, transB } = attributes;
  if (transA) return transB || bias ? null : { cut: [a, b], sums: true, inputs: () => inputs };
  const ones = graph.constants.get(a);
  if (ones && ones.shape[0] === 1 && !transB && !bias) {
    const [first] = ones.values;
    if (!(ones.values instanceof Float32Array) || !ones.values.every((value) => value === first)) return null;
    const fewer = (blocks: number) => new Float32Array(ones.values.length / blocks).fill(Number(first));
    return {
      cut: [b],
      sums: true,
      inputs: (blocks) => [graph.floats(fewer(blocks), [1, ones.values.length / blocks]), b],
    };
  }
  const biasShape = bias === undefined ? [] : graph.shapeOf(bias);
  const isRow = biasShape.length < 2 || biasShape[0] === 1;
  return isRow ? { cut: [a], sums: false, inputs: () => inputs } : null;
}

/** True if the first input has as many rows, and dimensions, as the output. */
function keepsRows(graph: Graph, { inputs, outputs }: GraphNode): boolean {
  const [before, after] = [graph.shapeOf(inputs[0]), graph.shapeOf(outputs[0])];
  return before.length === after.length && before[0] === after[0];
}

function cutShape([rows, ...others]: readonly number[], blocks: number): number[] {
  return [rows / blocks, ...others];
}

/** The axes of a reduction: an attribute, or for sums a constant input. */
function axesOf(graph: Graph, { inputs, attributes }: GraphNode): number[] | undefined {
  const { axes } = attributes;
  if (Array.isArray(axes)) return axes;
  const constant = graph.constants.get(inputs[1]);
  return constant && Array.from(constant.values as BigInt64Array, Number);
}

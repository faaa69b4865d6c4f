import { type Shape, sizeOf } from '../nn/parameters.js';
import { Graph, type GraphNode } from './graph.js';
import { type RowRule, rowRule } from './row_rules.js';

/** The least numbers in an array that is tall: it fills the cache that a core has to itself. */
const TALL = 2 ** 18;
/** The most rows of a block. With many fewer, matrix products take longer. */
const BLOCK_ROWS = 512;
/** The fewest rows of a block. */
const LEAST_ROWS = 128;

/** A node that is computed block by block. */
interface BlockNode {
  node: GraphNode;
  rule: RowRule;
}

/**
 * Lets the part of a graph that computes with tall arrays, such as the values of many actions in each row of a batch, do so block by
 * block of rows, from the first operator to the last, so that what is between stays in the cache. What is summed over rows, such as
 * gradients, is summed from block to block. The blocks are the runs of ONNX's operator Scan. A graph is left as it is if it has no
 * tall arrays, or one of these operators mixes rows.
 */
export function workInRowBlocks(graph: Graph): void {
  const inside = nodesBetween(graph, (name) => isTall(graph.shapeOf(name)));
  const nodes: BlockNode[] = [];
  for (const node of graph.nodes) {
    if (!inside.has(node)) continue;
    const rule = rowRule(graph, node);
    if (!rule) return;
    nodes.push({ node, rule });
  }
  const blocks = nodes.length > 0 ? numberOfBlocks(graph, nodes) : null;
  if (blocks === null || !canBeCut(nodes)) return;
  const depending = nodesAfter(graph, inside);
  const before = graph.nodes.filter((node) => !inside.has(node) && !depending.has(node));
  graph.nodes = [
    ...before,
    ...scan(graph, nodes, blocks),
    ...graph.nodes.filter((node) => depending.has(node)),
  ];
}

function isTall(shape: Shape): boolean {
  return shape.length === 2 && sizeOf(shape) >= TALL && shape[0] > BLOCK_ROWS;
}

/** The nodes that read or give a chosen value, and those that are on the way from one such node to another. */
function nodesBetween({ nodes }: Graph, isChosen: (value: string) => boolean): Set<GraphNode> {
  const chosen = new Set(nodes.filter(({ inputs, outputs }) => [...inputs, ...outputs].some(isChosen)));
  const after = new Set<string>();
  for (const { inputs, outputs } of nodes) {
    const follows = inputs.some((name) => after.has(name)) || outputs.some(isChosen) || inputs.some(isChosen);
    if (follows) for (const name of outputs) after.add(name);
  }
  const needed = new Set<string>();
  for (const node of nodes.toReversed()) {
    const leads = node.outputs.some((name) => needed.has(name)) || chosen.has(node);
    if (leads && node.inputs.some((name) => after.has(name))) chosen.add(node);
    if (leads) for (const name of node.inputs) needed.add(name);
  }
  return chosen;
}

/** The other nodes that need a result of these. */
function nodesAfter({ nodes }: Graph, inside: ReadonlySet<GraphNode>): Set<GraphNode> {
  const results = new Set([...inside].flatMap(({ outputs }) => outputs));
  const after = new Set<GraphNode>();
  for (const node of nodes) {
    if (inside.has(node) || !node.inputs.some((name) => results.has(name))) continue;
    after.add(node);
    for (const name of node.outputs) results.add(name);
  }
  return after;
}

/** True if all that depends on the rows comes to each node cut into blocks, and sums are complete before they are used. */
function canBeCut(nodes: readonly BlockNode[]): boolean {
  const sums = new Set(nodes.flatMap(({ node, rule }) => (rule.sums ? node.outputs : [])));
  const made = new Set(nodes.flatMap(({ node }) => node.outputs));
  return nodes.every(({ node: { inputs }, rule: { cut } }) =>
    inputs.every((name) => !sums.has(name) && (!made.has(name) || cut.includes(name))),
  );
}

/** The fewest blocks that are small enough and into which all rows can be cut; null if there is no such number. */
function numberOfBlocks(graph: Graph, nodes: readonly BlockNode[]): number | null {
  const cut = nodes.flatMap(({ node, rule }) => [...rule.cut, ...(rule.sums ? [] : node.outputs)]);
  const rows = [...new Set(cut.map((name) => graph.shapeOf(name)[0]))];
  const most = Math.max(...rows);
  for (let blocks = Math.ceil(most / BLOCK_ROWS); most / blocks >= LEAST_ROWS; blocks++) {
    if (rows.every((count) => count % blocks === 0)) return blocks;
  }
  return null;
}

/** The nodes that stand for all of these: the operator Scan, and the reshaping of what goes in and comes out. */
function scan(graph: Graph, nodes: readonly BlockNode[], blocks: number): GraphNode[] {
  const body = new Graph();
  const made = new Set(nodes.flatMap(({ node }) => node.outputs));
  const given = [...new Set(nodes.flatMap(({ rule }) => rule.cut))].filter((name) => !made.has(name));
  const sums = nodes.flatMap(({ node, rule }) => (rule.sums ? node.outputs : []));
  const used = usedOutside(graph, nodes);
  const kept = [...made].filter((name) => used.has(name) && !sums.includes(name));
  const isLocal = (name: string) => made.has(name) || given.includes(name);
  const inBlock = (name: string) => (isLocal(name) ? `block/${name}` : name);
  const blockOf = (name: string) => {
    const [rows, ...others] = graph.shapeOf(name);
    return [rows / blocks, ...others];
  };
  const stackOf = (name: string) => [blocks, ...blockOf(name)];

  for (const name of sums) body.input(`before/${name}`, graph.shapeOf(name));
  for (const name of given) body.input(inBlock(name), blockOf(name));
  body.nodes = nodes.map(({ node, rule }) => ({
    ...node,
    inputs: [
      ...rule.inputs(blocks).map(inBlock),
      ...(rule.sums ? node.outputs.map((name) => `before/${name}`) : []),
    ],
    outputs: node.outputs.map(inBlock),
  }));
  body.outputs.push(
    ...sums.map((name) => ({ name: inBlock(name), shape: graph.shapeOf(name) })),
    ...kept.map((name) => ({ name: inBlock(name), shape: blockOf(name) })),
  );

  const reshape = (from: string, to: string, shape: Shape): GraphNode => ({
    operator: 'Reshape',
    inputs: [from, graph.integers(shape)],
    outputs: [to],
    attributes: {},
  });
  const zeros = sums.map((name): GraphNode => {
    const shape = graph.shapeOf(name);
    const inputs = [graph.integers(shape)];
    return { operator: 'ConstantOfShape', inputs, outputs: [graph.newName('v', shape)], attributes: {} };
  });
  const stacks = given.map((name) => reshape(name, graph.newName('v', stackOf(name)), stackOf(name)));
  const results = kept.map((name) => reshape(graph.newName('v', stackOf(name)), name, graph.shapeOf(name)));
  const whole: GraphNode = {
    operator: 'Scan',
    inputs: [...zeros, ...stacks].map(({ outputs }) => outputs[0]),
    outputs: [...sums, ...results.map(({ inputs }) => inputs[0])],
    attributes: { body, num_scan_inputs: given.length },
  };
  return [...zeros, ...stacks, whole, ...results];
}

/** All values that other nodes read, or that the graph gives. */
function usedOutside(graph: Graph, nodes: readonly BlockNode[]): Set<string> {
  const inside = new Set(nodes.map(({ node }) => node));
  const others = graph.nodes.filter((node) => !inside.has(node));
  return new Set([...others.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ name }) => name)]);
}

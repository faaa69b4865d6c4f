import { sizeOf } from '../nn/parameters.js';
import type { Graph, GraphNode } from './graph.js';

/** A result of the traced function: its value, and the name that it gets in the graph. */
export interface GraphResult {
  name: string;
  value: string;
}

/**
 * Makes the results the graph's outputs, drops nodes that they do not need and merges those that ONNX has one operator
 * for.
 */
export function finishGraph(graph: Graph, results: readonly GraphResult[]): void {
  nameOutputs(graph, results);
  removeUnusedNodes(graph);
  fuseBiases(graph);
  removeUnusedConstants(graph);
}

/** Renames the values that are results; those that have no node of their own, or already a name, are copied. */
function nameOutputs(graph: Graph, results: readonly GraphResult[]): void {
  const produced = new Set(graph.nodes.flatMap((node) => node.outputs));
  const newNames = new Map<string, string>();
  const copies: GraphNode[] = [];
  for (const { name, value } of results) {
    graph.outputs.push({ name, shape: graph.shapeOf(value) });
    if (produced.has(value) && !newNames.has(value)) newNames.set(value, name);
    else {
      const copy = graph.declare(name, graph.shapeOf(value));
      copies.push({ operator: 'Identity', inputs: [value], outputs: [copy], attributes: {} });
    }
  }
  graph.nodes.push(...copies);
  for (const [value, name] of newNames) graph.rename(value, name);
}

function removeUnusedNodes(graph: Graph): void {
  const needed = new Set(graph.outputs.map((output) => output.name));
  const kept: GraphNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    for (const input of node.inputs) needed.add(input);
    kept.push(node);
  }
  graph.nodes = kept.reverse();
}

function removeUnusedConstants(graph: Graph): void {
  const used = new Set(graph.nodes.flatMap((node) => node.inputs));
  for (const name of graph.constants.keys()) if (!used.has(name)) graph.constants.delete(name);
}

/** Fuses Add(Gemm(a, b), bias) into Gemm(a, b, bias), where nothing else uses the product. */
function fuseBiases(graph: Graph): void {
  const products = new Map(
    graph.nodes
      .filter((node) => node.operator === 'Gemm' && node.inputs.length === 2)
      .map((node) => [node.outputs[0], node]),
  );
  const uses = countUses(graph);
  const fused = new Set<GraphNode>();
  for (const node of graph.nodes) {
    if (node.operator !== 'Add') continue;
    const [product, bias] = products.has(node.inputs[0]) ? node.inputs : node.inputs.toReversed();
    const gemm = products.get(product);
    if (!gemm || uses.get(product) !== 1 || !isRowOf(graph, bias, product)) continue;
    // The sum's place in the order is kept, since the bias may be computed after the product.
    node.operator = 'Gemm';
    node.inputs = [...gemm.inputs, bias];
    node.attributes = gemm.attributes;
    fused.add(gemm);
  }
  graph.nodes = graph.nodes.filter((node) => !fused.has(node));
}

function countUses(graph: Graph): Map<string, number> {
  const uses = new Map<string, number>();
  const values = [
    ...graph.nodes.flatMap((node) => node.inputs),
    ...graph.outputs.map((output) => output.name),
  ];
  for (const value of values) uses.set(value, (uses.get(value) ?? 0) + 1);
  return uses;
}

function isRowOf(graph: Graph, bias: string, product: string): boolean {
  const columns = graph.shapeOf(product)[1];
  const shape = graph.shapeOf(bias);
  return sizeOf(shape) === columns && shape.at(-1) === columns;
}

import { type Shape, sizeOf } from '../nn/parameters.js';

/** The attributes of an operator; a graph is that of a part which it runs. */
export type Attributes = Record<string, number | string | readonly number[] | Graph>;

export interface GraphNode {
  operator: string;
  inputs: string[];
  outputs: string[];
  attributes: Attributes;
}

/** The elements of a constant, one array type for each of ONNX's types: FLOAT, INT64 and BOOL. */
export type ConstantValues = Float32Array | BigInt64Array | Uint8Array;

export interface GraphConstant {
  name: string;
  shape: Shape;
  values: ConstantValues;
}

export interface GraphPort {
  name: string;
  shape: Shape;
}

/**
 * A computation as ONNX operators in the order in which they were recorded. Values are known by name. Recording the
 * same operator on the same inputs twice gives the first one's result, so common subexpressions never arise.
 */
export class Graph {
  nodes: GraphNode[] = [];
  readonly constants = new Map<string, GraphConstant>();
  readonly inputs: GraphPort[] = [];
  readonly outputs: GraphPort[] = [];
  private readonly shapes = new Map<string, Shape>();
  private readonly recorded = new Map<string, string[]>();
  private readonly constantNames = new Map<string, string>();

  input(name: string, shape: Shape): string {
    this.inputs.push({ name, shape });
    return this.declare(name, shape);
  }

  /** Records an operator and returns the names of its outputs, one per shape. */
  emit(
    operator: string,
    inputs: readonly string[],
    shapes: readonly Shape[],
    attributes: Attributes = {},
  ): string[] {
    const key = `${operator}(${inputs.join(',')})${JSON.stringify(attributes)}`;
    const known = this.recorded.get(key);
    if (known) return known;
    const outputs = shapes.map((shape) => this.newName('v', shape));
    this.nodes.push({ operator, inputs: [...inputs], outputs, attributes });
    this.recorded.set(key, outputs);
    return outputs;
  }

  /** A constant of these values; equal constants share a name. */
  floats(values: Float32Array, shape: Shape): string {
    return this.constant(values, shape, `f[${shape}]${values}`);
  }

  /** A constant of integers: unless told otherwise a vector, as ONNX wants shapes and axes. */
  integers(values: readonly number[], shape: Shape = [values.length]): string {
    return this.constant(BigInt64Array.from(values, BigInt), shape, `i[${shape}]${values}`);
  }

  /** A constant of booleans, each 0 or 1. */
  booleans(values: Uint8Array, shape: Shape): string {
    return this.constant(values, shape, `b[${shape}]${values}`);
  }

  shapeOf(name: string): Shape {
    const shape = this.shapes.get(name);
    if (!shape) throw new Error(`the graph has no value named "${name}"`);
    return shape;
  }

  /** The number that `name` stands for if it is a constant without dimensions. */
  scalarConstant(name: string): number | undefined {
    const constant = this.constants.get(name);
    return constant?.shape.length === 0 ? Number(constant.values[0]) : undefined;
  }

  /**
   * Turns an input into a constant of these values, which are not copied, or drops it if nothing uses it. Throws if there is no
   * such input.
   */
  fixInput(name: string, values: Float32Array): void {
    const index = this.inputs.findIndex((input) => input.name === name);
    if (index < 0) throw new Error(`the graph has no input named "${name}"`);
    const [{ shape }] = this.inputs.splice(index, 1);
    if (values.length !== sizeOf(shape)) {
      throw new Error(`"${name}" [${shape}] can't hold ${values.length} numbers`);
    }
    const used = this.nodes.some(({ inputs }) => inputs.includes(name));
    if (used) this.constants.set(name, { name, shape, values });
  }

  /** Gives a value another name, wherever it is used. */
  rename(value: string, name: string): void {
    this.declare(name, this.shapeOf(value));
    const renamed = (candidate: string) => (candidate === value ? name : candidate);
    for (const node of this.nodes) {
      node.inputs = node.inputs.map(renamed);
      node.outputs = node.outputs.map(renamed);
    }
  }

  /** A name for a further value of this shape. */
  newName(prefix: string, shape: Shape): string {
    return this.declare(`${prefix}${this.shapes.size}`, shape);
  }

  /** Gives the name to a further value of this shape. */
  declare(name: string, shape: Shape): string {
    this.shapes.set(name, shape);
    return name;
  }

  private constant(values: ConstantValues, shape: Shape, key: string): string {
    const known = this.constantNames.get(key);
    if (known) return known;
    const name = this.newName('c', shape);
    this.constants.set(name, { name, shape, values });
    this.constantNames.set(key, name);
    return name;
  }
}

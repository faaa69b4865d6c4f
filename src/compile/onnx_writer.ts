import onnxProto from 'onnx-proto';
import { type Attributes, type ConstantValues, Graph, type GraphConstant, type GraphPort } from './graph.js';

const { onnx } = onnxProto;

/** The ONNX operator set whose meaning the graph's operators have; LayerNormalization came with 17. */
const OPERATOR_SET = 17;
const IR_VERSION = 8;

/** The numeric attributes that are not integers. */
const FLOAT_ATTRIBUTES = new Set(['alpha', 'beta', 'epsilon']);

/** The additions to a graph that make it a model for other programs. */
export interface ModelDetails {
  /** The name of the first dimension of every input and output, which then may have any size. */
  batchDimension?: string;
  metadata?: Readonly<Record<string, string>>;
}

/** The graph as the bytes of an ONNX model. */
export function writeOnnx(graph: Graph, { batchDimension, metadata = {} }: ModelDetails = {}): Uint8Array {
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    producerName: 'rlpd',
    opsetImport: [{ domain: '', version: OPERATOR_SET }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: writeGraph(graph, batchDimension),
  });
  return onnx.ModelProto.encode(model).finish();
}

function writeGraph(graph: Graph, batchDimension?: string): onnxProto.onnx.IGraphProto {
  const writePort = (port: GraphPort) => portOf(port, batchDimension);
  return {
    name: 'rlpd',
    node: graph.nodes.map(({ operator, inputs, outputs, attributes }) => ({
      opType: operator,
      name: outputs[0],
      input: inputs,
      output: outputs,
      attribute: writeAttributes(attributes),
    })),
    initializer: [...graph.constants.values()].map(writeConstant),
    input: graph.inputs.map(writePort),
    output: graph.outputs.map(writePort),
  };
}

function writeConstant({ name, shape, values }: GraphConstant) {
  return {
    name,
    dims: [...shape],
    dataType: dataTypeOf(values),
    rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  };
}

function dataTypeOf(values: ConstantValues): number {
  const { FLOAT, INT64, BOOL } = onnx.TensorProto.DataType;
  if (values instanceof Float32Array) return FLOAT;
  return values instanceof BigInt64Array ? INT64 : BOOL;
}

function portOf({ name, shape }: GraphPort, batchDimension: string | undefined) {
  const dimensions = shape.map((dimValue, axis) =>
    axis === 0 && batchDimension !== undefined ? { dimParam: batchDimension } : { dimValue },
  );
  return {
    name,
    type: { tensorType: { elemType: onnx.TensorProto.DataType.FLOAT, shape: { dim: dimensions } } },
  };
}

function writeAttributes(attributes: Attributes) {
  const { FLOAT, GRAPH, INT, INTS, STRING } = onnx.AttributeProto.AttributeType;
  return Object.entries(attributes).map(([name, value]) => {
    if (typeof value === 'string') return { name, type: STRING, s: new TextEncoder().encode(value) };
    if (value instanceof Graph) return { name, type: GRAPH, g: writeGraph(value) };
    if (typeof value !== 'number') return { name, type: INTS, ints: [...value] };
    return FLOAT_ATTRIBUTES.has(name) ? { name, type: FLOAT, f: value } : { name, type: INT, i: value };
  });
}

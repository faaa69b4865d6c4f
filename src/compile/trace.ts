import type { NamedShapes, NamedTensors, Shape } from '../nn/parameters.js';
import { tf } from '../nn/tensorflow.js';
import { finishGraph } from './cleanup.js';
import { Graph } from './graph.js';
import { registerAxisKernels } from './kernels/along_axis.js';
import { registerComparisonKernels } from './kernels/comparisons.js';
import { registerConstantKernels } from './kernels/constants.js';
import { registerElementTypeKernels } from './kernels/element_types.js';
import { registerElementwiseKernels } from './kernels/elementwise.js';
import { registerElementwiseFormulas } from './kernels/elementwise_formulas.js';
import { registerLayoutKernels } from './kernels/layout.js';
import { registerMatrixKernels } from './kernels/matrix.js';
import { registerReductionKernels } from './kernels/reductions.js';
import { registerSelectionKernels } from './kernels/selection.js';
import { registerSlicingKernels } from './kernels/slicing.js';
import { withoutRandomNumbers } from './no_random_numbers.js';
import { TRACE_BACKEND, TraceBackend } from './trace_backend.js';

/** Returns the tensor of an input of the graph; the same one for the same name. */
export type InputReader = (name: string, shape: Shape) => tf.Tensor;

/**
 * Runs `compute` once on tensors without values and returns its operations as a graph with these inputs, and one output
 * for each result, named by `outputName`. Results must be float32. Throws, naming it, if `compute` uses a TensorFlow.js
 * operation that cannot be compiled.
 */
export function trace(
  compute: (inputs: NamedTensors) => NamedTensors,
  inputs: NamedShapes,
  outputName: (name: string) => string,
): Graph {
  const names = Object.entries(inputs);
  return traceOpen(
    (read) => compute(Object.fromEntries(names.map(([name, shape]) => [name, read(name, shape)]))),
    outputName,
  );
}

/** Traces, like {@link trace}, a function that asks for its inputs as it goes. */
export function traceOpen(
  compute: (read: InputReader) => NamedTensors,
  outputName: (name: string) => string,
): Graph {
  const backend = traceBackend();
  const graph = new Graph();
  backend.graph = graph;
  // Before anything was computed eagerly there is no other backend to come back to.
  const previous = tf.getBackend() || TRACE_BACKEND;
  useBackend(TRACE_BACKEND);
  const inputs = new Map<string, tf.Tensor>();
  const read: InputReader = (name, shape) => {
    const known = inputs.get(name);
    if (known) return known;
    const info = backend.tensor(graph.input(name, shape), shape);
    // It may be asked for first inside a gradient's function, and has to outlive it.
    const tensor = tf.keep(tf.engine().makeTensorFromTensorInfo(info));
    inputs.set(name, tensor);
    return tensor;
  };
  try {
    tf.tidy(() => {
      const results = withoutRandomNumbers(() => compute(read));
      const values = Object.entries(results).map(([name, tensor]) => {
        if (tensor.dtype !== 'float32') throw new Error(`"${name}" is ${tensor.dtype}: cast it to float32`);
        return { name: outputName(name), value: backend.full(tensor) };
      });
      finishGraph(graph, values);
    });
  } catch (error) {
    throw explain(error);
  } finally {
    tf.dispose([...inputs.values()]);
    useBackend(previous);
  }
  return graph;
}

/**
 * Makes an initialised backend the current one. `setBackend` returns a promise, but does all its work before the first
 * wait if the backend exists, and tracing must not be interrupted.
 */
function useBackend(name: string): void {
  void tf.setBackend(name);
}

function traceBackend(): TraceBackend {
  const existing = tf.findBackend(TRACE_BACKEND);
  if (existing) return existing as TraceBackend;
  // The lowest priority: TensorFlow.js must never choose it by itself.
  tf.registerBackend(TRACE_BACKEND, () => new TraceBackend(), 0);
  registerElementwiseKernels();
  registerElementwiseFormulas();
  registerComparisonKernels();
  registerSelectionKernels();
  registerElementTypeKernels();
  registerMatrixKernels();
  registerReductionKernels();
  registerAxisKernels();
  registerLayoutKernels();
  registerSlicingKernels();
  registerConstantKernels();
  return tf.findBackend(TRACE_BACKEND) as TraceBackend;
}

function explain(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  const kernel = /Kernel '(\w+)' not registered/.exec(message)?.[1];
  if (!kernel) return error instanceof Error ? error : new Error(message);
  return new Error(
    `the TensorFlow.js operation ${kernel} has no traced kernel, so this function cannot be compiled; ` +
      'register one in src/compile/kernels or use an eager backend',
    { cause: error },
  );
}

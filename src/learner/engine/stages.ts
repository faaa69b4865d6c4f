import { outputPort } from '../../compile/onnx_runner.js';
import type { Stage } from '../../compile/stage.js';
import { traceOpen } from '../../compile/trace.js';
import { adam } from '../../nn/adam.js';
import { lossAndGradients } from '../../nn/gradients.js';
import { asGroup, type NamedShapes, type NamedTensors, type Shape } from '../../nn/parameters.js';
import { tf } from '../../nn/tensorflow.js';
import type { FollowStep, Sizes } from '../algorithm.js';
import type { DeclaredNetwork, Optimiser, Step, Value } from '../step.js';
import { partsOf } from './placement.js';
import { type PortSource, type RowShapes, StepScope } from './step_scope.js';

/** A step as a stage, with the meaning of its inputs and outputs. */
export interface StepStage {
  stage: Stage;
  /** The meanings of the stage's inputs, by their names. */
  sources: ReadonlyMap<string, PortSource>;
  /** The values among its outputs, by their ports. The others are gradients: `gradient/` and the array. */
  values: ReadonlyMap<string, Value>;
}

/** The group of a gradient among the outputs of a step's stage. */
export const GRADIENT = 'gradient';

/**
 * Runs a step once to find its inputs and results. `rowShapes` has the values of the steps before it, and gets its own.
 * Throws, naming step and value, if it reads a value that is not there, or returns one that has not one row for each
 * transition.
 */
export function traceStep(step: Step, sizes: Sizes, rowShapes: Map<Value, Shape>): StepStage {
  const rows = step.over === 'rows' ? sizes.batchSize / partsOf(sizes) : sizes.batchSize;
  const sources = new Map<string, PortSource>();
  const inputs: Record<string, Shape> = {};
  const outputs: Record<string, Shape> = {};
  const before: RowShapes = new Map(rowShapes);
  const graph = traceOpen((read) => {
    const scope = new StepScope(step, rows, sizes, before, (name, shape, source) => {
      sources.set(name, source);
      inputs[name] = shape;
      return read(name, shape);
    });
    const results = runStep(step, scope);
    for (const [name, tensor] of Object.entries(results)) outputs[name] = [...tensor.shape];
    return results;
  }, outputPort);
  const values = new Map<string, Value>();
  for (const [name, [count, ...row]] of Object.entries(outputs)) {
    if (name.startsWith(`${GRADIENT}/`)) continue;
    if (count !== rows) {
      throw new Error(`step "${step.name}" gives "${name}" [${outputs[name]}]; expected ${rows} rows`);
    }
    const value = step.values[name];
    rowShapes.set(value, row);
    values.set(name, value);
  }
  const run = (tensors: NamedTensors) =>
    runStep(step, new StepScope(step, rows, sizes, before, (name) => tensors[name]));
  return { stage: { name: step.name, inputs, outputs, run, graph }, sources, values };
}

function runStep(step: Step, scope: StepScope): NamedTensors {
  const { trains } = step;
  if (!trains) return step.run(scope).values;
  const { network } = trains;
  const { extras, gradients } = lossAndGradients(scope.weights(network, false), (weights) => {
    const { loss, values } = scope.withWeights(network, weights, () => step.run(scope));
    if (!loss) throw new Error(`step "${step.name}" gives no loss to train "${network.name}" by`);
    return { loss, extras: values };
  });
  return { ...extras, ...asGroup(GRADIENT, gradients) };
}

/** The ports of an optimiser's stage. Weights, moments, average and gradients are each one flat array. */
export const OPTIMISER_PORTS = {
  weights: 'weights',
  first: 'first',
  second: 'second',
  average: 'average',
  stepSize: 'stepSize',
  epsilon: 'epsilon',
  squaredNorm: 'squaredNorm',
} as const;

/** The port of one part's share of the gradient. */
export function gradientPort(part: number): string {
  return `gradient${part}`;
}

/** The name of an optimiser's stage. */
export function optimiserStageName({ name }: Optimiser): string {
  return `${name} optimiser`;
}

/**
 * One step of an optimiser of a network with the sum of the parts' gradients, of the network's average towards its weights if that
 * moves with each, and the sum of the squares of the loss's gradient, without weight decay.
 */
export function optimiserStage(network: DeclaredNetwork, optimiser: Optimiser, parts: number): Stage {
  const { size } = network;
  const rate = network.average?.rate ?? null;
  const { weights, first, second, average, stepSize, epsilon } = OPTIMISER_PORTS;
  const state: NamedShapes = {
    [weights]: [size],
    [first]: [size],
    [second]: [size],
    ...(rate !== null && { [average]: [size] }),
  };
  const gradients = Array.from({ length: parts }, (_, part) => gradientPort(part));
  const run = (tensors: NamedTensors): NamedTensors => {
    const gradient = gradients.map((name) => tensors[name]).reduce((sum, part) => tf.add(sum, part));
    const next = adam(
      { parameters: tensors[weights], firstMoments: tensors[first], secondMoments: tensors[second] },
      decayed(gradient, tensors[weights], optimiser),
      tensors[stepSize],
      tensors[epsilon],
    );
    return {
      [weights]: next.parameters,
      [first]: next.firstMoments,
      [second]: next.secondMoments,
      ...(rate !== null && { [average]: movingAverage(tensors[average], next.parameters, rate) }),
      [OPTIMISER_PORTS.squaredNorm]: tf.sum(tf.square(gradient)),
    };
  };
  return {
    name: optimiserStageName(optimiser),
    inputs: {
      ...state,
      ...Object.fromEntries(gradients.map((name) => [name, [size]])),
      [stepSize]: [],
      [epsilon]: [],
    },
    outputs: { ...state, [OPTIMISER_PORTS.squaredNorm]: [] },
    run,
    elementwise: true,
  };
}

/** A step of a network's average by itself. */
export function followStage({ name, network: { size }, rate }: FollowStep): Stage {
  const { weights, average } = OPTIMISER_PORTS;
  return {
    name,
    inputs: { [weights]: [size], [average]: [size] },
    outputs: { [average]: [size] },
    run: (tensors) => ({ [average]: movingAverage(tensors[average], tensors[weights], rate) }),
    elementwise: true,
  };
}

/** The gradient of the loss with ½·weightDecay·‖weights‖² added. */
function decayed(gradient: tf.Tensor, weights: tf.Tensor, { weightDecay }: Optimiser): tf.Tensor {
  return weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(weights, weightDecay));
}

/** (1 − rate)·average + rate·weights (Polyak and Juditsky 1992). */
function movingAverage(average: tf.Tensor, weights: tf.Tensor, rate: number): tf.Tensor {
  return tf.add(tf.mul(average, 1 - rate), tf.mul(weights, rate));
}

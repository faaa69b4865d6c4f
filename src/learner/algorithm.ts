import type { z } from 'zod';
import type { PackedLayout } from '../nn/packing.js';
import type { NamedTensors, ParameterTable } from '../nn/parameters.js';
import type { tf } from '../nn/tensorflow.js';
import type { StreamName } from '../rng.js';
import type { Metric } from './metrics.js';
import type { Scope } from './scope.js';

/** The sizes that an algorithm's networks and batches follow from. */
export interface Sizes {
  observationDim: number;
  actionDim: number;
  batchSize: number;
}

/** A learning algorithm: its options, declared once, and what follows from them. `docs/algorithms.md` shows how one is written. */
export interface Algorithm<Options> {
  name: string;
  /** Authors, year and arXiv number. */
  paper: string;
  options: z.ZodType<Options>;
  declare(options: Options, sizes: Sizes): Declaration;
}

/**
 * Everything that the engine needs to know of an algorithm with given options. Networks, their averages, noises, subsets,
 * duals, settings and values of steps all have names of their own; so have steps, and optimisers.
 */
export interface Declaration {
  /** In the order in which their fresh weights are drawn. */
  networks: readonly DeclaredNetwork[];
  duals?: readonly Dual[];
  settings?: readonly Setting[];
  /** Training makes updates of `online`, and before of `clone` where a warm start is asked for. */
  phases: Readonly<Record<string, PhaseDeclaration>>;
  policy: PolicyDeclaration;
}

/** One kind of update: its steps in the order of the paper, of which one learns in every update, and its metrics. */
export interface PhaseDeclaration {
  steps: readonly (Step | DualStep)[];
  metrics: readonly Metric[];
}

/** The policy's use outside training. Its functions see one network and nothing else. */
export interface PolicyDeclaration {
  /** The network that acts, a single one. Where it has a moving average, that acts instead, but for exploration. */
  network: DeclaredNetwork;
  /** Actions [n, actionDim] for observations [n, observationDim] and standard normal noise [n, actionDim]. */
  act(scope: PolicyScope, observations: tf.Tensor, noise: tf.Tensor): tf.Tensor;
  /**
   * The most likely action and whatever else an exported policy gives, each [n, actionDim]. It is traced with one n and used
   * with any, so it must not make constants with a row for each observation: `tf.mul(x, 0)` instead of `tf.zerosLike(x)`.
   */
  describe(scope: PolicyScope, observations: tf.Tensor): NamedTensors & { action: tf.Tensor };
  /** The values that histograms show: the policy's actions in an update, and the critics' values of them; null: none. */
  shown: { actions: Value; q: Value } | null;
}

/** The part of an algorithm that a policy's functions see: its network, with its weights or their average. */
export type PolicyScope = Pick<Scope, 'apply'>;

/** A network as the engine sees it: `members` copies of equal shape that are trained apart, or a single one. */
export interface DeclaredNetwork {
  kind: 'single' | 'ensemble';
  name: string;
  members: number;
  table: ParameterTable;
  layout: PackedLayout;
  size: number;
  /** The moving average of its weights, if it has one: each step of the weights moves it by the share `rate` towards them. */
  average: { name: string; rate: number } | null;
}

/** A network that steps can apply to tensors. */
export interface CallableNetwork<Inputs extends tf.Tensor[], Output> extends DeclaredNetwork {
  apply(stored: NamedTensors, ...inputs: Inputs): Output;
}

/** A network without name and number: its parameters, and the function that it computes with them. */
export type NetworkFunction<Inputs extends tf.Tensor[], Output> = Pick<
  CallableNetwork<Inputs, Output>,
  'table' | 'layout' | 'size' | 'apply'
>;

/** Adam with a learning rate of its own. */
export interface Optimiser {
  name: string;
  learningRate: number;
  /** The count of its steps, which several optimisers may share. */
  counter: string;
  /** The steps after which the learning rate has fallen to 0 along half a cosine; null: it stays. */
  decaySteps: number | null;
}

/** A column of a batch, one row a transition. */
export interface Column {
  kind: 'column';
  name: 'observations' | 'actions' | 'rewards' | 'discounts' | 'nextObservations' | 'imitationWeights';
}

/** Standard normal numbers [rows, width], drawn for each update that reads them; all its readers get the same. */
export interface Noise {
  kind: 'noise';
  name: string;
  width: number;
  stream: StreamName;
}

/** `size` different members of an ensemble, drawn for each update that reads them. */
export interface Subset {
  kind: 'subset';
  name: string;
  ensemble: DeclaredNetwork;
  size: number;
  stream: StreamName;
}

/** A positive number that is learnt by its logarithm: the weight of a constraint, such as the entropy's temperature. */
export interface Dual {
  kind: 'dual';
  name: string;
  /** The number, not its logarithm. */
  initial: number;
}

/** A number that training code may change between updates. */
export interface Setting {
  kind: 'setting';
  name: string;
  initial: number;
}

/** A result of a step, one row a transition, that later steps of the same phase read, as a constant to their gradients. */
export interface Value {
  kind: 'value';
  step: Step;
  name: string;
}

/** Anything that a step can read for its own rows or its own member. */
export type Source = Column | Noise | Dual | Setting | Value;

/** A scalar loss for the network that a step trains, null where none is trained, and values [rows, …] for later steps. */
export interface StepResult {
  loss: tf.Tensor | null;
  values: NamedTensors;
}

/** A part of an update: a pure function in TensorFlow.js, compiled from one run of it. */
export interface Step {
  kind: 'step';
  name: string;
  /** The things that are computed apart: `rows`, equal parts of the batch, whose losses are summed, or an ensemble's members. */
  over: 'rows' | DeclaredNetwork;
  /** It runs in every so many updates once, in the last of them. What it reads has to be computed in all of these. */
  every: number;
  /** The members of its ensemble that it runs for; null: all. Its values are read with `chosen` or by steps of the same. */
  only: Subset | null;
  trains: { network: DeclaredNetwork; optimiser: Optimiser } | null;
  run(scope: Scope): StepResult;
  /** Handles of its results, by which later steps and metrics read them. */
  values: Readonly<Record<string, Value>>;
}

/** A step with the names of its results. */
export interface StepGiving<Name extends string> extends Step {
  values: Readonly<Record<Name, Value>>;
}

/** A step of a dual variable down a gradient that is a function of an update's results. */
export interface DualStep {
  kind: 'dual-step';
  name: string;
  every: number;
  dual: Dual;
  optimiser: Optimiser;
  /** The loss's derivative by the logarithm of the dual. */
  gradient: Metric['of'];
}

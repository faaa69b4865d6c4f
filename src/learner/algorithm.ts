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

/** A learning algorithm: its options, declared once, and what follows from them. */
export interface Algorithm<Options> {
  name: string;
  /** Authors, year and arXiv number. */
  paper: string;
  options: z.ZodType<Options>;
  declare(options: Options, sizes: Sizes): Declaration;
}

/** Everything that the engine needs to know of an algorithm with given options. */
export interface Declaration {
  /** In the order in which their fresh weights are drawn. */
  networks: readonly DeclaredNetwork[];
  duals?: readonly Dual[];
  settings?: readonly Setting[];
  phases: Readonly<Record<string, PhaseDeclaration>>;
  policy: PolicyDeclaration;
}

/** One kind of update: its steps in the order of the paper, and what is told of it. */
export interface PhaseDeclaration {
  steps: readonly (Step | DualStep)[];
  metrics: readonly Metric[];
}

/** The policy's use outside training. */
export interface PolicyDeclaration {
  /** The network that acts; where it has a moving average, that is what acts, but for exploration. */
  network: DeclaredNetwork;
  /** Actions [n, actionDim] for observations [n, observationDim] and standard normal noise [n, actionDim]. */
  act(scope: Scope, observations: tf.Tensor, noise: tf.Tensor): tf.Tensor;
  /** The most likely action and whatever else an exported policy gives, each [n, actionDim]. */
  describe(scope: Scope, observations: tf.Tensor): NamedTensors & { action: tf.Tensor };
  /** What the histograms show: the policy's actions in an update, and the critics' values of them; null: nothing. */
  shown: { actions: Value; q: Value } | null;
}

/** A network as the engine sees it: `members` copies of equal shape that are trained apart, or a single one. */
export interface DeclaredNetwork {
  kind: 'single' | 'ensemble';
  name: string;
  members: number;
  table: ParameterTable;
  layout: PackedLayout;
  size: number;
  /** Average of its weights, which each of its steps moves by the share `rate` towards them. */
  average: { name: string; rate: number } | null;
}

/** A network that steps can apply to tensors. */
export interface CallableNetwork<Inputs extends tf.Tensor[], Output> extends DeclaredNetwork {
  apply(stored: NamedTensors, ...inputs: Inputs): Output;
}

/** The function of a network: what it is made of and what it computes from the stored parameters. */
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

/** Standard normal numbers [rows, width], drawn for each update that needs them. */
export interface Noise {
  kind: 'noise';
  name: string;
  width: number;
  stream: StreamName;
}

/** `size` members of an ensemble, drawn for each update that needs them. */
export interface Subset {
  kind: 'subset';
  name: string;
  ensemble: DeclaredNetwork;
  size: number;
  stream: StreamName;
}

/** A positive number that is learnt, by its logarithm: the weight of a constraint, such as the entropy's temperature. */
export interface Dual {
  kind: 'dual';
  name: string;
  initial: number;
}

/** A number that training code may change between updates. */
export interface Setting {
  kind: 'setting';
  name: string;
  initial: number;
}

/** A result of a step, one row a transition, that later steps read. */
export interface Value {
  kind: 'value';
  step: Step;
  name: string;
}

/** What a step can read for its own rows or its own member. */
export type Source = Column | Noise | Dual | Setting | Value;

/** A loss for the network that a step trains, and values for later steps; the loss is null where nothing is trained. */
export interface StepResult {
  loss: tf.Tensor | null;
  values: NamedTensors;
}

/** A part of an update: a pure function. */
export interface Step {
  kind: 'step';
  name: string;
  /** `rows`: parts of the batch are computed apart and losses are summed; an ensemble: its members. */
  over: 'rows' | DeclaredNetwork;
  /** In every so many updates it runs once, in the last of them. */
  every: number;
  /** The members that it runs for; null for all. */
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

/** A step of a dual variable along a gradient that is a function of an update's results. */
export interface DualStep {
  kind: 'dual-step';
  name: string;
  every: number;
  dual: Dual;
  optimiser: Optimiser;
  /** The loss's derivative by the logarithm of the dual. */
  gradient: Metric['of'];
}

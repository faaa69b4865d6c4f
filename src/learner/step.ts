import type { ColumnName } from '../buffers/columns.js';
import type { PackedLayout } from '../nn/packing.js';
import type { NamedTensors, ParameterTable } from '../nn/parameters.js';
import type { tf } from '../nn/tensorflow.js';
import type { StreamName } from '../rng.js';

/** A network as the engine sees it: `members` copies of equal shape that are trained apart, or a single one. */
export interface DeclaredNetwork {
  kind: 'single' | 'ensemble';
  name: string;
  members: number;
  table: ParameterTable;
  layout: PackedLayout;
  size: number;
  form: NetworkForm;
  /**
   * The moving average of its weights, if it has one. Each step of the weights moves it by the share `rate` towards them;
   * null: steps of its own do (`follow`).
   */
  average: { name: string; rate: number | null } | null;
}

/**
 * The meaning of a network's parameters, in words. Networks of equal form and shapes give the same for the same parameters, so an
 * algorithm can go on with those of another (`carryOver`).
 */
export interface NetworkForm {
  /** The thing that it gives: `action value`, `state value`; of every policy whose mode is tanh of its layer `head`, `policy`. */
  gives: string;
  /** The hidden layers' function, but for their widths. */
  hidden: string;
  deviation?: Deviation;
}

/** The way in which a policy gives its deviation: by the second half of its head, by free numbers, or not at all. */
export type Deviation = 'head' | 'clipped numbers' | 'smooth numbers' | 'none';

/** A network that steps can apply to tensors. */
export interface CallableNetwork<Inputs extends tf.Tensor[], Output> extends DeclaredNetwork {
  apply(stored: NamedTensors, ...inputs: Inputs): Output;
}

/** A network without name and number: its parameters, and the function that it computes with them. */
export type NetworkFunction<Inputs extends tf.Tensor[], Output> = Pick<
  CallableNetwork<Inputs, Output>,
  'table' | 'layout' | 'size' | 'form' | 'apply'
>;

/** An optimiser, Adam, with a learning rate of its own. */
export interface Optimiser {
  name: string;
  learningRate: number;
  /** The count of its steps, which several optimisers may share. */
  counter: string;
  /** The curve along which the learning rate falls to 0 in a phase whose number of updates is known; null: it stays. */
  decay: Decay | null;
  /** The weight of ½‖weights‖² in the loss of a network. */
  weightDecay: number;
}

/** A curve from 1 to 0: a straight line, or half a cosine. */
export type Decay = 'linear' | 'cosine';

/** A column of a batch, one row a transition. The imitation weights follow from the batch's number of demonstrations. */
export interface Column {
  kind: 'column';
  name: ColumnName | 'imitationWeights';
}

/** Random numbers [rows, width], drawn for each update that reads them; all its readers get the same. */
export interface Noise {
  kind: 'noise';
  name: string;
  /** Standard normal, or uniform from −1 to 1. */
  distribution: 'normal' | 'uniform';
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

/** A number that follows from the training's progress. */
export interface Setting {
  kind: 'setting';
  name: string;
  /** Its value after so many env steps. */
  at(envSteps: number): number;
}

/** A number that follows from the steps that an optimiser has made. */
export interface Schedule {
  kind: 'schedule';
  name: string;
  /** The count of these steps: see {@link Optimiser}. */
  counter: string;
  /** Its value in an update that so many of them come before. */
  at(steps: number): number;
}

/** A result of a step, one row a transition, that later steps of the same phase read, as a constant to their gradients. */
export interface Value {
  kind: 'value';
  step: Step;
  name: string;
}

/** The kinds of data that a step can read for its own rows or its own member. */
export type Source = Column | Noise | Dual | Setting | Schedule | Value;

/**
 * A step's view of the rest of an algorithm. "Its rows" are all rows of the batch in a step over the batch or an ensemble, and
 * in a step over rows one of the equal parts that are computed apart: two halves, or the whole if their number is odd. So a
 * step over rows must not mix rows: a loss is a sum, divided by `batchSize` for a mean.
 */
export interface Scope {
  /**
   * A column, noise or a value on the step's rows, [rows, …]: of a value of the same ensemble, its own member's. A setting,
   * a schedule, or the logarithm of a dual variable: a scalar. A value of another ensemble is read by `members` or `chosen`.
   */
  read(source: Source): tf.Tensor;
  /** The values that all members of an ensemble have given, on the step's rows, each [rows, …]. */
  members(value: Value): tf.Tensor[];
  /**
   * The one of several values, of equal shapes and not of an ensemble, that belongs to the step's own member, [rows, …]: members in equal
   * parts, one after another, share one each. So of as many values as there are pairs of critics, both critics of a pair get theirs.
   */
  own(values: readonly Value[]): tf.Tensor;
  /** The values of the members that were drawn, in the order in which they were, on the step's rows. */
  chosen(value: Value, subset: Subset): tf.Tensor[];
  /**
   * The output of a network for these inputs. Only a step over rows can apply a single network, and only a step over an
   * ensemble its own member; others read a value of such a step.
   */
  apply<Inputs extends tf.Tensor[], Output>(
    network: CallableNetwork<Inputs, Output>,
    ...inputs: Inputs
  ): Output;
  /** The output with the moving average of the network's weights. */
  applyAverage<Inputs extends tf.Tensor[], Output>(
    network: CallableNetwork<Inputs, Output>,
    ...inputs: Inputs
  ): Output;
}

/** A scalar loss for the network that a step trains, null where none is trained, and values [rows, …] for later steps. */
export interface StepResult {
  loss: tf.Tensor | null;
  values: NamedTensors;
}

/** A part of an update: a pure function in TensorFlow.js, compiled from one run of it. */
export interface Step {
  kind: 'step';
  name: string;
  /**
   * The things that are computed apart: `rows`, equal parts of the batch, whose losses are summed, or an ensemble's members.
   * A step over the `batch` is not divided: it sees all rows, and no network.
   */
  over: 'rows' | 'batch' | DeclaredNetwork;
  /**
   * The number of updates in which it runs once, in the last of them. The values that it reads have to be computed in
   * all of these updates.
   */
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

import { COLUMN_NAMES, type COLUMNS, type ColumnName } from '../buffers/columns.js';
import type { NamedTensors } from '../nn/parameters.js';
import type { tf } from '../nn/tensorflow.js';
import type { StreamName } from '../rng.js';
import type { DualStep, FollowStep } from './algorithm.js';
import type {
  CallableNetwork,
  Column,
  DeclaredNetwork,
  Dual,
  NetworkFunction,
  Noise,
  Optimiser,
  Schedule,
  Scope,
  Setting,
  Step,
  StepGiving,
  Subset,
  Value,
} from './step.js';

/**
 * The columns of a batch, [rows] or [rows, width]. Observations are normalised. A column that not all batches have is made
 * for an algorithm whose steps read it.
 */
export const batch = {
  ...columnsByName(),
  /** 1 / the number of demonstration rows for each of them, 0 for other rows. */
  imitationWeights: { kind: 'column', name: 'imitationWeights' },
} as const satisfies Record<Column['name'], Column>;

function columnsByName(): { readonly [Name in keyof typeof COLUMNS]: Column } {
  const columns = COLUMN_NAMES.map((name): [string, Column] => [name, { kind: 'column', name }]);
  return Object.fromEntries(columns) as Record<ColumnName, Column>;
}

/** A single network. `average` names the moving average of its weights, if it is to have one. */
export function single<Inputs extends tf.Tensor[], Output>(
  name: string,
  network: NetworkFunction<Inputs, Output>,
  average: DeclaredNetwork['average'] = null,
): CallableNetwork<Inputs, Output> {
  return { kind: 'single', name, members: 1, ...network, average };
}

/** Networks of equal shape with weights of their own, each trained by itself. `average` is as for a single one. */
export function ensemble<Inputs extends tf.Tensor[], Output>(
  name: string,
  members: number,
  network: NetworkFunction<Inputs, Output>,
  average: DeclaredNetwork['average'] = null,
): CallableNetwork<Inputs, Output> {
  return { kind: 'ensemble', name, members, ...network, average };
}

/**
 * An optimiser (Kingma and Ba 2015) of one network or dual variable. `counter` is shared by optimisers that count the same
 * steps; with `decay` the learning rate falls to 0 over the updates of a phase. `weightDecay` times a network's weights is added to
 * their gradient before the moments, as torch's Adam does, for which papers state the number. AdamW (Loshchilov and Hutter
 * 2019) takes it off the weights themselves: there 1e-4 would be next to nothing.
 */
export function adam(
  name: string,
  learningRate: number,
  {
    counter = name,
    decay = null,
    weightDecay = 0,
  }: Partial<Pick<Optimiser, 'counter' | 'decay' | 'weightDecay'>> = {},
): Optimiser {
  return { name, learningRate, counter, decay, weightDecay };
}

/** Standard normal numbers, one row a transition. Random numbers come into a step by this or {@link uniform}. */
export function normal(name: string, width: number, stream: StreamName = 'agent-noise'): Noise {
  return { kind: 'noise', name, distribution: 'normal', width, stream };
}

/** Uniform numbers from −1 to 1, the range of actions, one row a transition. */
export function uniform(name: string, width: number, stream: StreamName = 'agent-noise'): Noise {
  return { kind: 'noise', name, distribution: 'uniform', width, stream };
}

/** Members of an ensemble, `size` of them, drawn anew for each update. */
export function subset(name: string, of: DeclaredNetwork, size: number, stream: StreamName): Subset {
  return { kind: 'subset', name, ensemble: of, size, stream };
}

/** A positive number that is learnt, `initial` at first. Steps read its logarithm, metrics the number. */
export function dual(name: string, initial: number): Dual {
  return { kind: 'dual', name, initial };
}

/** A number that follows from the training's progress: its value after so many env steps. */
export function setting(name: string, at: Setting['at']): Setting {
  return { kind: 'setting', name, at };
}

/** A number that follows from the steps that `optimiser` has made: its value in an update that so many come before. */
export function schedule(name: string, { counter }: Optimiser, at: Schedule['at']): Schedule {
  return { kind: 'schedule', name, counter, at };
}

/**
 * A step that computes values [rows, …] for later steps, and trains nothing. What mixes the rows of a batch is computed over
 * the `batch`, or over an ensemble.
 */
export function compute<Out extends Results>(
  place: { name: string; over: Step['over']; every?: number; only?: Subset },
  run: (scope: Scope) => Out,
): StepGiving<NamesOf<Out>> {
  const { name, over, every = 1, only = null } = place;
  return withValues({
    kind: 'step',
    name,
    over,
    every,
    only,
    trains: null,
    run: (scope) => ({ loss: null, values: present(run(scope)) }),
  });
}

/**
 * A step of a network down its loss, after which an average with a rate moves towards it. `loss` gives a scalar named `loss` and values
 * [rows, …] for later steps. For an ensemble that scalar is one member's loss over the whole batch. For a single network
 * it is the part that some rows of the batch contribute: a sum over these rows, divided by `batchSize` for a mean.
 */
export function train<Out extends Results & { loss: tf.Tensor }>(
  place: { name: string; network: DeclaredNetwork; optimiser: Optimiser; every?: number },
  loss: (scope: Scope) => Out,
): StepGiving<Exclude<NamesOf<Out>, 'loss'>> {
  const { name, network, optimiser, every = 1 } = place;
  return withValues({
    kind: 'step',
    name,
    over: network.kind === 'ensemble' ? network : 'rows',
    every,
    only: null,
    trains: { network, optimiser },
    run: (scope) => {
      const { loss: value, ...values } = loss(scope);
      return { loss: value, values: present(values) };
    },
  });
}

/**
 * A step of a network's average towards its weights, by the share `rate`: for an average that does not move with each step
 * of the weights, but more rarely or before them.
 */
export function follow(place: {
  name: string;
  network: DeclaredNetwork;
  rate: number;
  every?: number;
}): FollowStep {
  return { kind: 'follow-step', every: 1, ...place };
}

/** A step of a dual variable. `gradient` is the loss's derivative by the logarithm, from an update's values. */
export function steer(
  place: { name: string; dual: Dual; optimiser: Optimiser; every?: number },
  gradient: DualStep['gradient'],
): DualStep {
  const { name, optimiser, every = 1 } = place;
  return { kind: 'dual-step', name, every, dual: place.dual, optimiser, gradient };
}

/** Results by their names; one that an option leaves out is undefined. */
type Results = Record<string, tf.Tensor | undefined>;

/** The names of results, also of those that are not always there. */
type NamesOf<Out> = Out extends unknown ? keyof Out & string : never;

function present(results: Results): NamedTensors {
  const found = Object.entries(results).filter(
    (entry): entry is [string, tf.Tensor] => entry[1] !== undefined,
  );
  return Object.fromEntries(found);
}

/** Adds the handles of the results. Their names are only known when the step has run, so a handle is made when asked for. */
function withValues<Name extends string>(step: Omit<Step, 'values'>): StepGiving<Name> {
  const known = new Map<string, Value>();
  const values = new Proxy({} as Record<Name, Value>, {
    get(_, name: string) {
      const value = known.get(name) ?? { kind: 'value', step: result, name };
      known.set(name, value);
      return value;
    },
  });
  const result: StepGiving<Name> = { ...step, values };
  return result;
}

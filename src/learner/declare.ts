import type { NamedTensors } from '../nn/parameters.js';
import type { tf } from '../nn/tensorflow.js';
import type { StreamName } from '../rng.js';
import type {
  CallableNetwork,
  Column,
  DeclaredNetwork,
  Dual,
  DualStep,
  NetworkFunction,
  Noise,
  Optimiser,
  Setting,
  Step,
  StepGiving,
  Subset,
  Value,
} from './algorithm.js';
import type { Scope } from './scope.js';

/** The columns of a batch. */
export const batch = {
  observations: { kind: 'column', name: 'observations' },
  actions: { kind: 'column', name: 'actions' },
  /** The sum of the next n rewards, discounted. */
  rewards: { kind: 'column', name: 'rewards' },
  /** γⁿ, or 0 where the task terminated. */
  discounts: { kind: 'column', name: 'discounts' },
  nextObservations: { kind: 'column', name: 'nextObservations' },
  /** 1 / the number of demonstration rows in those, 0 in others. */
  imitationWeights: { kind: 'column', name: 'imitationWeights' },
} as const satisfies Record<string, Column>;

/** One network, of which the threads that compute halves of a batch have a copy each. `average`: a target or averaged policy. */
export function single<Inputs extends tf.Tensor[], Output>(
  name: string,
  network: NetworkFunction<Inputs, Output>,
  average: DeclaredNetwork['average'] = null,
): CallableNetwork<Inputs, Output> {
  return { kind: 'single', name, members: 1, ...network, average };
}

/** An ensemble of `members` networks of one shape, spread over the threads. */
export function ensemble<Inputs extends tf.Tensor[], Output>(
  name: string,
  members: number,
  network: NetworkFunction<Inputs, Output>,
  average: DeclaredNetwork['average'] = null,
): CallableNetwork<Inputs, Output> {
  return { kind: 'ensemble', name, members, ...network, average };
}

/** Adam (Kingma and Ba 2015); `counter` shares a count of steps, `decaySteps` lets the rate fall to 0 along half a cosine. */
export function adam(
  name: string,
  learningRate: number,
  { counter = name, decaySteps = null }: Partial<Pick<Optimiser, 'counter' | 'decaySteps'>> = {},
): Optimiser {
  return { name, learningRate, counter, decaySteps };
}

/** Standard normal numbers [rows, width]. The streams of the same name are drawn from in the order of the steps. */
export function normal(name: string, width: number, stream: StreamName = 'agent-noise'): Noise {
  return { kind: 'noise', name, width, stream };
}

/** `size` of an ensemble's members, drawn without repetition. */
export function subset(name: string, of: DeclaredNetwork, size: number, stream: StreamName): Subset {
  return { kind: 'subset', name, ensemble: of, size, stream };
}

/** A positive number that is learnt, with its value at the start. */
export function dual(name: string, initial: number): Dual {
  return { kind: 'dual', name, initial };
}

/** A number that training code may change between updates, with its value at the start. */
export function setting(name: string, initial: number): Setting {
  return { kind: 'setting', name, initial };
}

/** A step that only computes. */
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
 * A step of a network down its loss, and of its average towards it. The loss of an ensemble is each member's; that of a
 * single network is the part that some rows of the batch contribute, so it has to be a sum over rows.
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

/** A step of a dual variable. */
export function steer(
  place: { name: string; dual: Dual; optimiser: Optimiser; every?: number },
  gradient: DualStep['gradient'],
): DualStep {
  const { name, optimiser, every = 1 } = place;
  return { kind: 'dual-step', name, every, dual: place.dual, optimiser, gradient };
}

/** Results by their names; one that an option leaves out is absent. */
type Results = Record<string, tf.Tensor | undefined>;

/** The names of results, also of those that are not always there. */
type NamesOf<Out> = Out extends unknown ? keyof Out & string : never;

function present(results: Results): NamedTensors {
  const found = Object.entries(results).filter(
    (entry): entry is [string, tf.Tensor] => entry[1] !== undefined,
  );
  return Object.fromEntries(found);
}

/** Adds the handles of the results: one object for each name, whenever it is asked for. */
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

import { unpackArrays } from '../nn/packing.js';
import { inGroup, type ParameterTable } from '../nn/parameters.js';
import type { Agent, AgentState } from './agent.js';
import { memberName } from './engine/memory.js';
import type { DeclaredNetwork } from './step.js';

/** The beginning of a network of an agent that goes on where another has learnt. */
export interface Beginning {
  network: string;
  /**
   * The part that is the other agent's: all of it, of a policy its modes alone, the deviations of its actions being new, or nothing.
   */
  carried: 'all' | 'modes' | 'nothing';
  /** The reason why nothing is, in words; else null. */
  reason: string | null;
}

/**
 * Gives an untrained agent of another algorithm, of the same sizes and the same view of observations, what it has in common with one that
 * has learnt: networks, with their averages, and the normalisation of observations. Optimisers, dual variables and random streams begin
 * anew. Two networks are the same if they agree in name, form and shapes; of an ensemble with fewer members the first ones are carried
 * over. Policies that agree but for their deviations have the same modes: the new one's deviations begin in the middle of their limits, or
 * at 1 where they are clipped to these. Returns how each of the new agent's networks begins.
 */
export async function carryOver(from: Agent, to: Agent): Promise<Beginning[]> {
  const [old, fresh] = [await from.getState(), await to.getState()];
  const tensors = { ...fresh.tensors };
  for (const name of ['observationMean', 'observationScale']) tensors[name] = old.tensors[name];
  const beginnings = to.networks.map((network): Beginning => {
    const known = from.networks.find(({ name }) => name === network.name);
    const reason = known
      ? difference(known, network, from.algorithm, to.algorithm)
      : `${from.algorithm} has none`;
    if (!known || reason !== null) return { network: network.name, carried: 'nothing', reason };
    for (let k = 0; k < network.members; k++) copyMember(old, known, tensors, network, k);
    const isWhole = known.form.deviation === network.form.deviation;
    return { network: network.name, carried: isWhole ? 'all' : 'modes', reason: null };
  });
  await to.setState({ ...fresh, tensors });
  return beginnings;
}

/** The beginnings of an agent's networks in one line, for the person who trains it. */
export function beginningsText(from: string, to: string, beginnings: readonly Beginning[]): string {
  const parts = beginnings.map(({ network, carried, reason }) => {
    if (carried === 'all') return `${network} from ${from}`;
    if (carried === 'modes') return `${network} from ${from}, with new deviations of its actions`;
    return `${network} anew (${reason})`;
  });
  return `${to} goes on where ${from} has learnt: ${parts.join('; ')}`;
}

/** The reason why a network can't begin as `known` of another algorithm, in words; null if it can. */
function difference(
  known: DeclaredNetwork,
  network: DeclaredNetwork,
  from: string,
  to: string,
): string | null {
  if (known.kind !== network.kind) return 'it is an ensemble in one of them alone';
  if (known.form.gives !== network.form.gives) {
    return `it gives a ${network.form.gives}, that of ${from} a ${known.form.gives}`;
  }
  if (known.members < network.members) {
    return `${to} has ${network.members}, ${from} ${known.members}`;
  }
  if (known.form.hidden !== network.form.hidden) {
    return `it has ${network.form.hidden}, that of ${from} ${known.form.hidden}`;
  }
  const [own, other] = [network, known].map(({ table }) => hiddenWidths(table));
  if (own !== other) return `its hidden layers have the widths [${own}], those of ${from} [${other}]`;
  return hasSameShapes(known, network) ? null : `its parameters have other shapes than those of ${from}`;
}

/** The widths of a network's hidden layers. */
function hiddenWidths(table: ParameterTable): string {
  const biases = Object.entries(table).filter(([name]) => /hidden\d+\/bias$/.test(name));
  return biases.map(([, { shape }]) => shape[0]).join(', ');
}

/** True if all parameters have the same shapes; of policies those of the hidden layers, on which the modes depend. */
function hasSameShapes(known: DeclaredNetwork, network: DeclaredNetwork): boolean {
  const shapesOf = ({ table, form }: DeclaredNetwork) =>
    Object.entries(table)
      .filter(([name]) => form.gives !== 'policy' || name.startsWith('hidden'))
      .map(([name, { shape }]) => `${name} ${shape}`)
      .join();
  return shapesOf(known) === shapesOf(network);
}

/** Copies one member's weights and, if the new network has an average, that of the old one, or its weights if it has none. */
function copyMember(
  old: AgentState,
  known: DeclaredNetwork,
  tensors: AgentState['tensors'],
  network: DeclaredNetwork,
  member: number,
): void {
  const copy = (source: string, destination: string) => {
    const before = parametersOf(old.tensors, memberName(source, known, member), known);
    const after = parametersOf(tensors, memberName(destination, network, member), network);
    if (network.form.gives === 'policy') copyPolicy(before, after, known, network);
    else for (const [name, values] of Object.entries(after)) values.set(before[name]);
  };
  copy(known.name, network.name);
  if (network.average) copy(known.average?.name ?? known.name, network.average.name);
}

/** The parameters in a group of a state's tensors, by name, which are not copied. */
function parametersOf(
  tensors: AgentState['tensors'],
  group: string,
  { layout }: DeclaredNetwork,
): Record<string, Float32Array> {
  const stored = Object.entries(inGroup(group, tensors)).map(([name, { data }]) => [name, data] as const);
  return unpackArrays(Object.fromEntries(stored), layout);
}

/**
 * Copies a policy's parameters. Where it gives its deviations in another way than before, the head keeps the part that means modes, its
 * first columns, and all that deviations follow from is 0.
 */
function copyPolicy(
  before: Record<string, Float32Array>,
  after: Record<string, Float32Array>,
  known: DeclaredNetwork,
  network: DeclaredNetwork,
): void {
  const isWhole = known.form.deviation === network.form.deviation;
  for (const [name, values] of Object.entries(after)) {
    if (isWhole || name.startsWith('hidden')) values.set(before[name]);
    else if (!name.startsWith('head/')) values.fill(0);
    else copyColumns(before[name], widthOf(known, name), values, widthOf(network, name));
  }
}

/** The columns of a matrix, or the entries of a vector. */
function widthOf({ table }: DeclaredNetwork, name: string): number {
  return table[name].shape.at(-1)!;
}

/** Writes the first columns of a matrix that both have; further ones become 0. */
function copyColumns(from: Float32Array, fromWidth: number, to: Float32Array, toWidth: number): void {
  const width = Math.min(fromWidth, toWidth);
  to.fill(0);
  for (let row = 0; row * toWidth < to.length; row++) {
    to.set(from.subarray(row * fromWidth, row * fromWidth + width), row * toWidth);
  }
}

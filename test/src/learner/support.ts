import { randomBatches as batchesOfSizes } from '../../../scripts/bench/learner_case.js';
import { type RlpdOptions, rlpd } from '../../../src/algorithms/rlpd.js';
import { COLUMN_NAMES, isOptional } from '../../../src/buffers/columns.js';
import { columnsOf, type TransitionBatches } from '../../../src/buffers/transitions.js';
import type { Agent, AgentState, Metrics } from '../../../src/learner/agent.js';
import type { Algorithm, Sizes } from '../../../src/learner/algorithm.js';
import { createLearner, type LearnerOptions } from '../../../src/learner/learner.js';

/** Sizes of a learner that is quick even when it is run operation by operation. */
export const SMALL: Sizes = { observationDim: 6, actionDim: 3, batchSize: 8 };

export const SMALL_NETWORKS = { actorFeatures: [16, 12], criticFeatures: [16, 12] };

export const SEED = 1;

/** A learner by RLPD, the algorithm that uses most of what there is. */
export function smallLearner(
  options: Partial<RlpdOptions> = {},
  place: Partial<LearnerOptions> = {},
  sizes: Sizes = SMALL,
): Promise<Agent> {
  return createLearner(rlpd, { ...SMALL_NETWORKS, ...options }, sizes, { seed: SEED, threads: 1, ...place });
}

/** `count` batches of random transitions, half of them demonstrations, with all the columns that there are. */
export function randomBatches(count: number, seed = 1, sizes: Sizes = SMALL): TransitionBatches {
  return batchesOfSizes(count, seed, sizes, COLUMN_NAMES.filter(isOptional));
}

/** Batches number `first` to `first + count − 1` of some. */
export function someOf(batches: TransitionBatches, first: number, count: number): TransitionBatches {
  const cut = (array: Float32Array) => {
    const size = array.length / batches.count;
    return array.slice(first * size, (first + count) * size);
  };
  return {
    ...batches,
    count,
    ...Object.fromEntries(columnsOf(batches).map(([name, column]) => [name, cut(column)])),
  };
}

/** The first `rows` random observations. */
export function someObservations(rows: number, { observationDim }: Sizes = SMALL): Float32Array {
  return randomBatches(4).observations.slice(0, rows * observationDim);
}

/** The actions that an agent takes. */
export async function actionsOf(
  agent: Agent,
  observations: Float32Array,
  choice: Parameters<Agent['act']>[2],
): Promise<Float32Array> {
  const actions = new Float32Array((observations.length / agent.observationDim) * agent.actionDim);
  await agent.act(observations, actions, choice);
  return actions;
}

/** The largest difference of any number in two states of like agents, and the tensor it is in. */
export async function stateDifference(a: Agent, b: Agent): Promise<{ difference: number; name: string }> {
  const [left, right] = [(await a.getState()).tensors, (await b.getState()).tensors];
  let worst = { difference: 0, name: 'none' };
  for (const [name, { data }] of Object.entries(left)) {
    data.forEach((value, i) => {
      // Relative for large numbers (moments), absolute for small ones.
      const difference = Math.abs(value - right[name].data[i]) / Math.max(1, Math.abs(value));
      if (!(difference <= worst.difference)) worst = { difference, name };
    });
  }
  return worst;
}

/**
 * The metrics and the tensors of a small learner after its first update. The arrays whose names begin with `changed` hold other
 * numbers before it than fresh ones.
 */
export async function afterOneUpdate(
  algorithm: Algorithm<object>,
  options: object,
  changed: string | null = null,
): Promise<{ metrics: Metrics; tensors: AgentState['tensors'] }> {
  const place = { seed: SEED, threads: 1 };
  const learner = await createLearner(algorithm, { ...SMALL_NETWORKS, ...options }, SMALL, place);
  const state = await learner.getState();
  for (const [name, { data }] of Object.entries(state.tensors)) {
    if (changed !== null && name.startsWith(changed)) data.set(data.map((value) => 0.5 * value + 0.1));
  }
  await learner.setState(state);
  const metrics = await learner.update(randomBatches(1));
  const { tensors } = await learner.getState();
  await dispose(learner);
  return { metrics, tensors };
}

/** The tensors whose names match. */
export function tensorsOf(tensors: AgentState['tensors'], names: RegExp): AgentState['tensors'] {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => names.test(name)));
}

export async function dispose(...agents: readonly Agent[]): Promise<void> {
  await Promise.all(agents.map((agent) => agent.dispose()));
}

import type { NamedShapes } from '../nn/parameters.js';
import { sizeOf } from '../nn/parameters.js';
import type { RandomStream } from '../rng.js';
import type { AgentState } from './agent.js';

type Counters = Record<string, number>;
type Streams = Record<string, RandomStream>;

/**
 * The state of a learner by `algorithm`: its arrays of these names and shapes, which are not copied, with copies of its
 * counters and streams.
 */
export function packState(
  algorithm: string,
  arrays: Readonly<Record<string, Float32Array>>,
  shapes: NamedShapes,
  counters: Counters,
  streams: Streams,
): AgentState {
  const tensors = Object.entries(shapes).map(
    ([name, shape]) =>
      [name, { shape: [...shape], data: arrays[name] }] as [string, AgentState['tensors'][string]],
  );
  const streamStates = Object.entries(streams).map(([name, stream]) => [name, stream.getState()] as const);
  return {
    algorithm,
    tensors: Object.fromEntries(tensors),
    counters: { ...counters },
    streams: Object.fromEntries(streamStates),
  };
}

/**
 * Throws, naming what differs, if a packed state is not that of a learner by `algorithm` with such arrays, counters and
 * streams.
 */
export function checkState(
  state: AgentState,
  algorithm: string,
  shapes: NamedShapes,
  counters: Counters,
  streams: Streams,
): void {
  if (state.algorithm !== algorithm) {
    throw new Error(
      `the saved state is one of the algorithm ${state.algorithm}, and this agent learns by ${algorithm}`,
    );
  }
  requireSameNames('tensor', Object.keys(shapes), Object.keys(state.tensors));
  requireSameNames('counter', Object.keys(counters), Object.keys(state.counters));
  requireSameNames('stream', Object.keys(streams), Object.keys(state.streams));
  for (const [name, shape] of Object.entries(shapes)) {
    const { shape: found, data } = state.tensors[name];
    if (found.join() !== shape.join()) {
      throw new Error(
        `tensor "${name}" has shape [${found}] in the saved state, but [${shape}] in this agent`,
      );
    }
    if (data.length !== sizeOf(shape)) {
      throw new Error(`tensor "${name}" [${shape}] of the saved state holds ${data.length} numbers`);
    }
  }
}

function requireSameNames(kind: string, wanted: readonly string[], found: readonly string[]): void {
  const missing = wanted.find((name) => !found.includes(name));
  if (missing !== undefined) throw new Error(`the saved state lacks the ${kind} "${missing}" of this agent`);
  const extra = found.find((name) => !wanted.includes(name));
  if (extra !== undefined)
    throw new Error(`the saved state has a ${kind} "${extra}" that this agent does not`);
}

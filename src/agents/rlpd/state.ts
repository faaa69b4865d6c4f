import type { StageExecutor } from '../../compile/stage.js';
import { type NamedShapes, sizeOf } from '../../nn/parameters.js';
import type { RandomStream } from '../../rng.js';
import type { AgentState } from '../agent.js';

type Counters = Record<string, number>;
type Streams = Record<string, RandomStream>;

/** A copy of the learner's arrays, step counters and random streams. */
export function packState(
  executor: StageExecutor,
  shapes: NamedShapes,
  counters: Counters,
  streams: Streams,
): AgentState {
  const tensors = Object.entries(shapes).map(([name, shape]) => {
    return [name, { shape: [...shape], data: executor.read(name) }] as [
      string,
      AgentState['tensors'][string],
    ];
  });
  const streamStates = Object.entries(streams).map(([name, stream]) => [name, stream.getState()] as const);
  return {
    tensors: Object.fromEntries(tensors),
    counters: { ...counters },
    streams: Object.fromEntries(streamStates),
  };
}

/** Puts a packed state back. Throws, before changing anything, if it is not that of such a learner. */
export function unpackState(
  state: AgentState,
  executor: StageExecutor,
  shapes: NamedShapes,
  counters: Counters,
  streams: Streams,
): void {
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
  for (const [name, shape] of Object.entries(shapes)) executor.write(name, state.tensors[name].data, shape);
  Object.assign(counters, state.counters);
  for (const [name, stream] of Object.entries(streams)) stream.setState(state.streams[name]);
}

function requireSameNames(kind: string, wanted: readonly string[], found: readonly string[]): void {
  const missing = wanted.find((name) => !found.includes(name));
  if (missing !== undefined) throw new Error(`the saved state lacks the ${kind} "${missing}" of this agent`);
  const extra = found.find((name) => !wanted.includes(name));
  if (extra !== undefined)
    throw new Error(`the saved state has a ${kind} "${extra}" that this agent does not`);
}

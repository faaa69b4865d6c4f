import type { EnvironmentState } from '../env.js';
import { NumpyRandom } from '../numpy_random.js';
import type { Task } from './define_task.js';
import { ObservationWriter } from './observation.js';
import { toRows } from './state_dict.js';
import type { Numbers } from './task.js';
import { inFilePrecision } from './task_instance.js';

/** The start of an episode as others recorded it, beside its state. */
export interface RecordedStart {
  /** Reads the observation [observationDim]; null if there is none. */
  observe(): Float32Array | null;
  /** The episode's seed in ManiSkill; null if it is not known. */
  seed: number | null;
}

/**
 * Adds the geometry of the episode to its first state as others recorded it, since ManiSkill's layout has no place for
 * it: it is computed from the observation, or drawn by the seed where nothing was observed. Returns the state itself if
 * it lacks nothing. Throws if the geometry can't be found.
 */
export function withGeometry(state: EnvironmentState, task: Task, start: RecordedStart): EnvironmentState {
  if (!task.geometry || state.geometry) return state;
  const geometry = observedGeometry(state, task, start.observe()) ?? drawnGeometry(state, task, start.seed);
  return { ...state, geometry: toRows(inFilePrecision(geometry)) };
}

function observedGeometry(
  state: EnvironmentState,
  task: Task,
  observation: Float32Array | null,
): Numbers | null {
  if (!task.geometry || !observation) return null;
  const layout = new ObservationWriter(task);
  if (observation.length !== layout.dim) {
    throw new Error(`${task.id}: an observation of ${observation.length} values; it has ${layout.dim}`);
  }
  const numbers = task.geometry.recover(layout.views(observation), state.actors);
  if (task.geometry.fits(numbers, state.actors)) return numbers;
  const sizes = Object.entries(numbers).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
  throw new Error(
    `${task.id}: the state is one of bodies of other sizes than those that were observed (${sizes.join(', ')})`,
  );
}

function drawnGeometry(state: EnvironmentState, { id, geometry }: Task, seed: number | null): Numbers {
  const drawn = seed === null ? null : geometry?.draw(new NumpyRandom(seed));
  if (drawn && geometry?.fits(drawn, state.actors)) return drawn;
  const problem = seed === null ? 'no seed is known' : `those of seed ${seed} are others`;
  throw new Error(
    `${id}: the sizes of its bodies differ between episodes; nothing was observed here that tells them, and ` +
      `${problem}. Record it with observations of the state`,
  );
}

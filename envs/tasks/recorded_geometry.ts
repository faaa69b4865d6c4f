import type { EnvironmentState } from '../env.js';
import type { Task } from './define_task.js';
import { ObservationWriter } from './observation.js';
import { toRows } from './state_dict.js';

/**
 * Adds the geometry of the episode to a state that was recorded elsewhere, since ManiSkill's layout has no place for
 * it. It is computed from the observation [observationDim] of that state. Returns the state itself if it lacks
 * nothing, or if nothing was observed.
 */
export function withGeometry(
  state: EnvironmentState,
  task: Task,
  observe: () => Float32Array | null,
): EnvironmentState {
  if (!task.geometry || state.geometry) return state;
  const observation = observe();
  if (!observation) return state;
  const layout = new ObservationWriter(task);
  if (observation.length !== layout.dim) {
    throw new Error(`${task.id}: an observation of ${observation.length} values; it has ${layout.dim}`);
  }
  const parts = layout.views(observation);
  return { ...state, geometry: toRows(task.geometry.recover(parts, state.actors)) };
}

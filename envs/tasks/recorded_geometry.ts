import type { EnvironmentState } from '../env.js';
import type { Task } from './define_task.js';
import { ObservationWriter } from './observation.js';
import { toRows } from './state_dict.js';

/**
 * Adds to a state that was recorded elsewhere what ManiSkill's layout has no place for: the geometry of the episode, read
 * off the observation [observationDim] of that state. The state as it is where it lacks nothing, or nothing was observed.
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

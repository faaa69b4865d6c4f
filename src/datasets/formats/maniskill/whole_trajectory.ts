import type { Column, Columns, NumberColumn } from '../../column.js';
import { NO_METADATA } from '../../metadata.js';
import type { WholeEpisode } from '../../whole_episode.js';
import type { EnvStates } from './trajectory.js';
import type { RecordedTrajectory } from './writer.js';

/** A trajectory by the contract that all formats keep. */
export function wholeTrajectory(trajectory: RecordedTrajectory): WholeEpisode {
  const { episodeId, seed, length, observations, actions, intendedActions, rewards } = trajectory;
  return {
    id: `traj_${episodeId}`,
    seed: seed === null ? null : BigInt(seed),
    length,
    hasFinalObservation: true,
    observations: new Map([['', floats(observations, length + 1)]]),
    actions: new Map([['', floats(actions, length)]]),
    ...(intendedActions && { intendedActions: new Map([['', floats(intendedActions, length)]]) }),
    rewards: rewards && { dtype: 'float32', shape: [length], data: rewards },
    terminated: trajectory.terminated,
    truncated: trajectory.truncated,
    success: trajectory.success,
    extras: stateColumns(trajectory.envStates, length + 1),
    metadata: NO_METADATA,
  };
}

/** Simulator states as columns: `env_states/actors/cube`. */
export function stateColumns(states: EnvStates | null, rows: number): Columns {
  const columns = new Map<string, Column>();
  for (const [kind, parts] of Object.entries(states ?? {})) {
    for (const [name, data] of Object.entries(parts as Record<string, Float32Array>)) {
      columns.set(`env_states/${kind}/${name}`, floats(data, rows));
    }
  }
  return columns;
}

export function floats(data: Float32Array, rows: number): NumberColumn<'float32'> {
  return { dtype: 'float32', shape: [rows, data.length / rows], data };
}

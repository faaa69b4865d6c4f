import type { Environment, EnvironmentState } from '../../envs/env.js';
import type { RecordedTrajectory } from './maniskill_writer.js';
import type { EnvStates } from './trajectory.js';

/** Writes the action [actionDim] for an observation [observationDim]. */
export type ActionSource = (observation: Float32Array, action: Float32Array) => void;

/**
 * Runs one episode over the full horizon, success or not, and records everything ManiSkill's recorder does: T + 1
 * observations and simulator states, T actions, rewards and flags.
 */
export function recordEpisode(
  environment: Environment,
  act: ActionSource,
  { episodeId, seed }: { episodeId: number; seed: number },
): RecordedTrajectory {
  const { observationDim, actionDim, maxEpisodeSteps: length } = environment.spec;
  const observations = new Float32Array((length + 1) * observationDim);
  const actions = new Float32Array(length * actionDim);
  const rewards = new Float32Array(length);
  const terminated = new Uint8Array(length);
  const truncated = new Uint8Array(length);
  const success = new Uint8Array(length);
  const observationAt = (step: number) =>
    observations.subarray(step * observationDim, (step + 1) * observationDim);

  environment.reset(seed, observationAt(0));
  const states = [environment.getState()];
  for (let step = 0; step < length; step++) {
    const action = actions.subarray(step * actionDim, (step + 1) * actionDim);
    act(observationAt(step), action);
    const outcome = environment.step(action, observationAt(step + 1));
    states.push(environment.getState());
    rewards[step] = outcome.reward;
    terminated[step] = outcome.terminated ? 1 : 0;
    truncated[step] = outcome.truncated ? 1 : 0;
    success[step] = outcome.success ? 1 : 0;
  }
  const envStates = stackStates(states);
  return {
    episodeId,
    seed,
    length,
    observations,
    actions,
    rewards,
    terminated,
    truncated,
    success,
    envStates,
  };
}

function stackStates(states: readonly EnvironmentState[]): EnvStates {
  return {
    actors: stackParts(states.map((state) => state.actors)),
    articulations: stackParts(states.map((state) => state.articulations)),
  };
}

function stackParts(rows: readonly Record<string, Float64Array>[]): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(rows[0]).map(([name, { length: width }]) => {
      const stacked = new Float32Array(rows.length * width);
      rows.forEach((row, i) => {
        stacked.set(row[name], i * width);
      });
      return [name, stacked];
    }),
  );
}

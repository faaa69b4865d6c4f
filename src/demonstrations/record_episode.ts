import type { Environment, EnvironmentState, StepOutcome } from '../../envs/env.js';
import type { EnvStates } from '../datasets/formats/maniskill/trajectory.js';
import type { RecordedTrajectory } from '../datasets/formats/maniskill/writer.js';

/** Writes the action [actionDim] for an observation [observationDim]. */
export type ActionSource = (observation: Float32Array, action: Float32Array) => void;

/** Choices of a recording. */
export interface RecordingOptions {
  /** Steps of success after which an episode ends; left out, it runs over the full horizon. */
  holdSteps?: number | null;
  /** [actionDim]: where the source writes what it intends before it adds noise; left out if it adds none. */
  intended?: Float32Array | null;
}

/** Runs one episode and records it. */
export function recordEpisode(
  environment: Environment,
  act: ActionSource,
  { episodeId, seed }: { episodeId: number; seed: number },
  { holdSteps = null, intended = null }: RecordingOptions = {},
): RecordedTrajectory {
  const { observationDim, actionDim, maxEpisodeSteps } = environment.spec;
  const observation = new Float32Array(observationDim);
  const action = new Float32Array(actionDim);
  environment.reset(seed, observation);
  const recorder = new EpisodeRecorder(environment, observation);
  let heldSteps = 0;
  for (let step = 0; step < maxEpisodeSteps && heldSteps !== holdSteps; step++) {
    act(observation, action);
    const outcome = environment.step(action, observation);
    recorder.add(action, observation, outcome, intended);
    heldSteps = outcome.success ? heldSteps + 1 : 0;
  }
  return recorder.trajectory(episodeId, seed);
}

/**
 * Collects an episode step by step, with everything ManiSkill's recorder keeps: T + 1 observations and simulator states,
 * T actions, rewards and flags. What it is given is copied.
 */
export class EpisodeRecorder {
  private readonly observations: Float32Array[];
  private readonly states: EnvironmentState[];
  private readonly actions: Float32Array[] = [];
  private readonly intendedActions: Float32Array[] = [];
  private readonly rewards: number[] = [];
  private readonly terminated: number[] = [];
  private readonly truncated: number[] = [];
  private readonly success: number[] = [];

  /** Begins with the environment's present state and the observation of it. */
  constructor(
    private readonly environment: Environment,
    observation: Float32Array,
  ) {
    this.observations = [observation.slice()];
    this.states = [environment.getState()];
  }

  /** Takes in the step that the environment has just made, and what was intended, in all steps of an episode or in none. */
  add(
    action: Float32Array,
    observation: Float32Array,
    outcome: StepOutcome,
    intended: Float32Array | null = null,
  ): void {
    this.actions.push(action.slice());
    if (intended) this.intendedActions.push(intended.slice());
    this.observations.push(observation.slice());
    this.states.push(this.environment.getState());
    this.rewards.push(outcome.reward);
    this.terminated.push(outcome.terminated ? 1 : 0);
    this.truncated.push(outcome.truncated ? 1 : 0);
    this.success.push(outcome.success ? 1 : 0);
  }

  /** The episode so far. */
  trajectory(episodeId: number, seed: number | null): RecordedTrajectory {
    return {
      episodeId,
      seed,
      length: this.actions.length,
      observations: stack(this.observations),
      actions: stack(this.actions),
      ...(this.intendedActions.length > 0 && { intendedActions: stack(this.intendedActions) }),
      rewards: Float32Array.from(this.rewards),
      terminated: Uint8Array.from(this.terminated),
      truncated: Uint8Array.from(this.truncated),
      success: Uint8Array.from(this.success),
      envStates: stackStates(this.states),
    };
  }
}

function stackStates(states: readonly EnvironmentState[]): EnvStates {
  const [{ memory, geometry }] = states;
  return {
    actors: stackParts(states.map((state) => state.actors)),
    articulations: stackParts(states.map((state) => state.articulations)),
    ...(memory && { memory: stackParts(states.map((state) => state.memory!)) }),
    ...(geometry && { geometry: stackParts(states.map((state) => state.geometry!)) }),
  };
}

function stackParts(rows: readonly Record<string, Float64Array>[]): Record<string, Float32Array> {
  return Object.fromEntries(Object.keys(rows[0]).map((name) => [name, stack(rows.map((row) => row[name]))]));
}

/** Rows of equal length, one after another. */
function stack(rows: readonly (Float32Array | Float64Array)[]): Float32Array {
  const width = rows[0]?.length ?? 0;
  const stacked = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    stacked.set(row, i * width);
  });
  return stacked;
}

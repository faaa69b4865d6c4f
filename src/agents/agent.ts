import type { TransitionBatches } from '../data/transitions.js';
import type { RandomState } from '../rng.js';

/** Named scalars of one training step, for the loggers. */
export type Metrics = Record<string, number>;

/** Everything an agent needs to go on exactly where it was. */
export interface AgentState {
  tensors: Record<string, { shape: number[]; data: Float32Array }>;
  counters: Record<string, number>;
  streams: Record<string, RandomState>;
}

/**
 * `sample` explores: it draws from the policy in training with the agent's own stream. `mode` takes the policy's most
 * likely action, and standard normal numbers [n, actionDim] draw with those; where a learner keeps an average of its
 * policy, that is the policy these two are about.
 */
export type ActionChoice = 'sample' | 'mode' | Float32Array;

/** A learner with a policy. Its randomness comes from its own named streams, so a saved state continues exactly. */
export interface Agent {
  readonly observationDim: number;
  readonly actionDim: number;

  /**
   * Makes one gradient update of every critic per batch, and one of the actor (and temperature) per
   * `actorUpdateFreq` batches. Returns the means of the metrics over the batches.
   */
  update(batches: TransitionBatches): Promise<Metrics>;

  /** Fits the policy to the batches' actions by mean squared error (behaviour cloning). */
  cloneBehaviour(batches: TransitionBatches): Promise<Metrics>;

  /** Writes the actions [n, actionDim] for `observations` [n, observationDim] into `actions`. */
  act(observations: Float32Array, actions: Float32Array, choice: ActionChoice): Promise<void>;

  /** A deep copy of everything that `setState` needs. */
  getState(): Promise<AgentState>;

  /** Restores a saved state. Rejects, naming the tensor, if a name or shape does not fit this agent. */
  setState(state: AgentState): Promise<void>;

  /** Frees sessions, tensors and threads. The agent can't be used afterwards. */
  dispose(): Promise<void>;
}

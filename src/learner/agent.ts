import type { TerminationFunction } from '../../envs/definition.js';
import type { PriorityRule } from '../buffers/balanced_sampler.js';
import type { OptionalColumn } from '../buffers/columns.js';
import type { ReplayBuffer } from '../buffers/replay_buffer.js';
import type { TransitionBatches } from '../buffers/transitions.js';
import type { Graph } from '../compile/graph.js';
import type { RandomState } from '../rng.js';
import type { Provider } from '../runtime/contract.js';
import type { PhaseName } from './algorithm.js';
import type { DeclaredNetwork } from './step.js';

/** Named scalars of one training step, for the loggers. */
export type Metrics = Record<string, number>;

/** The place of updates in their phase: `done` of them were made before, of `planned` in all. */
export interface Course {
  done: number;
  planned: number;
}

/** The complete state of an agent, from which it goes on exactly. */
export interface AgentState {
  /** The name of the algorithm that made it. */
  algorithm: string;
  tensors: Record<string, { shape: number[]; data: Float32Array }>;
  counters: Record<string, number>;
  streams: Record<string, RandomState>;
}

/** Rollouts in a model: when they are made, and how they are learnt from. */
export interface RolloutPlan {
  /** The share of data in batches of the phase `offline`; the other rows are steps of rollouts. */
  realShare: number;
  /** The most steps that are kept. */
  capacity: number;
  /** The updates of that phase after which rollouts have to be made: 0 if now. */
  updatesLeft: number;
}

/**
 * The choice of actions. `sample` explores: it draws from the policy in training with the agent's own stream. `mode`
 * takes the policy's most likely action, and standard normal numbers [n, actionDim] draw with those. If a learner keeps
 * an average of its policy, `mode` and numbers use the average.
 */
export type ActionChoice = 'sample' | 'mode' | Float32Array;

/** A learner with a policy. Its randomness comes from its own named streams, so a saved state continues exactly. */
export interface Agent {
  readonly observationDim: number;
  readonly actionDim: number;
  /** The name of its algorithm. */
  readonly algorithm: string;
  /** The networks of its algorithm. */
  readonly networks: readonly DeclaredNetwork[];
  /** The name of the distribution of its policy's samples. */
  readonly distribution: string;
  /** The kinds of update that its algorithm has. */
  readonly phases: readonly PhaseName[];
  /** The columns that its algorithm reads and not all batches have, for `allocateBatches`. */
  readonly columns: readonly OptionalColumn[];
  /** The provider of ONNX Runtime that trains, if the backend is the compiled one. */
  readonly provider: Provider;
  /** Bytes of the arrays of its state. */
  readonly stateBytes: number;

  /**
   * Makes one update of a phase of its algorithm for each batch: unless given, of `online`, or of `offline` where there is no
   * other. Learning rates that fall do so by `course`, and without it they stay. Returns the means of the metrics
   * over the batches. Throws a RangeError if the batches have other sizes than the agent or lack a
   * column that it reads, or if it has no such phase.
   */
  update(batches: TransitionBatches, phase?: PhaseName, course?: Course): Promise<Metrics>;

  /**
   * The updates after which its algorithm has to make columns of its own anew: 0 if now, Infinity if it makes none. See
   * `refresh`.
   */
  readonly updatesUntilRefresh: number;

  /**
   * Makes those columns of all transitions in these buffers, which keep them; `discount` is γ of one step. Batches that are drawn
   * then have them as they are now. Throws a RangeError if its algorithm makes none.
   */
  refresh(buffers: readonly ReplayBuffer[], discount: number): Promise<void>;

  /** The rollouts that its algorithm makes with a model of its own; null if it has none. */
  readonly rollouts: RolloutPlan | null;

  /**
   * Chooses, of the networks that are its model, those that rollouts go by from now on: the ones that err least on the transitions of
   * the data that are held out (`rowsForModels`). Returns their mean squared `error`. Throws a RangeError if there is no model.
   */
  judgeModel(data: ReplayBuffer): Promise<Metrics>;

  /**
   * Makes rollouts of its policy in its model, from observations of `data`, and adds their steps to `into`; those that are
   * `terminated` end there. Returns metrics of them. Throws a RangeError if there is no model.
   */
  imagine(data: ReplayBuffer, into: ReplayBuffer, terminated: TerminationFunction): Promise<Metrics>;

  /** The numbers that priorities of transitions follow from; null if its algorithm draws transitions alike. */
  readonly balance: PriorityRule | null;

  /**
   * The ratios [n] by which its algorithm tells experience from data, for `observations` [n, observationDim] and `actions` [n, actionDim]. Throws a
   * RangeError if there is none.
   */
  ratiosOf(observations: Float32Array, actions: Float32Array): Promise<Float32Array>;

  /** Writes the actions [n, actionDim] for `observations` [n, observationDim] into `actions`. */
  act(observations: Float32Array, actions: Float32Array, choice: ActionChoice): Promise<void>;

  /**
   * Copies of results of the last update in which the policy acted: `actions` [batch × actionDim], the policy's, and `q`
   * [numQs × batch], every critic's value of them. Null if the algorithm asks its policy for no actions.
   */
  lastBatch(): { q: Float32Array; actions: Float32Array } | null;

  /**
   * The policy as a graph from `observation` [n, observationDim] to `action`, and further outputs of its algorithm, all
   * [n, actionDim], for any n. It holds a copy of the policy's weights, or of their average. `action` is the mode,
   * divided by `actionScale` [actionDim] as the environment takes it.
   */
  exportPolicy(actionScale: Float32Array): Graph;

  /**
   * Sets the normalisation of observations, part of the state: from now on networks see (observation − mean) ∘ scale;
   * both [observationDim]. What a view adds to observations stays as it is.
   */
  setObservationNormalisation(mean: Float32Array, scale: Float32Array): void;

  /** Sets the training's progress, for numbers of the algorithm that follow from it; not part of the state. */
  advance(envSteps: number): void;

  /** Changes the learning rate of an optimiser; not part of the state. Throws a RangeError if there is none of that name. */
  setLearningRate(optimiser: string, value: number): void;

  /** A deep copy of everything that `setState` needs. */
  getState(): Promise<AgentState>;

  /** Restores a saved state. Rejects, naming what differs, if it is of another algorithm, or of other names or shapes. */
  setState(state: AgentState): Promise<void>;

  /** Frees sessions, tensors and threads. The agent can't be used afterwards. */
  dispose(): Promise<void>;
}

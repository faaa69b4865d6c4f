import type { z } from 'zod';
import type { NamedTensors } from '../nn/parameters.js';
import type { tf } from '../nn/tensorflow.js';
import type { Balance } from './balance.js';
import type { Imagination } from './imagination.js';
import type { Metric } from './metrics.js';
import type { Refresh } from './refresh.js';
import type { DeclaredNetwork, Dual, Optimiser, Scope, Setting, Step, Value } from './step.js';

/** The sizes that an algorithm's networks and batches follow from. */
export interface Sizes {
  observationDim: number;
  actionDim: number;
  batchSize: number;
}

/** The sizes that a policy acts by. */
export type PolicySizes = Pick<Sizes, 'observationDim' | 'actionDim'>;

/** The options of an algorithm by name, each with its default, its check and a sentence of documentation. */
export type OptionsSchema<Options> = z.ZodObject & z.ZodType<Options>;

/**
 * A learning algorithm: its options, declared once, and the declaration that follows from them.
 * `docs/declaring_algorithms.md` shows how one is written.
 */
export interface Algorithm<Options> {
  name: string;
  /** Authors, year and arXiv number. */
  paper: string;
  options: OptionsSchema<Options>;
  declare(options: Options, sizes: Sizes): Declaration;
}

/**
 * Everything that the engine needs to know of an algorithm with given options. Networks, their averages, noises, subsets,
 * duals, settings, schedules and values of steps all have names of their own; so have steps, and optimisers.
 */
export interface Declaration {
  /** The networks, in the order in which their fresh weights are drawn. */
  networks: readonly DeclaredNetwork[];
  duals?: readonly Dual[];
  settings?: readonly Setting[];
  /** Columns of batches that it makes itself, of which those that its steps read are kept by the buffers. */
  refresh?: Refresh;
  /** Priorities by which it draws transitions in the phase online; without them they are drawn alike. */
  balance?: Balance;
  /** Experience that it makes with a model of its own, which the phase `model` learns. */
  imagination?: Imagination;
  /** The kinds of update that training can make. */
  phases: Phases;
  policy: PolicyDeclaration;
}

/**
 * Updates of a model of the environment (`model`), of what transitions are drawn by (`balance`), updates on demonstrations alone that imitate them (`clone`), updates from data
 * alone (`offline`; without them those of `online` are made) and updates from data and experience (`online`). An algorithm that
 * learns from data alone has no `online`. The optimiser of `clone` has that name too: training lets its learning rate fall.
 */
export interface Phases {
  model?: PhaseDeclaration;
  balance?: PhaseDeclaration;
  clone?: PhaseDeclaration;
  offline?: PhaseDeclaration;
  online?: PhaseDeclaration;
}

export type PhaseName = keyof Phases;

/** The phases that an algorithm has, by name, in the order in which they are declared. */
export function declaredPhases({ phases }: Pick<Declaration, 'phases'>): [PhaseName, PhaseDeclaration][] {
  return Object.entries(phases) as [PhaseName, PhaseDeclaration][];
}

/** The phase by which an algorithm with these phases learns from data alone. */
export function offlinePhase(phases: readonly PhaseName[]): PhaseName {
  return phases.includes('offline') ? 'offline' : 'online';
}

/** One kind of update: its steps in the order of the paper, of which one learns in every update, and its metrics. */
export interface PhaseDeclaration {
  steps: readonly PhaseStep[];
  metrics: readonly Metric[];
}

/** A part of an update. Those with `every` run once in so many updates, in the last of them. */
export type PhaseStep = Step | DualStep | FollowStep;

/** The policy's use outside training. Its functions see its networks and nothing else. */
export interface PolicyDeclaration {
  /** The networks that act: single ones, and the first member of an ensemble. */
  networks: readonly DeclaredNetwork[];
  /** True if the moving averages of their weights act, but for exploration; else averages are for steps alone. */
  averaged: boolean;
  /** The name of the distribution of its samples, by which other programs know how to draw from an exported policy. */
  distribution: string;
  /** Actions [n, actionDim] for observations [n, observationDim] and standard normal noise [n, actionDim]. */
  act(scope: PolicyScope, observations: tf.Tensor, noise: tf.Tensor): tf.Tensor;
  /**
   * The most likely action and the other outputs of an exported policy, each [n, actionDim]. It is traced with one n
   * and used with any, so it must not make constants with a row for each observation: `tf.mul(x, 0)` instead of
   * `tf.zerosLike(x)`.
   */
  describe(scope: PolicyScope, observations: tf.Tensor): NamedTensors & { action: tf.Tensor };
  /** The values that histograms show: the policy's actions in an update, and the critics' values of them; null: none. */
  shown: { actions: Value; q: Value } | null;
}

/** The part of an algorithm that a policy's functions see: its networks, with their weights or the averages of these. */
export type PolicyScope = Pick<Scope, 'apply'>;

/** A step of a network's moving average towards its weights as they then are. */
export interface FollowStep {
  kind: 'follow-step';
  name: string;
  every: number;
  network: DeclaredNetwork;
  /** Share of the weights in the new average. */
  rate: number;
}

/** A step of a dual variable down a gradient that is a function of an update's results. */
export interface DualStep {
  kind: 'dual-step';
  name: string;
  every: number;
  dual: Dual;
  optimiser: Optimiser;
  /** The loss's derivative by the logarithm of the dual. */
  gradient: Metric['of'];
}

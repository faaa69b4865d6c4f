/**
 * The library: trainings, evaluations, agents, algorithms, replay buffers. `rlpd/envs` has environments and tasks,
 * `rlpd/datasets` data. docs/library.md has the table; what is exported here stays.
 */

// Trainings, as `rlpd train` does them, and what comes of them.

export { UserError } from './errors.js';
export { type LoadedPolicy, loadPolicy } from './library/load_policy.js';
export { type TrainingOptions, type TrainingResult, train } from './library/train.js';
export type { RunResults } from './runs/run_record.js';
export type { StopSignal } from './stop_signal.js';
export type { Steps } from './training/run_progress.js';

// Evaluation of any actor in any environment.

export { createVectorEnvironment } from './rollout/create_vector_env.js';
export type {
  Distribution,
  EpisodeStats,
  EpisodeSummary as EvaluationSummary,
} from './rollout/episode_stats.js';
export {
  type ActingAgent,
  type Evaluation,
  type EvaluationOptions,
  evaluate,
  type Policy,
} from './rollout/evaluate.js';
export type { EpisodeProgress, VectorEnvironment, VectorEnvironmentOptions } from './rollout/vector_env.js';

// Agents: they learn from batches by an algorithm, act, and save and restore their state.

export { ALGORITHMS } from './algorithms/registry.js';
export type { ActionChoice, Agent, AgentState, Course, Metrics, RolloutPlan } from './learner/agent.js';
export { type Beginning, carryOver } from './learner/carry_over.js';
export type { ComputeOptions } from './learner/engine/engine.js';
export { createLearner, type LearnerOptions } from './learner/learner.js';
export type { ObservationView } from './learner/view/observation_view.js';
export type { GpuProvider, Provider } from './runtime/contract.js';

// Transitions that agents learn from, and the streams of random numbers that follow from a seed.

export { Augmentation, type AugmentationOptions } from './buffers/augmentation.js';
export {
  BalancedSampler,
  type BalancedSamplerOptions,
  type BalancedSamplerState,
  type PriorityRule,
  prioritiesOf,
} from './buffers/balanced_sampler.js';
export type {
  ColumnName,
  KeptColumn,
  OptionalColumn,
  StoredColumn,
  StoredRows,
} from './buffers/columns.js';
export type { DataPart } from './buffers/data_parts.js';
export type { Demonstrations, DemoOptions, DemoTask } from './buffers/demo_buffer.js';
export type { DemoChoice } from './buffers/demo_choice.js';
export type { DemoOutcome, DemoSummary } from './buffers/demo_summary.js';
export type { FlatSizes } from './buffers/flat_episode.js';
export {
  type KeptNumbers,
  ReplayBuffer,
  type ReplayBufferOptions,
  type ReplayBufferState,
  type Transitions,
} from './buffers/replay_buffer.js';
export type { ReplayChunk } from './buffers/replay_chunk.js';
export type { RewardRule, RewardScaling } from './buffers/reward_scaling.js';
export type { RewardSource } from './buffers/reward_source.js';
export {
  type SamplerState,
  SymmetricSampler,
  type SymmetricSamplerOptions,
} from './buffers/symmetric_sampler.js';
export { allocateBatches, type TransitionBatches } from './buffers/transitions.js';
export { loadTransitions } from './library/load_transitions.js';
export { namedStream, type StreamName } from './rng.js';

// An algorithm made from another.

export { type Change, changeStep, extend, extendPhase, type PhaseAddition } from './learner/extend.js';

// An algorithm declared from the ground up: docs/declaring_algorithms.md has the rules, in which `trainStep` is called
// `train`. The zod and the TensorFlow.js are those that algorithms are written in; another copy of either does not fit.

export { z } from 'zod';
export { actionVaeStep, clippedLatents, type VaeNetwork } from './algorithms/parts/action_vae_step.js';
export { bestCandidatePolicy, type CandidatePolicy } from './algorithms/parts/best_candidate.js';
export {
  type CandidateValues,
  conservativeGaps,
  rolloutGaps,
  uniformLogDensity,
} from './algorithms/parts/conservative_penalty.js';
export { criticMetrics, criticMetricsOf } from './algorithms/parts/critic_metrics.js';
export { ratioLosses } from './algorithms/parts/density_ratio.js';
export { type Kernel, maximumMeanDiscrepancy } from './algorithms/parts/discrepancy.js';
export { shareOfSimilarity, slopeSimilarity, unitSlope } from './algorithms/parts/diversity.js';
export {
  type DynamicsModel,
  type DynamicsOptions,
  dynamicsModel,
  imaginedStep,
  inModel,
  largestDeviation,
  likelihoodLosses,
} from './algorithms/parts/dynamics.js';
export { lambdaReturns, standardised } from './algorithms/parts/lambda_returns.js';
export {
  actionGradient,
  actorLoss,
  advantageWeights,
  batchWide,
  bellmanTarget,
  betweenExtremes,
  binaryWeights,
  criticLoss,
  expectileLosses,
  imitationLosses,
  linearisedValue,
  lowestOf,
  softmaxWeights,
  weightedCloningLosses,
} from './algorithms/parts/losses.js';
export { mixtureOf } from './algorithms/parts/mixture.js';
export {
  clippedPolicy,
  clippedSample,
  deterministicPolicy,
  type GaussianActor,
  squashedPolicy,
  squashedPolicyOf,
} from './algorithms/parts/policies.js';
export { type SquashedSamples, sampleOf, samplesOf } from './algorithms/parts/squashed_samples.js';
export { type ActionVae, actionVae } from './learner/action_vae.js';
export type {
  Algorithm,
  Declaration,
  DualStep,
  FollowStep,
  OptionsSchema,
  PhaseDeclaration,
  PhaseName,
  PhaseStep,
  Phases,
  PolicyDeclaration,
  PolicyScope,
  Sizes,
} from './learner/algorithm.js';
export type { Balance } from './learner/balance.js';
export {
  adam,
  batch,
  compute,
  dual,
  ensemble,
  follow,
  normal,
  schedule,
  setting,
  single,
  steer,
  subset,
  train as trainStep,
  uniform,
} from './learner/declare.js';
export { type DensityRatio, densityRatio } from './learner/density_ratio.js';
export {
  type DropoutLayers,
  type DropoutValue,
  dropoutValue,
  type Moments,
  unitsOf,
} from './learner/dropout_value.js';
export {
  type BoundedNormal,
  type GaussianDynamics,
  gaussianDynamics,
} from './learner/gaussian_dynamics.js';
export type { Imagination, ImaginedDraws, ImaginedOutcome } from './learner/imagination.js';
export { type Metric, mean, metric, type UpdateRecord } from './learner/metrics.js';
export {
  type ActionChange,
  type ActionValue,
  actionValue,
  boundedGaussian,
  boundedMeanGaussian,
  type DeterministicPolicy,
  deterministicAction,
  type FreshWeights,
  type GaussianPolicy,
  type HiddenLayers,
  nearZero,
  perturbation,
  type StateValue,
  smoothGaussian,
  squashedGaussian,
  stateValue,
} from './learner/networks.js';
export type { Refresh, ValuedRows } from './learner/refresh.js';
export { type SeveralPolicies, severalPolicies } from './learner/several_policies.js';
export type {
  CallableNetwork,
  Column,
  Decay,
  DeclaredNetwork,
  Deviation,
  Dual,
  NetworkForm,
  NetworkFunction,
  Noise,
  Optimiser,
  Schedule,
  Scope,
  Setting,
  Source,
  Step,
  StepGiving,
  StepResult,
  Subset,
  Value,
} from './learner/step.js';
export type { FreshLayer } from './nn/mlp.js';
export { clippedNoise, logDensity, type Normal, normalSample } from './nn/normal.js';
export type { NamedTensors, Parameter, Shape } from './nn/parameters.js';
export { spectralNorm } from './nn/spectral_norm.js';
export { sampleLogProbability, squashedLogDensity } from './nn/tanh_normal.js';
export { tf } from './nn/tensorflow.js';

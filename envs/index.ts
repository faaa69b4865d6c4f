/** Environments, and tasks of one's own. docs/library.md has the table; what is exported here stays. */

// Environments by their ids.

export type { EnvironmentDefinition, EnvironmentEntry, TerminationFunction } from './definition.js';
export type {
  DomainRandomization,
  Environment,
  EnvironmentOptions,
  EnvironmentSpec,
  EnvironmentState,
  ObservationKind,
  ObservationPart,
  RewardMode,
  SceneSymmetry,
  StepOutcome,
  TurnSymmetry,
} from './env.js';
export { type RandomState, RandomStream } from './random.js';
export { normalizedScore, type ReferenceScores } from './reference_scores.js';
export {
  environmentEntry,
  environmentIds,
  makeEnvironment,
  registerEnvironment,
  registerTask,
} from './registry.js';

// A task: its definition, its bodies, its robot, and what rewards are made of.

export type { Actor } from './bodies/actor.js';
export {
  type BodyDescription,
  type BodyPart,
  box,
  cylinder,
  dynamic,
  fixed,
  kinematic,
  type Motion,
  marker,
  part,
  sphere,
} from './bodies/description.js';
export { goalRegion, layGoalRegion } from './bodies/goal_region.js';
export { DEFAULT_BASE_POSE } from './panda/model.js';
export { PANDA } from './robots/panda.js';
export { PANDA_WRISTCAM } from './robots/panda_wristcam.js';
export type { Robot } from './robots/robot.js';
export type { Camera, Geometry, Material, SceneDescription, Shape } from './scene.js';
export type { Measure, SuccessMeasure } from './success.js';
export { defineTask, type Task } from './tasks/define_task.js';
export { closeness, distance, planarDistance } from './tasks/measures.js';
export type { RobotState } from './tasks/robot_state.js';
export type { Numbers, Part, TaskDefinition, TaskNames, TaskWorld } from './tasks/task.js';

// The script by which a task's expert does it.

export type { Expert, ExpertOptions } from './experts/expert.js';
export { makeExpert } from './experts/make_expert.js';
export type { Aim, Script, Sight } from './experts/script.js';

import type {
  Environment,
  EnvironmentOptions,
  EnvironmentSpec,
  EnvironmentState,
  RewardMode,
} from './env.js';
import { nearestWord } from './nearest_word.js';
import { CONTROL_MODES } from './panda/controllers.js';
import type { SceneDescription } from './scene.js';
import { type SuccessMeasure, USUAL_MEASURE } from './success.js';
import type { Task } from './tasks/define_task.js';
import { LIFT_PEG_UPRIGHT } from './tasks/lift_peg_upright.js';
import { PEG_INSERTION_SIDE } from './tasks/peg_insertion_side.js';
import { PICK_CUBE } from './tasks/pick_cube.js';
import { PLACE_SPHERE } from './tasks/place_sphere.js';
import { PLUG_CHARGER } from './tasks/plug_charger.js';
import { POKE_CUBE } from './tasks/poke_cube.js';
import { PULL_CUBE } from './tasks/pull_cube.js';
import { PULL_CUBE_TOOL } from './tasks/pull_cube_tool.js';
import { PUSH_CUBE } from './tasks/push_cube.js';
import { type RecordedStart, withGeometry } from './tasks/recorded_geometry.js';
import { rewardModesOf } from './tasks/reward.js';
import { ROLL_BALL } from './tasks/roll_ball.js';
import { STACK_CUBE } from './tasks/stack_cube.js';
import { STACK_PYRAMID } from './tasks/stack_pyramid.js';
import { fromRows } from './tasks/state_dict.js';
import { createTaskEnvironment } from './tasks/task_environment.js';
import { describeScene } from './tasks/task_scene.js';
import { taskSpec } from './tasks/task_spec.js';

/** The tasks of this package; a new one is a file in `tasks/` and a line here. */
export const TASKS: readonly Task[] = [
  PICK_CUBE,
  PUSH_CUBE,
  PULL_CUBE,
  LIFT_PEG_UPRIGHT,
  POKE_CUBE,
  ROLL_BALL,
  PULL_CUBE_TOOL,
  PLACE_SPHERE,
  STACK_CUBE,
  STACK_PYRAMID,
  PEG_INSERTION_SIDE,
  PLUG_CHARGER,
];

/** Tasks that a program has registered in this thread, each with the module that does so when it is imported. */
const registered = new Map<string, { task: Task; module: string }>();

/**
 * Makes an environment of a program's own task, known by its id like the others, in this thread. `module` is the URL of the
 * module that calls this, `import.meta.url`: worker threads that step the environment import it first. Throws if the id is
 * taken.
 */
export function registerTask(task: Task, module: string): void {
  if (environmentIds().includes(task.id)) throw new Error(`there is a task "${task.id}" already`);
  registered.set(task.id, { task, module });
}

/** The module that registers a task; null if the task is of this package, or unknown. */
export function registeredModule(envId: string): string | null {
  return registered.get(envId)?.module ?? null;
}

/** Facts about an environment that are known without creating it. */
export interface EnvironmentEntry {
  envId: string;
  maxEpisodeSteps: number;
  controlModes: readonly string[];
  /** The finest first. */
  rewardModes: readonly RewardMode[];
  /** The success by which policies and demonstrations are chosen. */
  judgedBy: SuccessMeasure;
}

/** The task of `envId`. Throws, naming the nearest id and listing all, if there is none. */
export function taskOf(envId: string): Task {
  const found = TASKS.find(({ id }) => id === envId) ?? registered.get(envId)?.task;
  if (!found) throw new Error(`unknown environment "${envId}"; ${offerIds(envId, environmentIds())}`);
  return found;
}

/** The ids of all environments: those of this package, then registered ones. */
export function environmentIds(): string[] {
  return [...TASKS.map(({ id }) => id), ...registered.keys()];
}

/** The part of a message that offers `ids` in place of `envId`: the nearest, then all. */
export function offerIds(envId: string, ids: readonly string[]): string {
  const bare = ids.map(bareName);
  const nearest = nearestWord(bareName(envId), bare);
  const offer = nearest === undefined ? '' : `did you mean "${ids[bare.indexOf(nearest)]}"? `;
  return `${offer}known: ${ids.join(', ')}`;
}

/** An id without its version, capitals and signs, which are easily left out. */
function bareName(envId: string): string {
  return envId
    .replace(/-v\d+$/, '')
    .replace(/[^a-z\d]/gi, '')
    .toLowerCase();
}

/** The facts about the environment `envId`. Throws, listing the known ids, if there is none. */
export function environmentEntry(envId: string): EnvironmentEntry {
  const task = taskOf(envId);
  return {
    envId,
    maxEpisodeSteps: task.horizon,
    controlModes: CONTROL_MODES,
    rewardModes: rewardModesOf(task),
    judgedBy: task.judgedBy ?? USUAL_MEASURE,
  };
}

/** Throws, listing what there is, on an unknown `envId`, or a control or reward mode that the environment lacks. */
export function checkEnvironment(envId: string, controlMode: string, rewardMode?: RewardMode): void {
  const { controlModes, rewardModes } = environmentEntry(envId);
  if (!controlModes.includes(controlMode)) {
    throw new Error(`${envId} has no control mode "${controlMode}"; it has: ${controlModes.join(', ')}`);
  }
  if (rewardMode && !rewardModes.includes(rewardMode)) {
    throw new Error(`${envId} has no ${rewardMode} reward; it has: ${rewardModes.join(', ')}`);
  }
}

/** Spec that an environment would have. Throws on an unknown id, control or reward mode. */
export function environmentSpec(envId: string, options: EnvironmentOptions): EnvironmentSpec {
  checkEnvironment(envId, options.controlMode, options.rewardMode);
  return taskSpec(taskOf(envId), options);
}

/** Creates an environment; loads the physics engine on first use. Throws on an unknown id, control or reward mode. */
export function makeEnvironment(envId: string, options: EnvironmentOptions): Promise<Environment> {
  checkEnvironment(envId, options.controlMode, options.rewardMode);
  return createTaskEnvironment(taskOf(envId), options);
}

/**
 * The first state of an episode recorded elsewhere, with the shapes of its bodies where they differ between episodes; see {@link
 * withGeometry}.
 */
export function completeState(
  envId: string,
  state: EnvironmentState,
  start: RecordedStart,
): EnvironmentState {
  return withGeometry(state, taskOf(envId), start);
}

/**
 * The scene that pictures of an environment show; needs no physics engine. The bodies have the shapes of `state`'s
 * episode, if shapes differ between episodes and the state has them. Throws on an unknown id.
 */
export function sceneOf(envId: string, state?: Pick<EnvironmentState, 'geometry'>): SceneDescription {
  return describeScene(taskOf(envId), state?.geometry && fromRows(state.geometry));
}

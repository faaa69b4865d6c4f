import type { EnvironmentDefinition, EnvironmentEntry } from './definition.js';
import type {
  Environment,
  EnvironmentOptions,
  EnvironmentSpec,
  EnvironmentState,
  RewardMode,
} from './env.js';
import { ANT } from './gymnasium/ant.js';
import { gymnasium } from './gymnasium/gymnasium.js';
import { HALF_CHEETAH } from './gymnasium/half_cheetah.js';
import { HOPPER } from './gymnasium/hopper.js';
import { INVERTED_PENDULUM } from './gymnasium/inverted_pendulum.js';
import { PENDULUM } from './gymnasium/pendulum.js';
import { WALKER2D } from './gymnasium/walker2d.js';
import { nearestWord } from './nearest_word.js';
import type { SceneDescription } from './scene.js';
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
import { ROLL_BALL } from './tasks/roll_ball.js';
import { STACK_CUBE } from './tasks/stack_cube.js';
import { STACK_PYRAMID } from './tasks/stack_pyramid.js';
import { tableTop } from './tasks/table_top.js';

/** The environments of this package; a new one is a file in `tasks/` or `gymnasium/`, and a line here. */
const DEFINITIONS: readonly EnvironmentDefinition[] = [
  ...[
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
  ].map(tableTop),
  ...[PENDULUM, INVERTED_PENDULUM, HOPPER, HALF_CHEETAH, WALKER2D, ANT].map(gymnasium),
];

/** Environments that a program has registered in this thread, each with the module that does so when it is imported. */
const registered = new Map<string, { definition: EnvironmentDefinition; module: string }>();

/**
 * Makes an environment of a program's own task at the table, known by its id like the others, in this thread. `module` is the
 * URL of the module that calls this, `import.meta.url`: worker threads that step the environment import it first. Throws if
 * the id is taken.
 */
export function registerTask(task: Task, module: string): void {
  registerEnvironment(tableTop(task), module);
}

/** The same for an environment of any other kind. */
export function registerEnvironment(definition: EnvironmentDefinition, module: string): void {
  const { envId } = definition;
  if (environmentIds().includes(envId)) throw new Error(`there is a task "${envId}" already`);
  registered.set(envId, { definition, module });
}

/** The module that registers an environment; null if it is of this package, or unknown. */
export function registeredModule(envId: string): string | null {
  return registered.get(envId)?.module ?? null;
}

function definitions(): EnvironmentDefinition[] {
  return [...DEFINITIONS, ...[...registered.values()].map(({ definition }) => definition)];
}

function find(envId: string | null): EnvironmentDefinition | null {
  return definitions().find((definition) => definition.envId === envId) ?? null;
}

/** The definition of `envId`. Throws, naming the nearest id and listing all, if there is none. */
function definitionOf(envId: string): EnvironmentDefinition {
  const found = find(envId);
  if (!found) throw new Error(`unknown environment "${envId}"; ${offerIds(envId, environmentIds())}`);
  return found;
}

/** The ids of all environments: those of this package, then registered ones. */
export function environmentIds(): string[] {
  return definitions().map(({ envId }) => envId);
}

/** The tasks at the table, where a robot arm succeeds or fails. */
export function tableTopTasks(): Task[] {
  return definitions().flatMap(({ task }) => task ?? []);
}

/** The task at the table of `envId`. Throws if there is no such environment, or it is none at the table. */
export function taskOf(envId: string): Task {
  const { task } = definitionOf(envId);
  if (!task) throw new Error(`${envId} is no task at the table with a robot arm`);
  return task;
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
  return definitionOf(envId);
}

/** The same, or null if there is none, as for environments that files name. */
export function knownEnvironment(envId: string | null): EnvironmentEntry | null {
  return find(envId);
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

/** Spec that an environment would have. Throws on an unknown id, control or reward mode, and on options that it lacks. */
export function environmentSpec(envId: string, options: EnvironmentOptions): EnvironmentSpec {
  checkEnvironment(envId, options.controlMode, options.rewardMode);
  return definitionOf(envId).spec(options);
}

/** Creates an environment; loads its physics engine on first use. Throws on an unknown id, control or reward mode. */
export function makeEnvironment(envId: string, options: EnvironmentOptions): Promise<Environment> {
  checkEnvironment(envId, options.controlMode, options.rewardMode);
  return definitionOf(envId).make(options);
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
  const { task } = definitionOf(envId);
  return task ? withGeometry(state, task, start) : state;
}

/**
 * The scene that pictures of an environment show; needs no physics engine. The bodies have the shapes of `state`'s
 * episode, if shapes differ between episodes and the state has them. Throws on an unknown id.
 */
export function sceneOf(envId: string, state?: Pick<EnvironmentState, 'geometry'>): SceneDescription {
  return definitionOf(envId).scene(state);
}

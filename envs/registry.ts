import type { Environment, EnvironmentOptions } from './env.js';
import { CONTROL_MODES } from './panda/controllers.js';
import type { SceneDescription } from './scene.js';
import { PickCube } from './tasks/pick_cube.js';
import type { Task } from './tasks/task.js';
import { createTaskEnvironment } from './tasks/task_environment.js';
import { describeScene } from './tasks/task_scene.js';

export interface EnvironmentEntry {
  envId: string;
  maxEpisodeSteps: number;
  controlModes: readonly string[];
  create(options: EnvironmentOptions): Promise<Environment>;
  scene(): SceneDescription;
}

const ENTRIES: readonly EnvironmentEntry[] = [entry(() => new PickCube())];

function entry(makeTask: () => Task): EnvironmentEntry {
  const { envId, maxEpisodeSteps } = makeTask();
  return {
    envId,
    maxEpisodeSteps,
    controlModes: CONTROL_MODES,
    create: (options) => createTaskEnvironment(makeTask(), options),
    scene: () => describeScene(makeTask()),
  };
}

/** The ids of all environments, in the order of the registry. */
export function environmentIds(): string[] {
  return ENTRIES.map((entry) => entry.envId);
}

/** The registry's entry of `envId`. Throws, listing the known ids, if there is none. */
export function environmentEntry(envId: string): EnvironmentEntry {
  const found = ENTRIES.find((candidate) => candidate.envId === envId);
  if (!found) throw new Error(`unknown environment "${envId}"; known: ${environmentIds().join(', ')}`);
  return found;
}

/** Throws, listing what there is, unless `envId` is an environment that has the control mode. */
export function checkEnvironment(envId: string, controlMode: string): void {
  const { controlModes } = environmentEntry(envId);
  if (!controlModes.includes(controlMode)) {
    throw new Error(`${envId} has no control mode "${controlMode}"; it has: ${controlModes.join(', ')}`);
  }
}

/** Creates an environment; loads the physics engine on first use. Throws on an unknown id or control mode. */
export function makeEnvironment(envId: string, options: EnvironmentOptions): Promise<Environment> {
  checkEnvironment(envId, options.controlMode);
  return environmentEntry(envId).create(options);
}

/** What pictures of an environment show; needs no physics engine. Throws on an unknown id. */
export function sceneOf(envId: string): SceneDescription {
  return environmentEntry(envId).scene();
}

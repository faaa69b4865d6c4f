import type { Environment, EnvironmentOptions } from './env.js';

export interface EnvironmentEntry {
  envId: string;
  maxEpisodeSteps: number;
  controlModes: readonly string[];
  create(options: EnvironmentOptions): Promise<Environment>;
}

const ENTRIES: readonly EnvironmentEntry[] = [];

/** The ids of all environments, in the order of the registry. */
export function environmentIds(): string[] {
  return ENTRIES.map((entry) => entry.envId);
}

/** The registry's entry of `envId`. Throws, listing the known ids, if there is none. */
export function environmentEntry(envId: string): EnvironmentEntry {
  const entry = ENTRIES.find((candidate) => candidate.envId === envId);
  if (!entry) throw new Error(`unknown environment "${envId}"; known: ${environmentIds().join(', ')}`);
  return entry;
}

/** Creates an environment; loads the physics engine on first use. Throws on an unknown id or control mode. */
export function makeEnvironment(envId: string, options: EnvironmentOptions): Promise<Environment> {
  const entry = environmentEntry(envId);
  if (!entry.controlModes.includes(options.controlMode)) {
    throw new Error(
      `${envId} has no control mode "${options.controlMode}"; it has: ${entry.controlModes.join(', ')}`,
    );
  }
  return entry.create(options);
}

import type { Environment, EnvironmentSpec } from '../../../../envs/env.js';
import {
  checkEnvironment,
  environmentEntry,
  knownEnvironment,
  makeEnvironment,
} from '../../../../envs/registry.js';
import type { EpisodeExpectation } from './episode_arrays.js';
import { controlModesOf, type DatasetRecord, type EpisodeRecord } from './json.js';

/** The task and the control modes that a dataset's json names, as they are here: what its episodes have to be. */
export class TaskFit {
  private constructor(
    /** Reasons why it can't be used here, though it may be sound. */
    readonly notes: readonly string[],
    /** The task in each of the control modes, or in any if none of them is known; empty if the task is unknown. */
    private readonly environments: ReadonlyMap<string, Environment>,
  ) {}

  static async of(record: DatasetRecord): Promise<TaskFit> {
    const { envId } = record;
    const environments = new Map<string, Environment>();
    const known = knownEnvironment(envId);
    if (known) {
      const { controlModes, defaultRewardMode: rewardMode } = known;
      const recorded = controlModesOf(record).filter((mode) => controlModes.includes(mode));
      for (const controlMode of recorded.length > 0 ? recorded : controlModes.slice(0, 1)) {
        environments.set(controlMode, await makeEnvironment(known.envId, { controlMode, rewardMode }));
      }
    }
    return new TaskFit(unknownTaskNotes(record), environments);
  }

  /** An environment of the task, for what is the same in all control modes; null if the task is unknown. */
  get environment(): Environment | null {
    return this.environments.values().next().value ?? null;
  }

  /** The facts of an episode's task in its control mode; null where they are not known. */
  specOf({ controlMode }: EpisodeRecord): EnvironmentSpec | null {
    return this.environments.get(controlMode ?? '')?.spec ?? null;
  }

  /** Demands on an episode's arrays, as for a training in its task and control mode. */
  expectationOf(episode: EpisodeRecord): EpisodeExpectation {
    return {
      controlMode: episode.controlMode ?? undefined,
      observationDim: this.environment?.spec.observationDim,
      actionDim: this.specOf(episode)?.actionDim,
    };
  }

  close(): void {
    for (const environment of this.environments.values()) environment.close();
  }
}

function unknownTaskNotes(record: DatasetRecord): string[] {
  const { envId } = record;
  if (envId === null) return [];
  const checks = [
    () => environmentEntry(envId),
    ...controlModesOf(record).map((mode) => () => checkEnvironment(envId, mode)),
  ];
  return [...new Set(checks.flatMap(problemOf))];
}

function problemOf(check: () => unknown): string[] {
  try {
    check();
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

import type { RecordedStart } from '../../../../envs/tasks/recorded_geometry.js';
import { UserError } from '../../../errors.js';
import { otherTask } from '../../other_task.js';
import { Hdf5File } from '../../storage/hdf5.js';
import { conversionCommand } from './conversion_command.js';
import { EpisodeArrays, type EpisodeCore, type EpisodeExpectation, type FlagName } from './episode_arrays.js';
import {
  controlModesOf,
  type DatasetRecord,
  type EpisodeRecord,
  listingProblems,
  metadataPath,
  mixedModesProblem,
  readDatasetRecord,
  unsaid,
} from './json.js';
import type { EnvStates, Trajectory } from './trajectory.js';

/** Demands on a dataset; what is left out is not checked. */
export interface DatasetExpectation extends EpisodeExpectation {
  envId?: string;
  /** Opening doesn't fail if the json and the file list different episodes; reading one that is missing does. */
  mayLackEpisodes?: boolean;
}

/**
 * A ManiSkill dataset: a `.h5` file with one group `traj_<episode_id>` an episode, and a `.json` of the same name.
 * Every value that is read is checked; errors are UserErrors that name the file, the dataset and what would be right.
 */
export class ManiSkillDataset {
  private constructor(
    readonly path: string,
    readonly record: DatasetRecord,
    private readonly file: Hdf5File,
    private readonly expected: DatasetExpectation,
  ) {}

  /** Opens `path` (.h5) and checks the json against the file and against what is expected. */
  static async open(path: string, expected: DatasetExpectation = {}): Promise<ManiSkillDataset> {
    const jsonPath = metadataPath(path);
    const file = await Hdf5File.open(path);
    try {
      const dataset = new ManiSkillDataset(path, await readDatasetRecord(jsonPath), file, expected);
      if (!expected.mayLackEpisodes) dataset.checkAgainstJson(jsonPath);
      dataset.checkExpectation();
      return dataset;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Facts that the json leaves out, so that they could not be checked: plain sentences for the user. */
  get notes(): string[] {
    return unsaid(this.record);
  }

  /** Reads the episodes one after another, in the order of their ids. */
  *trajectories(): Generator<Trajectory> {
    for (const episode of this.record.episodes) yield this.read(episode);
  }

  /** Reads and checks one episode. */
  read(episode: EpisodeRecord): Trajectory {
    const arrays = this.arraysOf(episode);
    const { actions, ...core } = arrays.core();
    const intendedActions = arrays.intendedActions();
    return {
      episodeId: episode.episodeId,
      seed: episode.seed,
      observations: arrays.observations().data,
      actions: actions.data,
      ...(intendedActions && { intendedActions }),
      ...core,
    };
  }

  /** Reads and checks what every episode has, also one without observations: actions and how it went. */
  readCore(episode: EpisodeRecord): EpisodeCore {
    return this.arraysOf(episode).core();
  }

  /** Reads and checks an episode's flags alone. Success has to agree with the json. */
  readOutcome(episode: EpisodeRecord): Pick<Trajectory, 'length' | FlagName> {
    const arrays = this.arraysOf(episode);
    return { length: arrays.length, ...arrays.outcomes() };
  }

  /** True if an episode has simulator states. */
  hasEnvStates(episode: EpisodeRecord): boolean {
    return this.arraysOf(episode).hasEnvStates;
  }

  /** Reads and checks an episode's simulator states; null where none were recorded. */
  readEnvStates(episode: EpisodeRecord): EnvStates | null {
    return this.arraysOf(episode).envStates();
  }

  /** The start of an episode as it was recorded beside its state. */
  startOf({ episodeId, seed }: EpisodeRecord): RecordedStart {
    return { observe: () => this.readFirstObservation(`traj_${episodeId}/obs`), seed };
  }

  close(): void {
    this.file.close();
  }

  /** The first observation; null if observations were not recorded as vectors. */
  private readFirstObservation(name: string): Float32Array | null {
    if (this.file.kind(name) !== 'array') return null;
    const { data, shape } = this.file.readFloats(name);
    return data.subarray(0, shape[1]);
  }

  private arraysOf(episode: EpisodeRecord): EpisodeArrays {
    return new EpisodeArrays(this.file, episode, this.expected);
  }

  private checkAgainstJson(jsonPath: string): void {
    const [problem] = listingProblems(this.record, this.file.keys(''), this.path, jsonPath);
    if (problem !== undefined) throw new UserError(problem);
  }

  private checkExpectation(): void {
    const { envId, controlMode } = this.expected;
    if (envId !== undefined && this.record.envId !== null && this.record.envId !== envId) {
      throw otherTask(this.path, this.record.envId, envId);
    }
    if (controlMode === undefined) return;
    const mixed = mixedModesProblem(this.record);
    if (mixed !== null) throw new UserError(`${this.path}: ${mixed}`);
    const [recorded = controlMode] = controlModesOf(this.record);
    if (recorded === controlMode) return;
    throw new UserError(
      `${this.path}: its actions have control mode ${recorded}; expected ${controlMode}. ` +
        `Convert it: ${conversionCommand(this.path, controlMode)}`,
    );
  }
}

import { rename, writeFile } from 'node:fs/promises';
import { File, type Group } from 'h5wasm/node';
import { UserError } from '../../../errors.js';
import { removeFile } from '../../../files/atomic.js';
import { checkWritable } from '../../../files/folders.js';
import { fileExists } from '../../../files/reading.js';
import { temporaryPath } from '../../../files/temporary_names.js';
import { loadHdf5 } from '../../storage/hdf5.js';
import { convertFlagsToBool, createFlags } from '../../storage/hdf5_bool.js';
import { hdf5Message } from '../../storage/hdf5_problems.js';
import { INTENDED_ACTIONS } from './episode_arrays.js';
import { metadataPath } from './json.js';
import type { EnvStates, Trajectory } from './trajectory.js';

/** Description of a dataset besides its episodes: the head of its json. */
export interface DatasetDescription {
  envId: string;
  controlMode: string;
  rewardMode: string;
  maxEpisodeSteps: number;
  /** `none` leaves the observations out, as ManiSkill does: the group `obs` is empty. Else `state`. */
  obsMode?: 'state' | 'none';
  /** The physics engine; stored as ManiSkill's `sim_backend`. */
  simBackend: string;
  /** The one that acted, in ManiSkill's words: `motionplanning`, `rl`, `scripted`, … */
  sourceType: string;
  sourceDescription: string;
  /** Everything needed to make the dataset again: versions, expert, its options, seed. */
  generator: Record<string, unknown>;
  /** The head of the json as it was recorded, where a dataset is written anew: it is written in place of all this. */
  recorded?: Readonly<Record<string, unknown>>;
}

/** An episode as it is written; the simulator states are optional. */
export interface RecordedTrajectory extends Trajectory {
  envStates: EnvStates | null;
  /** More for the episode's entry in the json. */
  metadata?: Readonly<Record<string, unknown>>;
}

/**
 * Writes a dataset as ManiSkill's own recorder does, episode by episode. Both files grow under temporary names and
 * get their own by `finish()`, so that an interrupted recording leaves nothing and replaces nothing.
 */
export class ManiSkillWriter {
  private readonly episodes: object[] = [];
  private flagDatasets = 0;
  private open = true;

  private constructor(
    readonly path: string,
    private readonly description: DatasetDescription,
    private readonly file: File,
  ) {}

  /** Throws a UserError if `path` (.h5) or its json exists, unless `overwrite`. */
  static async create(
    path: string,
    description: DatasetDescription,
    { overwrite = false } = {},
  ): Promise<ManiSkillWriter> {
    await loadHdf5();
    for (const existing of [path, metadataPath(path)]) {
      if (!overwrite && (await fileExists(existing))) {
        throw new UserError(`${existing} exists already; choose another output path or ask to overwrite`);
      }
    }
    checkWritable(path);
    try {
      const file = new File(temporaryPath(path), 'w', { libver: ['earliest', 'latest'] });
      return new ManiSkillWriter(path, description, file);
    } catch (error) {
      throw new UserError(`can't write ${path}: ${hdf5Message(error)}`, { cause: error });
    }
  }

  /** Adds one episode. Throws a UserError if the file can't be written, and a RangeError if the sizes disagree. */
  append(trajectory: RecordedTrajectory): void {
    const { episodeId, seed, length, success } = trajectory;
    try {
      this.writeEpisode(this.file.create_group(`traj_${episodeId}`), trajectory);
    } catch (error) {
      if (error instanceof RangeError) throw error;
      throw new UserError(`can't write ${this.path}: ${hdf5Message(error)}`, { cause: error });
    }
    this.episodes.push({
      episode_id: episodeId,
      episode_seed: seed,
      control_mode: this.description.controlMode,
      elapsed_steps: length,
      reset_kwargs: { options: null, seed },
      success: success[length - 1] === 1,
      ...trajectory.metadata,
    });
  }

  /** Completes both files and gives them their names. After an error here, as after any other, call `abort()`. */
  async finish(): Promise<void> {
    const temporary = temporaryPath(this.path);
    const jsonPath = metadataPath(this.path);
    try {
      this.closeFile();
      const converted = await convertFlagsToBool(temporary);
      if (converted !== this.flagDatasets) {
        throw new Error(`${converted} of ${this.flagDatasets} datasets of flags were found again`);
      }
      await writeFile(temporaryPath(jsonPath), `${JSON.stringify(this.metadata(), null, 2)}\n`);
      await rename(temporaryPath(jsonPath), jsonPath);
      await rename(temporary, this.path);
    } catch (error) {
      throw new UserError(`can't write ${this.path}: ${hdf5Message(error)}`, { cause: error });
    }
  }

  /** Removes what was written so far. Harmless after `finish()`. */
  async abort(): Promise<void> {
    try {
      this.closeFile();
    } catch {
      // On a full disk closing fails too; the file is removed in any case.
    }
    for (const path of [this.path, metadataPath(this.path)]) {
      // Why the recording ended matters more; the next command that writes there removes what is left.
      await removeFile(temporaryPath(path)).catch(() => {});
    }
  }

  private closeFile(): void {
    if (!this.open) return;
    this.open = false;
    this.file.close();
  }

  private writeEpisode(group: Group, trajectory: RecordedTrajectory): void {
    const { length, rewards, envStates } = trajectory;
    if (length === 0) throw new RangeError(`episode ${trajectory.episodeId} has no steps`);
    if (this.description.obsMode === 'none') group.create_group('obs');
    else writeMatrix(group, 'obs', trajectory.observations, length + 1);
    writeMatrix(group, 'actions', trajectory.actions, length);
    if (trajectory.intendedActions) writeMatrix(group, INTENDED_ACTIONS, trajectory.intendedActions, length);
    for (const name of ['terminated', 'truncated', 'success'] as const) {
      if (trajectory[name].length !== length) {
        throw new RangeError(`${name} has ${trajectory[name].length} values; expected ${length}`);
      }
      createFlags(group, name, trajectory[name]);
      this.flagDatasets++;
    }
    if (rewards) group.create_dataset({ name: 'rewards', data: rewards, shape: [length] });
    if (envStates) {
      const states = group.create_group('env_states');
      for (const [group, parts] of Object.entries(envStates)) {
        writeStateParts(states.create_group(group), parts, length + 1);
      }
    }
  }

  private metadata(): object {
    const { description } = this;
    if (description.recorded) return { ...description.recorded, episodes: this.episodes };
    return {
      env_info: {
        env_id: description.envId,
        env_kwargs: {
          obs_mode: description.obsMode ?? 'state',
          control_mode: description.controlMode,
          reward_mode: description.rewardMode,
          sim_backend: description.simBackend,
        },
        max_episode_steps: description.maxEpisodeSteps,
      },
      commit_info: null,
      source_type: description.sourceType,
      source_desc: description.sourceDescription,
      generator: description.generator,
      episodes: this.episodes,
    };
  }
}

function writeStateParts(group: Group, parts: Record<string, Float32Array>, rows: number): void {
  for (const [name, data] of Object.entries(parts)) writeMatrix(group, name, data, rows);
}

function writeMatrix(group: Group, name: string, data: Float32Array, rows: number): void {
  if (data.length === 0 || data.length % rows !== 0) {
    throw new RangeError(`${name} has ${data.length} values, which do not fill ${rows} rows`);
  }
  group.create_dataset({ name, data, shape: [rows, data.length / rows] });
}

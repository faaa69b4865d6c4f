import { UserError } from '../errors.js';
import { notFinite, wrongRows } from './array_checks.js';
import { Hdf5File, type NumericArray } from './hdf5.js';
import {
  type DatasetRecord,
  type EpisodeRecord,
  listingProblems,
  metadataPath,
  readDatasetRecord,
} from './maniskill_json.js';
import type { EnvStates, Trajectory } from './trajectory.js';

/** What a dataset has to be; what is left out is not checked. */
export interface DatasetExpectation {
  envId?: string;
  controlMode?: string;
  observationDim?: number;
  actionDim?: number;
  /** Opening doesn't fail if the json and the file list different episodes; reading one that is missing does. */
  mayLackEpisodes?: boolean;
}

/** An episode's T actions, [T, actionDim], and how it went as in {@link Trajectory}. */
export interface Conduct
  extends Pick<Trajectory, 'length' | 'rewards' | 'success' | 'terminated' | 'truncated'> {
  actions: NumericArray<Float32Array>;
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

  /** What the json doesn't say, so that it could not be checked: plain sentences for the user. */
  get notes(): string[] {
    const notes: string[] = [];
    if (this.record.envId === null) notes.push('the json names no env_id: not checked');
    if (this.record.episodes.some((episode) => episode.controlMode === null)) {
      notes.push('the json names no control_mode: not checked');
    }
    return notes;
  }

  /** Reads the episodes one after another, in the order of their ids. */
  *trajectories(): Generator<Trajectory> {
    for (const episode of this.record.episodes) yield this.read(episode);
  }

  /** Reads and checks one episode. */
  read(episode: EpisodeRecord): Trajectory {
    const group = `traj_${episode.episodeId}`;
    const { actions, ...conduct } = this.readConduct(episode);
    const { length } = conduct;
    return {
      episodeId: episode.episodeId,
      seed: episode.seed,
      observations: this.readObservations(group, length),
      actions: actions.data,
      ...conduct,
    };
  }

  /** Reads and checks what every episode has, also one without observations: actions and how it went. */
  readConduct(episode: EpisodeRecord): Conduct {
    const group = `traj_${episode.episodeId}`;
    const actions = this.file.readFloats(`${group}/actions`);
    const length = actions.shape[0];
    if (length === 0) throw new UserError(`${this.path}: ${group} has no steps`);
    if (episode.elapsedSteps !== null && episode.elapsedSteps !== length) {
      throw new UserError(
        `${this.path}: ${group} has ${length} actions, but the json says elapsed_steps ${episode.elapsedSteps}`,
      );
    }
    this.checkMatrix(`${group}/actions`, actions, length, this.expected.actionDim);
    return {
      length,
      actions,
      rewards: this.readRewards(group, length),
      ...this.readOutcomes(group, length),
    };
  }

  /** The shapes of the arrays in an episode's group, by their paths in it: `actions`, `env_states/actors/cube`. */
  arrayShapes(episode: EpisodeRecord): Map<string, number[]> {
    const group = `traj_${episode.episodeId}`;
    return new Map(this.file.arrays(group).map((name) => [name, this.file.shape(`${group}/${name}`)]));
  }

  /** Whether an episode has simulator states. */
  hasEnvStates({ episodeId }: EpisodeRecord): boolean {
    return this.file.kind(`traj_${episodeId}/env_states`) === 'group';
  }

  /** Reads and checks an episode's simulator states; null where none were recorded. */
  readEnvStates(episode: EpisodeRecord): EnvStates | null {
    if (!this.hasEnvStates(episode)) return null;
    const group = `traj_${episode.episodeId}`;
    const rows = this.file.readFloats(`${group}/actions`).shape[0] + 1;
    const read = (parts: keyof EnvStates) => this.readStateParts(`${group}/env_states/${parts}`, rows);
    const has = (parts: keyof EnvStates) => this.file.kind(`${group}/env_states/${parts}`) === 'group';
    return {
      actors: read('actors'),
      articulations: read('articulations'),
      ...(has('memory') && { memory: read('memory') }),
      ...(has('geometry') && { geometry: read('geometry') }),
    };
  }

  /** The first observation of an episode; null if none were recorded as vectors. */
  readFirstObservation({ episodeId }: EpisodeRecord): Float32Array | null {
    const name = `traj_${episodeId}/obs`;
    if (this.file.kind(name) !== 'array') return null;
    const { data, shape } = this.file.readFloats(name);
    return data.subarray(0, shape[1]);
  }

  close(): void {
    this.file.close();
  }

  private checkAgainstJson(jsonPath: string): void {
    const [problem] = listingProblems(this.record, this.file.keys(''), this.path, jsonPath);
    if (problem !== undefined) throw new UserError(problem);
  }

  private checkExpectation(): void {
    const { envId, controlMode } = this.expected;
    if (envId !== undefined && this.record.envId !== null && this.record.envId !== envId) {
      throw new UserError(`${this.path} was recorded in ${this.record.envId}; expected ${envId}`);
    }
    if (controlMode === undefined) return;
    for (const episode of this.record.episodes) {
      if (episode.controlMode === null || episode.controlMode === controlMode) continue;
      throw new UserError(
        `${this.path}: traj_${episode.episodeId} has control mode ${episode.controlMode}; expected ${controlMode}. ` +
          this.replayHint(),
      );
    }
  }

  private readObservations(group: string, length: number): Float32Array {
    const name = `${group}/obs`;
    if (this.file.kind(name) === 'group') {
      const keys = this.file.keys(name);
      const found = keys.length === 0 ? 'no observations' : `observations in parts (${keys.join(', ')})`;
      throw new UserError(
        `${this.path}: ${name} holds ${found}, obs_mode ${this.record.obsMode ?? 'unknown'}; ` +
          `expected obs_mode state. ${this.replayHint()}`,
      );
    }
    const observations = this.file.readFloats(name);
    this.checkMatrix(name, observations, length + 1, this.expected.observationDim);
    return observations.data;
  }

  private readRewards(group: string, length: number): Float32Array | null {
    const name = `${group}/rewards`;
    if (this.file.kind(name) === null) return null;
    const rewards = this.file.readFloats(name);
    this.checkRows(name, rewards.shape, length);
    this.checkFinite(name, rewards.data, 1);
    return rewards.data;
  }

  /** In ManiSkill a task terminates by success, so each of the two stands in where the other is absent. */
  private readOutcomes(group: string, length: number) {
    const success = this.readOptionalFlags(`${group}/success`, length);
    const terminated = this.readOptionalFlags(`${group}/terminated`, length);
    const outcome = success ?? terminated;
    if (!outcome) throw new UserError(`${this.path}: ${group} has neither success nor terminated`);
    return {
      success: outcome,
      terminated: terminated ?? outcome,
      truncated: this.readOptionalFlags(`${group}/truncated`, length) ?? new Uint8Array(length),
    };
  }

  private readOptionalFlags(name: string, length: number): Uint8Array | null {
    if (this.file.kind(name) === null) return null;
    const flags = this.file.readFlags(name);
    this.checkRows(name, flags.shape, length);
    return flags.data;
  }

  private readStateParts(path: string, rows: number): Record<string, Float32Array> {
    if (this.file.kind(path) !== 'group') return {};
    const names = this.file.keys(path).filter((name) => this.file.kind(`${path}/${name}`) === 'array');
    return Object.fromEntries(names.map((name) => [name, this.readStatePart(`${path}/${name}`, rows)]));
  }

  private readStatePart(name: string, rows: number): Float32Array {
    const states = this.file.readFloats(name);
    this.checkMatrix(name, states, rows, undefined);
    return states.data;
  }

  private checkMatrix(
    name: string,
    { data, shape }: NumericArray<Float32Array>,
    rows: number,
    width: number | undefined,
  ): void {
    this.checkRows(name, shape, rows);
    if (shape.length !== 2 || (width !== undefined && shape[1] !== width)) {
      throw new UserError(
        `${this.path}: ${name} has shape [${shape.join(', ')}]; expected [${rows}, ${width ?? 'size'}]`,
      );
    }
    this.checkFinite(name, data, shape[1]);
  }

  private checkRows(name: string, shape: number[], rows: number): void {
    const problem = wrongRows(shape, rows);
    if (problem !== null) throw new UserError(`${this.path}: ${name} ${problem}`);
  }

  private checkFinite(name: string, data: Float32Array, width: number): void {
    const problem = notFinite(data, width);
    if (problem !== null) throw new UserError(`${this.path}: ${name} ${problem}; drop that episode`);
  }

  private replayHint(): string {
    const mode = this.expected.controlMode ?? '<control mode>';
    return `Convert it: npm run replay_trajectory -- --traj-path ${this.path} -o state -c ${mode} --save-traj`;
  }
}

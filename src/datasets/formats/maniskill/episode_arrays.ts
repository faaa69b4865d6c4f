import { UserError } from '../../../errors.js';
import { unusableValues, wrongRows, wrongShape } from '../../array_checks.js';
import type { ColumnType } from '../../column.js';
import type { Hdf5File, NumericArray } from '../../storage/hdf5.js';
import { conversionCommand } from './conversion_command.js';
import type { EpisodeRecord } from './json.js';
import type { EnvStates, Trajectory } from './trajectory.js';

/** Demands on an episode's arrays; what is left out is not checked. */
export interface EpisodeExpectation {
  controlMode?: string | undefined;
  observationDim?: number | undefined;
  actionDim?: number | undefined;
}

/** The part of an episode that is always there: T actions [T, actionDim], and rewards and flags as in {@link Trajectory}. */
export interface EpisodeCore
  extends Pick<Trajectory, 'length' | 'rewards' | 'success' | 'terminated' | 'truncated'> {
  actions: NumericArray<Float32Array>;
}

/** The form in which observations are stored: one array, as training takes them; arrays of their own; or none at all. */
export type ObservationForm = 'whole' | 'parts' | 'none';

export const FLAG_NAMES = ['success', 'terminated', 'truncated'] as const;
export type FlagName = (typeof FLAG_NAMES)[number];

/** The array of the actions that were intended where noise was added to them: an addition of ours. */
export const INTENDED_ACTIONS = 'intended_actions';

const USED_PARTS = new Set<string>([
  'actions',
  INTENDED_ACTIONS,
  'obs',
  'rewards',
  'env_states',
  ...FLAG_NAMES,
]);

/** True if anything here reads an array, by its path in an episode's group. */
export function isUsed(path: string): boolean {
  return USED_PARTS.has(path.split('/')[0]);
}

/**
 * The arrays of one episode, the group `traj_<id>` of a file. Each is checked as it is read: its type, its shape, its
 * values, and what the json says of it. What is wrong is a UserError that names the file and the array. All that use
 * datasets read them by this, and so does the verification: what it finds nothing wrong with can be used.
 */
export class EpisodeArrays {
  readonly group: string;
  // What other arrays are checked against is looked up once: HDF5 takes its time.
  private steps: number | null = null;
  private readonly knownFlags = new Map<FlagName, Uint8Array | null>();

  constructor(
    private readonly file: Hdf5File,
    private readonly record: EpisodeRecord,
    private readonly expected: EpisodeExpectation,
  ) {
    this.group = `traj_${record.episodeId}`;
  }

  /** The number of steps T, which is that of the actions. */
  get length(): number {
    this.steps ??= this.countSteps();
    return this.steps;
  }

  checkElapsedSteps(): void {
    const { elapsedSteps } = this.record;
    if (elapsedSteps === null || elapsedSteps === this.length) return;
    this.refuse(`${this.group} has ${this.length} actions, but the json says elapsed_steps ${elapsedSteps}`);
  }

  /** The part that an episode without observations has too. */
  core(): EpisodeCore {
    const actions = this.actions();
    this.checkElapsedSteps();
    return { length: this.length, actions, rewards: this.rewards(), ...this.outcomes() };
  }

  actions(): NumericArray<Float32Array> {
    const { group, length } = this;
    const actions = this.file.readFloats(`${group}/actions`);
    this.checkMatrix(`${group}/actions`, actions, length, this.expected.actionDim);
    return actions;
  }

  /** What was intended, in as many numbers as were done; null where it was not recorded. */
  intendedActions(): Float32Array | null {
    const name = `${this.group}/${INTENDED_ACTIONS}`;
    if (this.file.kind(name) === null) return null;
    const intended = this.file.readFloats(name);
    const [, actionDim] = this.file.shape(`${this.group}/actions`);
    this.checkMatrix(name, intended, this.length, actionDim);
    return intended.data;
  }

  /** Rewards of the steps; null where none were recorded. */
  rewards(): Float32Array | null {
    const name = `${this.group}/rewards`;
    if (this.file.kind(name) === null) return null;
    const { data, shape } = this.file.readFloats(name);
    this.checkVector(name, shape);
    this.checkValues(name, data, 1);
    return data;
  }

  /** True if the episode ends in success, by its flags; the json has to agree. */
  private succeeds(): boolean {
    const { group, record } = this;
    const flag = this.flags('success') ? 'success' : 'terminated';
    const flags = this.flags(flag);
    if (!flags) this.refuse(`${group} has neither success nor terminated`);
    const succeeds = flags.at(-1) === 1;
    if (record.success !== null && record.success !== succeeds) {
      this.refuse(`${group}/${flag} ends with ${succeeds}, but the json says success ${record.success}`);
    }
    return succeeds;
  }

  /** Flags of the steps. A task of ManiSkill terminates by success, so each of the two stands in where the other is absent. */
  outcomes(): Pick<Trajectory, FlagName> {
    this.succeeds();
    const success = this.flags('success');
    const terminated = this.flags('terminated');
    return {
      success: (success ?? terminated)!,
      terminated: (terminated ?? success)!,
      truncated: this.flags('truncated') ?? new Uint8Array(this.length),
    };
  }

  /** Values of a flag [T]; null where none were recorded. */
  flags(flag: FlagName): Uint8Array | null {
    const known = this.knownFlags.get(flag);
    if (known !== undefined) return known;
    const flags = this.readFlags(`${this.group}/${flag}`);
    this.knownFlags.set(flag, flags);
    return flags;
  }

  get observationForm(): ObservationForm {
    const kind = this.file.kind(`${this.group}/obs`);
    if (kind === 'array') return 'whole';
    return kind === 'group' && this.file.keys(`${this.group}/obs`).length > 0 ? 'parts' : 'none';
  }

  /** The observations [T + 1, observationDim] of obs_mode state. */
  observations(): NumericArray<Float32Array> {
    const name = `${this.group}/obs`;
    if (this.observationForm !== 'whole') this.refuseObservations();
    const observations = this.file.readFloats(name);
    this.checkMatrix(name, observations, this.length + 1, this.expected.observationDim);
    return observations;
  }

  get hasEnvStates(): boolean {
    return this.file.kind(`${this.group}/env_states`) === 'group';
  }

  /** The simulator states; null where none were recorded. */
  envStates(): EnvStates | null {
    if (!this.hasEnvStates) return null;
    const has = (kind: keyof EnvStates) => this.file.kind(`${this.group}/env_states/${kind}`) === 'group';
    return {
      actors: this.stateParts('actors'),
      articulations: this.stateParts('articulations'),
      ...(has('memory') && { memory: this.stateParts('memory') }),
      ...(has('geometry') && { geometry: this.stateParts('geometry') }),
    };
  }

  /** One array of the simulator states, by its path in the group: `env_states/actors/cube`. */
  statePart(path: string): Float32Array {
    const name = `${this.group}/${path}`;
    const states = this.file.readFloats(name);
    this.checkMatrix(name, states, this.length + 1, undefined);
    return states.data;
  }

  /** One array of observations in parts, by its path in the group. Nothing here uses its numbers, of whatever type. */
  observationPart(path: string): NumericArray<unknown> {
    const name = `${this.group}/${path}`;
    const part = this.file.readNumbers(name);
    const { data, shape } = part;
    this.checkRows(name, shape, this.length + 1);
    if (data instanceof Float32Array) this.checkValues(name, data, data.length / shape[0]);
    return part;
  }

  /** Types and shapes of all arrays, by their paths in the group: `actions`, `env_states/actors/cube`. */
  columns(): Map<string, ColumnType> {
    const { file, group } = this;
    return new Map(file.arrays(group).map((name) => [name, file.columnType(`${group}/${name}`)]));
  }

  private countSteps(): number {
    const { file, group } = this;
    if (file.kind(`${group}/actions`) !== 'array') this.refuse(`${group} has no actions`);
    const [length = 0] = file.shape(`${group}/actions`);
    if (length === 0) this.refuse(`${group} has no steps`);
    return length;
  }

  private readFlags(name: string): Uint8Array | null {
    if (this.file.kind(name) === null) return null;
    const { data, shape } = this.file.readFlags(name);
    this.checkVector(name, shape);
    return data;
  }

  private stateParts(kind: string): Record<string, Float32Array> {
    const path = `env_states/${kind}`;
    if (this.file.kind(`${this.group}/${path}`) !== 'group') return {};
    const names = this.file.keys(`${this.group}/${path}`);
    return Object.fromEntries(names.map((name) => [name, this.statePart(`${path}/${name}`)]));
  }

  private checkMatrix(
    name: string,
    { data, shape }: NumericArray<Float32Array>,
    rows: number,
    width: number | undefined,
  ): void {
    this.checkRows(name, shape, rows);
    this.complain(name, wrongShape(shape, [rows, width ?? 'size']));
    this.checkValues(name, data, shape[1]);
  }

  private checkVector(name: string, shape: readonly number[]): void {
    this.checkRows(name, shape, this.length);
    this.complain(name, wrongShape(shape, [this.length]));
  }

  private checkRows(name: string, shape: readonly number[], rows: number): void {
    this.complain(name, wrongRows(shape, rows));
  }

  private checkValues(name: string, data: Float32Array, width: number): void {
    const problem = unusableValues(data, width);
    this.complain(name, problem && `${problem}; drop that episode`);
  }

  private refuseObservations(): never {
    const { path } = this.file;
    const name = `${this.group}/obs`;
    const parts = this.observationForm === 'parts' ? this.file.keys(name).join(', ') : null;
    const found = parts === null ? 'no observations' : `observations in parts (${parts})`;
    const { controlMode = '<control mode>' } = this.expected;
    const command = conversionCommand(path, this.hasEnvStates ? null : controlMode);
    this.refuse(`${name} holds ${found}; expected obs_mode state. Convert the file: ${command}`);
  }

  private complain(name: string, problem: string | null): void {
    if (problem !== null) this.refuse(`${name} ${problem}`);
  }

  private refuse(problem: string): never {
    throw new UserError(`${this.file.path}: ${problem}`);
  }
}

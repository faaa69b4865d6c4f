import { createHash } from 'node:crypto';
import type { EnvironmentSpec } from '../../../../envs/env.js';
import type { ColumnType } from '../../column.js';
import { type ColumnRange, emptyRange, widenRange } from '../../column_range.js';
import type { NumericArray } from '../../storage/hdf5.js';
import { horizonSettings } from '../../training_settings.js';
import { figure, named } from '../../wording.js';
import { isUsed } from './episode_arrays.js';
import type { EnvStates } from './trajectory.js';

/** The usable parts of an episode; null where one can't be used, or was not recorded. */
export interface UsableParts {
  group: string;
  /** Its task in its control mode; null if that is not known here. */
  spec: EnvironmentSpec | null;
  length: number | null;
  actions: NumericArray<Float32Array> | null;
  observations: NumericArray<Float32Array> | null;
  rewards: Float32Array | null;
  envStates: EnvStates | null;
  /** All arrays, by their paths in the episode's group; null if damage hides them. */
  columns: ReadonlyMap<string, ColumnType> | null;
}

/** Something strange in a dataset, which may be meant so. It is shown all episodes, one after another. */
interface Oddity {
  add(episode: UsableParts): void;
  /** One sentence with counts, after so many episodes; null if there is nothing strange. */
  note(episodes: number): string | null;
}

/** Larger than anything on a table in metres, radians and seconds. */
const LARGE = 1000;

/** Looks for everything strange in a dataset's episodes. `maxEpisodeSteps` is what the json says, or null. */
export class Oddities {
  private episodes = 0;
  private readonly all: readonly Oddity[];

  constructor(maxEpisodeSteps: number | null) {
    this.all = [
      new LongEpisodes(maxEpisodeSteps ?? Number.POSITIVE_INFINITY),
      new ActionsOutOfRange(),
      new LargeValues(),
      new ConstantColumns('actions'),
      new ConstantColumns('observations'),
      new Repetitions(),
      new UnusedArrays(),
    ];
  }

  add(episode: UsableParts): void {
    this.episodes++;
    for (const oddity of this.all) oddity.add(episode);
  }

  notes(): string[] {
    return this.all.flatMap((oddity) => oddity.note(this.episodes) ?? []);
  }
}

class LongEpisodes implements Oddity {
  private count = 0;
  private longest = 0;

  constructor(private readonly limit: number) {}

  add({ length }: UsableParts): void {
    if (length === null || length <= this.limit) return;
    this.count++;
    this.longest = Math.max(this.longest, length);
  }

  note(episodes: number): string | null {
    if (this.count === 0) return null;
    return (
      `longer than max_episode_steps ${this.limit} of the json: ${this.count} of ${episodes} episodes, up to ` +
      `${this.longest} steps; a training gives its policy as long by ${horizonSettings(this.longest)}`
    );
  }
}

/** Actions outside [−1, 1], in control modes with normalised ones. The simulator clips them, as ManiSkill does. */
class ActionsOutOfRange implements Oddity {
  private values = 0;
  private count = 0;
  private farthest = 0;

  add({ actions, spec }: UsableParts): void {
    if (!actions || !spec) return;
    const { actionDim, actionLow, actionHigh } = spec;
    const before = this.values;
    actions.data.forEach((value, i) => {
      const column = i % actionDim;
      if (actionLow[column] !== -1 || actionHigh[column] !== 1 || Math.abs(value) <= 1) return;
      this.values++;
      if (Math.abs(value) > Math.abs(this.farthest)) this.farthest = value;
    });
    if (this.values > before) this.count++;
  }

  note(episodes: number): string | null {
    if (this.values === 0) return null;
    return (
      `action values outside [-1, 1]: ${this.values}, in ${this.count} of ${episodes} episodes, up to ` +
      `${figure(this.farthest)}; the simulator clips them, training takes them as they are`
    );
  }
}

class LargeValues implements Oddity {
  private values = 0;
  private count = 0;
  private largest = 0;
  private first = '';

  add({ group, observations, rewards }: UsableParts): void {
    const before = this.values;
    for (const [name, data] of [
      ['obs', observations?.data],
      ['rewards', rewards],
    ] as const) {
      for (const value of data ?? []) {
        if (Math.abs(value) <= LARGE) continue;
        this.first ||= `${group}/${name}`;
        this.values++;
        if (Math.abs(value) > Math.abs(this.largest)) this.largest = value;
      }
    }
    if (this.values > before) this.count++;
  }

  note(episodes: number): string | null {
    if (this.values === 0) return null;
    return (
      `observations and rewards beyond ±${LARGE}: ${this.values}, in ${this.count} of ${episodes} episodes, up to ` +
      `${figure(this.largest)}, first in ${this.first}; they outweigh all others`
    );
  }
}

/** Columns that hold the same number in every step: a sensor that was off, or an action that was not recorded. */
class ConstantColumns implements Oddity {
  private range: ColumnRange | null = null;
  private steps = 0;
  private spec: EnvironmentSpec | null = null;

  constructor(private readonly what: 'actions' | 'observations') {}

  add(episode: UsableParts): void {
    const array = episode[this.what];
    if (!array) return;
    this.range ??= emptyRange(array.shape[1]);
    this.spec ??= episode.spec;
    this.steps += episode.length ?? 0;
    if (array.shape[1] === this.range.min.length) widenRange(this.range, array.data);
  }

  note(episodes: number): string | null {
    // What is drawn for an episode, such as a goal, is the same in all of its steps.
    if (this.range === null || this.steps < 2 || (this.what === 'observations' && episodes < 2)) return null;
    const { min, max } = this.range;
    const columns = [...min.keys()].filter((column) => min[column] === max[column]);
    if (columns.length === 0) return null;
    const places = columns.map((column) => `${column}${this.partOf(column)} is ${figure(min[column])}`);
    return `columns of ${this.what} that never change: ${columns.length} of ${min.length}; ${named(places)}`;
  }

  private partOf(column: number): string {
    if (this.what === 'actions') return '';
    const part = this.spec?.observationLayout.find(
      ({ offset, size }) => column >= offset && column < offset + size,
    );
    return part ? ` (${part.name})` : '';
  }
}

class Repetitions implements Oddity {
  private readonly seen = new Set<string>();
  private readonly groups: string[] = [];

  add({ group, actions, observations, envStates }: UsableParts): void {
    if (!actions || !(observations || envStates)) return;
    const hash = createHash('sha256').update(actions.data);
    if (observations) hash.update(observations.data);
    for (const states of Object.values(envStates?.actors ?? {})) hash.update(states);
    for (const states of Object.values(envStates?.articulations ?? {})) hash.update(states);
    const digest = hash.digest('base64');
    if (this.seen.has(digest)) this.groups.push(group);
    this.seen.add(digest);
  }

  note(episodes: number): string | null {
    if (this.groups.length === 0) return null;
    return (
      `repeating an earlier episode, number for number: ${this.groups.length} of ${episodes} episodes; ` +
      named(this.groups)
    );
  }
}

/** Arrays that other tools have recorded too. They are not read. */
class UnusedArrays implements Oddity {
  private readonly names = new Set<string>();

  add({ columns }: UsableParts): void {
    for (const name of columns?.keys() ?? []) {
      if (!isUsed(name)) this.names.add(name);
    }
  }

  note(): string | null {
    return this.names.size === 0 ? null : `not read, as nothing here uses it: ${named([...this.names])}`;
  }
}

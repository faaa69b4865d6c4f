import { actionBounds, actionNames } from '../../action_range.js';
import { ACTION_SCALE, scalesOf } from '../../action_scale.js';
import type { Column, NumberColumn } from '../../column.js';
import { rowsOf } from '../../column_rows.js';
import type { FormatWriter, WriteTarget, WrittenHead } from '../../format_writer.js';
import { joinedColumn } from '../../joined_columns.js';
import { type MetadataValue, metadataJson } from '../../metadata.js';
import { Hdf5Writer } from '../../storage/hdf5_writer.js';
import type { WholeEpisode } from '../../whole_episode.js';
import { fitToRobomimic } from './fit.js';
import { DATA, ENV_ARGS, MASK, ONE_ARRAY } from './layout.js';

/** robomimic's number for environments of Gym, the only ones of which an id alone says enough. */
const GYM = 2;

/** Writes a robomimic file: a group `data/demo_<number>` for each episode. */
export class RobomimicWriter implements FormatWriter {
  private demos = 0;
  private steps = 0;

  private constructor(
    private readonly head: WrittenHead,
    private readonly file: Hdf5Writer,
  ) {}

  static async create({ path, named }: WriteTarget, head: WrittenHead): Promise<RobomimicWriter> {
    return new RobomimicWriter(head, await Hdf5Writer.create(path, named));
  }

  fit(episode: WholeEpisode): WholeEpisode {
    return fitToRobomimic(episode);
  }

  append(episode: WholeEpisode): void {
    const { id, length, seed, observations, hasFinalObservation, rewards, success } = episode;
    const { file } = this;
    const group = `${DATA}/demo_${this.demos}`;
    file.attribute(group, 'num_samples', BigInt(length));
    if (seed !== null) file.attribute(group, 'seed', seed);
    for (const [name, value] of episode.metadata) file.attribute(group, name, value);
    this.array(`${group}/actions`, joinedColumn(id, 'actions', episode.actions));
    if (rewards) this.array(`${group}/rewards`, rewards);
    for (const name of ['terminated', 'truncated'] as const) {
      if (episode[name].includes(1)) this.array(`${group}/${name}`, flags(episode[name]));
    }
    if (success) this.array(`${group}/success`, flags(success));
    const [intended] = episode.intendedActions?.values() ?? [];
    if (intended) this.array(`${group}/intended_actions`, intended);
    for (const [path, column] of observations) {
      const key = path || ONE_ARRAY;
      this.array(`${group}/obs/${key}`, rowsOf(column, 0, length));
      if (hasFinalObservation) this.array(`${group}/next_obs/${key}`, rowsOf(column, 1, length + 1));
    }
    for (const [name, column] of episode.extras) this.array(`${group}/${name}`, column);
    file.completeGroup(group);
    this.demos++;
    this.steps += length;
  }

  notes(): string[] {
    return [];
  }

  async finish(): Promise<void> {
    const { file } = this;
    const { envId, metadata = new Map<string, MetadataValue>() } = this.head;
    file.attribute(DATA, 'total', BigInt(this.steps));
    if (envId !== null && !metadata.has(ENV_ARGS)) file.attribute(DATA, ENV_ARGS, envArgs(envId));
    const scales = scalesOf(actionBounds(this.head.declared, actionNames(this.head.declared)));
    if (scales) file.attribute(DATA, ACTION_SCALE, scales);
    for (const [name, value] of metadata) {
      const demos = name.startsWith(`${MASK}/`) ? demosOf(value, this.demos) : null;
      if (demos) file.fixedTexts(name, demos);
      else if (name !== 'total' && name !== ACTION_SCALE) file.attribute(DATA, name, value);
    }
    await file.finish();
  }

  abort(): void {
    this.file.abort();
  }

  private array(name: string, column: Column): void {
    if (column.dtype === 'bytes') throw new RangeError(`${name} holds bytes`);
    this.file.array(name, column, { growing: false });
  }
}

function flags(data: Uint8Array): NumberColumn {
  return { dtype: 'bool', shape: [data.length], data };
}

/** An environment of which only the id is known. */
function envArgs(id: string): string {
  return metadataJson({ env_name: id, env_version: null, type: GYM, env_kwargs: {} });
}

/** The demonstrations at some places of a dataset; null for anything else than a list of places. */
function demosOf(value: MetadataValue, count: number): string[] | null {
  if (!Array.isArray(value)) return null;
  const list: readonly MetadataValue[] = value;
  const places = list.map(Number);
  const arePlaces = places.every((place) => Number.isInteger(place) && place >= 0 && place < count);
  return arePlaces ? places.map((place) => `demo_${place}`) : null;
}

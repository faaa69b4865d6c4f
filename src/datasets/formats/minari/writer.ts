import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { UserError } from '../../../errors.js';
import { writeError } from '../../../files/problems.js';
import { type Column, type Columns, columnName, rowText } from '../../column.js';
import { lastRowOf, withRow } from '../../column_rows.js';
import type { FormatWriter, WriteTarget, WrittenHead } from '../../format_writer.js';
import { type MetadataValue, metadataJson } from '../../metadata.js';
import { Hdf5Writer } from '../../storage/hdf5_writer.js';
import type { WholeEpisode } from '../../whole_episode.js';
import { fitToMinari } from './fit.js';
import { knownSpace } from './known_space.js';
import { FINAL_OBSERVATION, REPEATED, rewardStatistics, storedPaths } from './stored_names.js';
import { SpaceOfColumns } from './written_spaces.js';

/** The version of minari whose layout this is. */
const MINARI_VERSION = '0.5.4';

const PARTS = ['observations', 'actions'] as const;

/** Writes a Minari dataset in HDF5, as minari's DataCollector does. Pictures are stored as they are, not as JPEGs. */
export class MinariWriter implements FormatWriter {
  private readonly spaces: Record<(typeof PARTS)[number], SpaceOfColumns>;
  private layout: string | null = null;
  private first: WholeEpisode | null = null;
  private episodes = 0;
  private steps = 0;
  private repeated = 0;

  private constructor(
    private readonly target: WriteTarget,
    private readonly head: WrittenHead,
    private readonly file: Hdf5Writer,
  ) {
    this.spaces = {
      observations: new SpaceOfColumns('observations', head.declared),
      actions: new SpaceOfColumns('actions', head.declared),
    };
  }

  static async create(target: WriteTarget, head: WrittenHead): Promise<MinariWriter> {
    try {
      mkdirSync(join(target.path, 'data'), { recursive: true });
    } catch (error) {
      throw writeError(target.named, error);
    }
    const file = await Hdf5Writer.create(join(target.path, 'data', 'main_data.hdf5'), target.named);
    return new MinariWriter(target, head, file);
  }

  fit(episode: WholeEpisode): WholeEpisode {
    return fitToMinari(episode);
  }

  append(episode: WholeEpisode): void {
    const { seed, length, hasFinalObservation, rewards, metadata } = episode;
    this.checkLayout(episode);
    this.first ??= episode;
    const group = `episode_${this.episodes}`;
    const { file } = this;
    file.attribute(group, 'id', BigInt(this.episodes));
    if (seed !== null) file.attribute(group, 'seed', seed);
    for (const [name, value] of metadata) file.attribute(group, name, value);
    file.attribute(group, 'total_steps', BigInt(length));
    for (const [name, value] of rewardStatistics(rewards!.data)) file.attribute(group, name, value);
    if (!hasFinalObservation) {
      file.attribute(group, FINAL_OBSERVATION, REPEATED);
      this.repeated++;
    }
    for (const part of PARTS) {
      this.spaces[part].add(episode[part]);
      const paths = storedPaths([...episode[part].keys()]);
      for (const [path, column] of episode[part]) {
        const isShort = part === 'observations' && !hasFinalObservation;
        this.array(
          columnName(`${group}/${part}`, paths.get(path)!),
          isShort ? withRow(column, lastRowOf(column)) : column,
        );
      }
    }
    this.array(`${group}/rewards`, rewards!);
    for (const [name, data] of [
      ['terminations', episode.terminated],
      ['truncations', episode.truncated],
    ] as const) {
      this.array(`${group}/${name}`, { dtype: 'bool', shape: [length], data });
    }
    // minari stumbles over episodes without this group, even if it would be empty.
    file.group(`${group}/infos`);
    for (const [name, column] of episode.extras) this.array(`${group}/${name}`, column);
    file.completeGroup(group);
    this.episodes++;
    this.steps += length;
  }

  notes(): string[] {
    if (this.repeated === 0) return [];
    return [
      `added: an observation after the last step, a copy of the one before, in ${this.repeated} episodes that have none; marked ` +
        `by their attribute ${FINAL_OBSERVATION}, and left out again when they are read here`,
    ];
  }

  async finish(): Promise<void> {
    await this.file.finish();
    const folder = join(this.target.path, 'data');
    try {
      const bytes = statSync(join(folder, 'main_data.hdf5')).size;
      writeFileSync(join(folder, 'metadata.json'), this.metadata(bytes));
    } catch (error) {
      throw writeError(this.target.named, error);
    }
  }

  abort(): void {
    this.file.abort();
  }

  private array(name: string, column: Column): void {
    if (column.dtype === 'bytes') throw new RangeError(`${name} holds bytes`);
    this.file.array(name, column, { growing: true });
  }

  /** A space holds for all episodes, so their columns have to be the same. */
  private checkLayout({ id, observations, actions }: WholeEpisode): void {
    const names = (part: string, columns: Columns) =>
      [...columns].map(([path, column]) => `${columnName(part, path)} ${rowText(column)}`);
    const layout = [...names('observations', observations), ...names('actions', actions)].sort().join(', ');
    this.layout ??= layout;
    if (layout === this.layout) return;
    throw new UserError(
      `can't write ${this.target.named}: ${id} has ${layout}; the episodes before have ${this.layout}`,
    );
  }

  private metadata(bytes: number): string {
    const { envId, metadata = new Map<string, MetadataValue>() } = this.head;
    const spec = envId === null || !GYM_ID.test(envId) ? {} : { env_spec: envSpec(envId) };
    const space = (part: (typeof PARTS)[number]) =>
      knownSpace(metadata.get(`${part.slice(0, -1)}_space`), part, this.first![part]) ??
      this.spaces[part].json();
    const values: Record<string, MetadataValue> = {
      total_episodes: this.episodes,
      total_steps: this.steps,
      data_format: 'hdf5',
      jpeg_encoding: false,
      observation_space: space('observations'),
      action_space: space('actions'),
      ...spec,
      dataset_size: Math.round(bytes / 1e5) / 10,
      dataset_id: datasetId(this.target.named),
    };
    for (const [name, value] of metadata) {
      if (!(name in values) || name === 'env_spec') values[name] = value;
    }
    values['minari_version'] = MINARI_VERSION;
    return metadataJson(values);
  }
}

/** Ids that Gymnasium takes: with others minari couldn't open the dataset. */
const GYM_ID = /^(?:[\w:-]+\/)?[\w:.-]+?(?:-v\d+)?$/;

/** An environment of which only the id is known, as Gymnasium's `EnvSpec.to_json` has it. */
function envSpec(id: string): string {
  return metadataJson({
    id,
    entry_point: null,
    reward_threshold: null,
    nondeterministic: false,
    max_episode_steps: null,
    order_enforce: true,
    disable_env_checker: false,
    kwargs: {},
    additional_wrappers: [],
    vector_entry_point: null,
  });
}

/** The id of a dataset by its folder: with its namespaces, below a folder `datasets` as minari's own is. */
export function datasetId(path: string): string {
  const parts = path.split(sep);
  const root = parts.lastIndexOf('datasets');
  return root < 0
    ? basename(path)
    : relative(parts.slice(0, root + 1).join(sep) || sep, path).replaceAll(sep, '/');
}

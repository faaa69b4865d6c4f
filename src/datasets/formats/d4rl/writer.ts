import { UserError } from '../../../errors.js';
import { actionBounds, actionNames } from '../../action_range.js';
import { ACTION_SCALE, scaleColumn, scalesOf } from '../../action_scale.js';
import { copyRowsOf, type NumberColumn, rowText } from '../../column.js';
import type { FormatWriter, WriteTarget, WrittenHead } from '../../format_writer.js';
import { joinedColumn } from '../../joined_columns.js';
import { Hdf5Writer } from '../../storage/hdf5_writer.js';
import type { WholeEpisode } from '../../whole_episode.js';
import { D4rlFit } from './fit.js';
import { OWN_METADATA } from './metadata.js';

/** Writes a file in D4RL's layout: arrays of all steps, one after another, compressed with gzip. */
export class D4rlWriter implements FormatWriter {
  private readonly fitting = new D4rlFit();

  private constructor(
    private readonly named: string,
    private readonly file: Hdf5Writer,
  ) {}

  static async create({ path, named }: WriteTarget, head: WrittenHead): Promise<D4rlWriter> {
    const file = await Hdf5Writer.create(path, named);
    try {
      const scales = scalesOf(actionBounds(head.declared, actionNames(head.declared)));
      if (head.envId !== null) file.scalar('metadata/env_id', head.envId);
      const place = `metadata/${ACTION_SCALE}`;
      if (scales?.length === 1) file.scalar(place, scales[0]);
      else if (scales) file.array(place, scaleColumn(scales), { growing: false });
      for (const [name, value] of head.metadata ?? []) {
        if (!OWN_METADATA.includes(name)) file.scalar(`metadata/${name}`, value);
      }
      return new D4rlWriter(named, file);
    } catch (error) {
      file.abort();
      throw error;
    }
  }

  fit(episode: WholeEpisode, isLast: boolean): WholeEpisode {
    return this.fitting.episode(episode, isLast);
  }

  append(episode: WholeEpisode): void {
    const { id, length, hasFinalObservation, rewards, terminated, truncated, extras } = episode;
    const observations = joinedColumn(id, 'observations', episode.observations);
    const rows = new Map<string, NumberColumn>([
      ['observations', copyRowsOf(observations, 0, length)],
      ...(hasFinalObservation
        ? [['next_observations', copyRowsOf(observations, 1, length + 1)] as const]
        : []),
      ['actions', joinedColumn(id, 'actions', episode.actions)],
      ['rewards', rewards!],
      ['terminals', { dtype: 'bool', shape: [length], data: terminated }],
      ['timeouts', { dtype: 'bool', shape: [length], data: truncated }],
      ...([...extras] as [string, NumberColumn][]),
    ]);
    for (const [name, column] of rows) {
      if (this.file.grow(name, column)) continue;
      throw new UserError(
        `can't write ${this.named}: ${id}/${name} has rows of ${rowText(column)}, unlike the episodes before`,
      );
    }
  }

  notes(): string[] {
    return this.fitting.notes();
  }

  finish(): Promise<void> {
    return this.file.finish();
  }

  abort(): void {
    this.file.abort();
  }
}

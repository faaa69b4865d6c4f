import { UserError } from '../../../errors.js';
import { type ActionBounds, actionBounds } from '../../action_range.js';
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
      const scale = scaleOf(actionBounds(head.declared, actionNames(head)));
      if (head.envId !== null) file.scalar('metadata/env_id', head.envId);
      if (typeof scale === 'number') file.scalar('metadata/action_scale', scale);
      else if (scale) file.array('metadata/action_scale', scale, { growing: false });
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

function actionNames({ declared }: WrittenHead): string[] {
  return [...declared.keys()].filter((name) => name === 'actions' || name.startsWith('actions/'));
}

/** The one scale, or one for each number of an action, of bounds from −scale to scale; null for other bounds. */
function scaleOf(bounds: ActionBounds | null): number | NumberColumn | null {
  if (!bounds || bounds.high.length === 0) return null;
  const { low, high } = bounds;
  if (!high.every((value, i) => value > 0 && Number.isFinite(value) && low[i] === -value)) return null;
  if (high.every((value) => value === high[0])) return high[0];
  return { dtype: 'float64', shape: [high.length], data: Float64Array.from(high) };
}

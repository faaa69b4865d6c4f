import { knownEnvironment } from '../../../../envs/registry.js';
import { UserError } from '../../../errors.js';
import { type Columns, copyRowsOf, joinRows, type NumberColumn, rowSize, toFlags } from '../../column.js';
import { firstDifference } from '../../column_rows.js';
import {
  type Dataset,
  type DatasetHead,
  type DatasetTask,
  type DeclaredColumn,
  inOrder,
  type LearningRules,
} from '../../dataset.js';
import type { Episode, EpisodeOutcome } from '../../episode.js';
import { fromInfos, INTENDED_INFO, SUCCESS_INFO, successIn } from '../../infos.js';
import { uncheckedTask } from '../../other_task.js';
import { recordedRules } from '../../recorded_rules.js';
import { Hdf5File } from '../../storage/hdf5.js';
import { Hdf5Blocks } from '../../storage/hdf5_blocks.js';
import { named } from '../../wording.js';
import { cutAtFlags, type RowRange, timeoutsByLimit } from './cuts.js';
import { type Piece, readLayout } from './layout.js';
import { readMetadata } from './metadata.js';

const SUCCESS = `infos/${SUCCESS_INFO}`;
const INTENDED = `infos/${INTENDED_INFO}`;

/** The limit of D4RL's locomotion tasks, of which there are files without timeouts. */
const USUAL_LIMIT = 1000;

/** An episode's place in a file. */
interface StoredEpisode extends RowRange {
  piece: FlaggedPiece;
}

interface FlaggedPiece extends Piece {
  /** [rows], 0 or 1; likewise the timeouts, which are the file's or follow from a limit of steps. */
  terminals: Uint8Array;
  timeouts: Uint8Array;
}

/** The episodes of a file in D4RL's layout: arrays of all steps, one after another, cut where a flag says so. */
export class D4rlEpisodes implements Dataset {
  private readonly blocks: Hdf5Blocks;

  private constructor(
    readonly head: DatasetHead,
    private readonly file: Hdf5File,
    private readonly stored: readonly StoredEpisode[],
  ) {
    this.blocks = new Hdf5Blocks(file);
  }

  /**
   * Opens a file and reads its flags. Throws a UserError if arrays are missing or don't fit together, and if it was recorded in
   * another environment than `task`.
   */
  static async open(path: string, task?: DatasetTask): Promise<D4rlEpisodes> {
    const file = await Hdf5File.open(path);
    try {
      const { pieces, unread } = readLayout(file);
      const actions = file.columnType(`${pieces[0].prefix}actions`);
      const { envId, facts, bounds, metadata, ...told } = readMetadata(file, rowSize(actions));
      const notes = [...told.notes, ...uncheckedTask(path, envId, task)];
      if (unread.length > 0) notes.push(`not read, as it is not known what they are: ${named(unread)}`);
      const limit = limitOf(task?.envId ?? envId);
      if (pieces.some(({ hasTimeouts }) => !hasTimeouts)) {
        notes.push(
          `it has no timeouts: what did not terminate is taken to be cut off after ${limit} steps; if it was not, write ` +
            'timeouts into the file',
        );
      }
      const flagged = pieces.map((piece) => withFlags(file, piece, limit));
      const stored = flagged.flatMap((piece) =>
        cutAtFlags(piece.terminals, piece.timeouts).map((range) => ({ ...range, piece })),
      );
      const open = stored.filter(({ piece, to }) => !piece.terminals[to - 1] && !piece.timeouts[to - 1]);
      if (open.length > 0) {
        notes.push(`taken to be cut off at its end, as it has no end of its own: ${named(open.map(idOf))}`);
      }
      const declared: [string, DeclaredColumn][] = bounds
        ? [['actions', { dtype: actions.dtype, shape: actions.shape.slice(1), bounds }]]
        : [];
      const head: DatasetHead = {
        path,
        envId,
        ids: stored.map(idOf),
        declared: new Map(declared),
        totals: { episodes: null, steps: null },
        facts,
        metadata,
        notes,
        problems: [],
      };
      return new D4rlEpisodes(head, file, stored);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  async episode(index: number): Promise<Episode> {
    const { piece, from, to } = this.stored[index];
    const rewards = this.rows(index, 'rewards');
    const actions: Columns = new Map([['', this.rows(index, 'actions')]]);
    const infos = (name: string) => piece.infos.filter((info) => info === name);
    const parts = new Map(infos(INTENDED).map((name) => [name, this.rows(index, name)]));
    const { intendedActions } = fromInfos(parts, { actions, length: to - from });
    return {
      ...(await this.outcome(index)),
      observations: new Map([['', this.observations(index)]]),
      actions,
      ...(intendedActions && { intendedActions }),
      rewards: { ...rewards, shape: [to - from] },
      extras: async (): Promise<Columns> =>
        new Map(piece.infos.map((name) => [name, this.rows(index, name)])),
    };
  }

  async outcome(index: number): Promise<EpisodeOutcome> {
    const { piece, from, to } = this.stored[index];
    return {
      id: this.head.ids[index],
      seed: null,
      length: to - from,
      hasFinalObservation: piece.hasNextObservations,
      terminated: piece.terminals.slice(from, to),
      truncated: piece.timeouts.slice(from, to),
      success: piece.infos.includes(SUCCESS) ? successIn(this.rows(index, SUCCESS), to - from) : null,
    };
  }

  episodes(): AsyncIterable<Episode> {
    return inOrder(this);
  }

  learningRules(): LearningRules {
    return recordedRules(this.head.path);
  }

  close(): void {
    this.file.close();
  }

  /** The observations, and the last next one, where it was recorded. */
  private observations(index: number): NumberColumn {
    const { piece } = this.stored[index];
    const observations = this.rows(index, 'observations');
    if (!piece.hasNextObservations) return observations;
    const next = this.rows(index, 'next_observations');
    const length = next.shape[0];
    const step = firstDifference(observations, next, 1);
    if (step >= 0) {
      throw new UserError(
        `${this.file.path}: ${this.head.ids[index]}/next_observations of step ${step} are not the observations of step ` +
          `${step + 1}: if an episode was cut off there, write that into timeouts`,
      );
    }
    return joinRows([observations, copyRowsOf(next, length - 1, length)]);
  }

  private rows(index: number, name: string): NumberColumn {
    const { piece, from, to } = this.stored[index];
    return this.blocks.rows(piece.prefix + name, from, to);
  }
}

function withFlags(file: Hdf5File, piece: Piece, limit: number): FlaggedPiece {
  const flags = (name: string) => toFlags(file.readRows(piece.prefix + name, 0, piece.rows));
  const terminals = flags('terminals');
  return {
    ...piece,
    terminals,
    timeouts: piece.hasTimeouts ? flags('timeouts') : timeoutsByLimit(terminals, limit),
  };
}

/** `rows 200-399`, by which an episode is found in the file. */
function idOf({ piece, from, to }: StoredEpisode): string {
  const last = to - 1;
  return piece.prefix + (from === last ? `row ${from}` : `rows ${from}-${last}`);
}

/** The steps after which an episode of an environment is cut off. */
function limitOf(envId: string | null): number {
  return knownEnvironment(envId)?.maxEpisodeSteps ?? USUAL_LIMIT;
}

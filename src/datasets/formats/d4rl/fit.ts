import { UserError } from '../../../errors.js';
import { type Column, copyRowsOf, isNumbers, type NumberColumn, rowSize, rowText } from '../../column.js';
import { asInfos, fromInfos, INTENDED_INFO, infoName, SUCCESS_INFO } from '../../infos.js';
import { joinedColumn } from '../../joined_columns.js';
import { NO_METADATA } from '../../metadata.js';
import { atTheEndOnly, rewardsOrSuccess } from '../../stand_ins.js';
import type { WholeEpisode } from '../../whole_episode.js';

/**
 * Makes of episodes what D4RL's layout keeps: one array of observations and one of actions, flags that end an episode, arrays of
 * numbers with a row a step. The first episode decides what all of them have, as a file has each array for all steps.
 */
export class D4rlFit {
  private first: { hasFinal: boolean; infos: ReadonlyMap<string, NumberColumn> } | null = null;
  private filled = 0;

  episode(whole: WholeEpisode, isLast: boolean): WholeEpisode {
    const { id, length } = whole;
    const joined = joinedColumn(id, 'observations', whole.observations);
    const actions = new Map([['', joinedColumn(id, 'actions', whole.actions)]]);
    const found = this.numbersOf(whole, actions.get('')!);
    this.first ??= { hasFinal: whole.hasFinalObservation, infos: found };
    const { hasFinal } = this.first;
    if (hasFinal && !whole.hasFinalObservation) {
      throw new UserError(
        `${id} lacks the observation after its last step, the episodes before have it: D4RL keeps next_observations of all ` +
          'steps or of none',
      );
    }
    const infos = this.sameForAll(id, found, actions.get('')!);
    const terminated = atTheEndOnly(whole.terminated);
    const truncated = atTheEndOnly(whole.truncated);
    // Another episode begins in the next row.
    if (!isLast && !terminated[length - 1]) truncated[length - 1] = 1;
    return {
      id,
      seed: null,
      length,
      hasFinalObservation: hasFinal,
      observations: new Map([['', hasFinal ? joined : rowsUpTo(joined, length)]]),
      actions,
      rewards: rewardsOrSuccess(whole),
      terminated,
      truncated,
      ...fromInfos(infos, { actions, length }),
      extras: infos,
      metadata: NO_METADATA,
    };
  }

  notes(): string[] {
    return this.filled === 0
      ? []
      : [
          `added: arrays in infos that the first episode has and others lack, filled with NaN or 0: ${this.filled}`,
        ];
  }

  /** The further arrays that have a number or more for each step; the row after the last step has no place. */
  private numbersOf(whole: WholeEpisode, actions: NumberColumn): Map<string, NumberColumn> {
    const { id, length, intendedActions } = whole;
    const numbers = new Map<string, NumberColumn>();
    const intended = intendedActions && joinedColumn(id, INTENDED_INFO, intendedActions);
    for (const [name, column] of asInfos({
      ...whole,
      ...(intended && { intendedActions: new Map([['', { ...intended, shape: actions.shape }]]) }),
    })) {
      if (hasStepRows(column, length)) numbers.set(name, rowsUpTo(column, length));
    }
    return numbers;
  }

  /** The arrays that the first episode has, in place of those that an episode lacks fillers. */
  private sameForAll(
    id: string,
    found: ReadonlyMap<string, NumberColumn>,
    actions: NumberColumn,
  ): Map<string, NumberColumn> {
    const infos = new Map<string, NumberColumn>();
    for (const [name, first] of this.first!.infos) {
      const column = found.get(name);
      if (column && rowText(column) === rowText(first)) {
        infos.set(name, column);
      } else if (infoName(name) === SUCCESS_INFO) {
        throw new UserError(
          `${id} doesn't say whether it succeeded, the episodes before do: D4RL keeps it of all or of none`,
        );
      } else if (infoName(name) === INTENDED_INFO && rowText(actions) === rowText(first)) {
        // Nothing was added to these actions.
        infos.set(name, actions);
      } else {
        this.filled++;
        infos.set(name, filler(first, actions.shape[0]));
      }
    }
    return infos;
  }
}

function hasStepRows(column: Column, length: number): column is NumberColumn {
  return isNumbers(column) && (column.shape[0] === length || column.shape[0] === length + 1);
}

function rowsUpTo(column: NumberColumn, rows: number): NumberColumn {
  return column.shape[0] === rows ? column : copyRowsOf(column, 0, rows);
}

/** Rows of NaN, or of 0 where the numbers are whole. */
function filler(like: NumberColumn, rows: number): NumberColumn {
  const Numbers = like.data.constructor as new (length: number) => NumberColumn['data'];
  const data = new Numbers(rows * rowSize(like));
  if (data instanceof Float32Array || data instanceof Float64Array) data.fill(Number.NaN);
  return { ...like, shape: [rows, ...like.shape.slice(1)], data };
}

import { UserError } from '../../../errors.js';
import { type Column, type Columns, columnName, isNumbers, type NumberColumn } from '../../column.js';
import { INTENDED_INFO, infoName, SUCCESS_INFO } from '../../infos.js';
import { joinedColumn } from '../../joined_columns.js';
import { atTheEndOnly } from '../../stand_ins.js';
import type { WholeEpisode } from '../../whole_episode.js';
import { isReserved, ONE_ARRAY, OWN_ATTRIBUTES } from './layout.js';

/** The group of the parts that an action is made of, as robomimic has it. */
const ACTION_DICT = 'action_dict';
const DONES = 'dones';

/**
 * The part of an episode that a robomimic file keeps: all but flags before the last step, arrays of bytes, and the names of several columns of actions, which
 * are one array, and also stand in `action_dict`.
 */
export function fitToRobomimic(whole: WholeEpisode): WholeEpisode {
  const { id, length, observations, intendedActions } = whole;
  for (const [path, column] of observations) {
    if (column.dtype !== 'bytes') continue;
    throw new UserError(
      `${id}/${columnName('observations', path)} holds bytes, which robomimic's files have not`,
    );
  }
  const intended = intendedActions && asVectors(joinedColumn(id, INTENDED_INFO, intendedActions));
  return {
    ...whole,
    observations: withoutSoleName(observations),
    actions: new Map([['', asVectors(joinedColumn(id, 'actions', whole.actions))]]),
    ...(intended && { intendedActions: new Map([['', intended]]) }),
    extras: extrasOf(whole),
    metadata: new Map([...whole.metadata].filter(([name]) => !OWN_ATTRIBUTES.includes(name))),
    terminated: atTheEndOnly(whole.terminated),
    truncated: atTheEndOnly(whole.truncated),
    rewards: whole.rewards && { ...whole.rewards, shape: [length] },
  };
}

/** One array is read back without a name, also where it had that of one array. */
function withoutSoleName(observations: Columns): Columns {
  const alone = observations.size === 1 ? observations.get(ONE_ARRAY) : undefined;
  return alone ? new Map([['', alone]]) : observations;
}

function extrasOf({ length, actions, extras, success, intendedActions, ...episode }: WholeEpisode): Columns {
  const kept = new Map<string, Column>();
  for (const [name, column] of extras) {
    const own = infoName(name);
    const isTold =
      (success && own === SUCCESS_INFO) ||
      (intendedActions && (own === INTENDED_INFO || own.startsWith(`${INTENDED_INFO}/`)));
    if (!isTold && !isReserved(own) && column.dtype !== 'bytes') kept.set(own, column);
  }
  if (actions.size > 1) {
    for (const [path, column] of actions) {
      if (isNumbers(column)) kept.set(`${ACTION_DICT}/${path}`, asVectors(column));
    }
  }
  if (!kept.has(DONES)) {
    const dones = new BigInt64Array(length);
    if (episode.terminated.at(-1) || episode.truncated.at(-1)) dones[length - 1] = 1n;
    kept.set(DONES, { dtype: 'int64', shape: [length], data: dones });
  }
  return kept;
}

/** A number a row as a vector of one, which robomimic's networks expect. */
function asVectors(column: NumberColumn): NumberColumn {
  return column.shape.length === 1 ? { ...column, shape: [column.shape[0], 1] } : column;
}

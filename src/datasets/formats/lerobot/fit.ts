import { UserError } from '../../../errors.js';
import {
  type Column,
  type Columns,
  columnName,
  isNumbers,
  type NumberColumn,
  newNumbers,
  rowSize,
  rowText,
} from '../../column.js';
import { rowsOf } from '../../column_rows.js';
import { INTENDED_INFO, infoName, SUCCESS_INFO } from '../../infos.js';
import { joinedColumn } from '../../joined_columns.js';
import { atTheEndOnly } from '../../stand_ins.js';
import type { WholeEpisode } from '../../whole_episode.js';
import { type CountedContext, countedExtras, isCounted } from './counted.js';
import { COUNTED, featuresOf, TASK, type WrittenFeature } from './written_features.js';

/** Facts that an episode is fitted to. */
export interface FitContext extends CountedContext {
  /** The features of the first episode; null before it. */
  features: ReadonlyMap<string, WrittenFeature> | null;
}

/**
 * The part of an episode that a LeRobot dataset keeps: all but flags before the last step, names of several columns of actions, which
 * are one, and extras of bytes. Extras that the first episode has and this one lacks are filled with zeros or empty texts; other new ones are left out.
 */
export function fitToLeRobot(whole: WholeEpisode, context: FitContext): WholeEpisode {
  const { id, length, intendedActions } = whole;
  for (const [path, column] of whole.observations)
    refuse(`${id}/${columnName('observations', path)}`, column);
  const action = joinedColumn(id, 'actions', whole.actions);
  refuse(`${id}/actions`, action);
  const path = whole.actions.size === 1 ? [...whole.actions.keys()][0] : '';
  const intended = intendedActions && joinedColumn(id, INTENDED_INFO, intendedActions);
  const fitted: WholeEpisode = {
    ...whole,
    id,
    actions: new Map([[path, action]]),
    ...(intended && { intendedActions: new Map([['', intended]]) }),
    rewards: whole.rewards && { ...whole.rewards, shape: [length] },
    terminated: atTheEndOnly(whole.terminated),
    truncated: atTheEndOnly(whole.truncated),
    extras: new Map([...ownExtras(whole), ...countedExtras(whole, context)]),
  };
  return context.features ? asTheFirst(fitted, context.features) : fitted;
}

function refuse(place: string, column: Column): void {
  if (column.dtype === 'bytes')
    throw new UserError(`${place} holds bytes; LeRobot has numbers, texts and pictures`);
  if (isNumbers(column) && rowSize(column) === 0) throw new UserError(`${place} has no numbers in its rows`);
}

/** Extras with columns of their own: what is told elsewhere, and what a feature can't hold, is none. */
function ownExtras({ extras, success, intendedActions, length }: WholeEpisode): Columns {
  const kept = new Map<string, Column>();
  for (const [name, column] of extras) {
    const own = infoName(name);
    const isTold =
      (success && own === SUCCESS_INFO) ||
      (intendedActions && (own === INTENDED_INFO || own.startsWith(`${INTENDED_INFO}/`)));
    const rows = column.shape[0];
    const isFitting = (rows === length || rows === length + 1) && column.dtype !== 'bytes';
    const isEmpty = isNumbers(column) && rowSize(column) === 0;
    if (!isTold && !isCounted(own, column, length) && isFitting && !isEmpty) kept.set(name, column);
  }
  return kept;
}

/** Throws a UserError if the episode lacks what all must have, or has it otherwise than the first. */
function asTheFirst(episode: WholeEpisode, features: ReadonlyMap<string, WrittenFeature>): WholeEpisode {
  const { id, length } = episode;
  const own = new Map([...featuresOf(episode)].map(([name, feature]) => [name, feature]));
  const extras = new Map<string, Column>();
  const kept = new Set<WrittenFeature['part']>(['terminated', 'truncated']);
  for (const [name, { part, path, type, mayBeLonger }] of features) {
    const found = own.get(name);
    const isSame = found && found.path === path && typeText(found.type) === typeText(type);
    if (part === 'extras') {
      const column = isSame ? episode.extras.get(path) : undefined;
      const isTooLong = column && !mayBeLonger && column.shape[0] > length;
      extras.set(path, isTooLong ? rowsOf(column, 0, length) : (column ?? filler(type, length)));
    } else if (isSame) kept.add(part);
    else {
      throw new UserError(
        `${id} has ${found ? typeText(found.type) : 'nothing'} for the feature ${name}; the episodes before have ` +
          `${typeText(type)}, and all have to be alike`,
      );
    }
  }
  const more = [...own].find(
    ([name, { part }]) => !features.has(name) && (part === 'observations' || part === 'actions'),
  );
  if (more) throw new UserError(`${id} has the feature ${more[0]}; the episodes before have none such`);
  const counted = [...episode.extras].filter(
    ([name]) => name === TASK || (COUNTED as readonly string[]).includes(name),
  );
  const { intendedActions, ...rest } = episode;
  return {
    ...rest,
    ...(kept.has('intendedActions') && intendedActions && { intendedActions }),
    rewards: kept.has('rewards') ? episode.rewards : null,
    success: kept.has('success') ? episode.success : null,
    extras: new Map([...extras, ...counted]),
  };
}

function typeText({ dtype, shape }: WrittenFeature['type']): string {
  return rowText({ dtype, shape: [0, ...shape] });
}

function filler({ dtype, shape }: WrittenFeature['type'], rows: number): Column {
  if (dtype === 'string') return { dtype, shape: [rows], data: new Array<string>(rows).fill('') };
  const number = dtype as NumberColumn['dtype'];
  const size = shape.reduce((product, axis) => product * axis, rows);
  return { dtype: number, shape: [rows, ...shape], data: newNumbers(number, size) };
}

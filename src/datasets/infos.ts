import {
  type Column,
  type Columns,
  columnName,
  isNumbers,
  type NumberColumn,
  rowSize,
  toFlags,
} from './column.js';
import type { Episode } from './episode.js';
import type { WholeEpisode } from './whole_episode.js';

/** The names by which formats without places of their own for these keep them among further arrays. */
export const SUCCESS_INFO = 'success';
export const INTENDED_INFO = 'intended_actions';

const INFOS = 'infos/';

/** The name of a further array, whatever format it is from: those of most have them in a group `infos`. */
export function infoName(name: string): string {
  return name.startsWith(INFOS) ? name.slice(INFOS.length) : name;
}

/**
 * Everything that has no place of its own in a format that keeps further arrays in `infos`: an episode's extras, its success [T]
 * and its intended actions, under the names `infos/…`.
 */
export function asInfos({ extras, success, intendedActions, length }: WholeEpisode): Map<string, Column> {
  const infos = new Map([...extras].map(([name, column]) => [INFOS + infoName(name), column]));
  const known = infos.get(INFOS + SUCCESS_INFO);
  if (success && !(known && successIn(known, length))) {
    infos.set(INFOS + SUCCESS_INFO, { dtype: 'bool', shape: [length], data: success });
  }
  for (const [path, column] of intendedActions ?? []) {
    infos.set(INFOS + columnName(INTENDED_INFO, path), column);
  }
  return infos;
}

/** Success after each of T steps, as infos have it: numbers, with a row for the reset before or without. Null if it isn't that. */
export function successIn(column: Column, length: number): Uint8Array | null {
  if (!isNumbers(column) || rowSize(column) !== 1) return null;
  const flags = toFlags(column);
  if (flags.length === length) return flags;
  return flags.length === length + 1 ? flags.subarray(1) : null;
}

/** The parts of an episode that stand among its infos, as a reader finds them: success, and intended actions if they are as the actions. */
export function fromInfos(
  infos: Columns,
  { actions, length }: Pick<Episode, 'actions' | 'length'>,
): Pick<Episode, 'success' | 'intendedActions'> {
  const success = infos.get(INFOS + SUCCESS_INFO);
  const intended = [...actions].map(([path, { shape }]): [string, NumberColumn | null] => {
    const column = infos.get(INFOS + columnName(INTENDED_INFO, path));
    return [path, column && isNumbers(column) && column.shape.join() === shape.join() ? column : null];
  });
  const isWhole = intended.length > 0 && intended.every(([, column]) => column !== null);
  return {
    success: success ? successIn(success, length) : null,
    ...(isWhole && { intendedActions: new Map(intended as [string, NumberColumn][]) }),
  };
}

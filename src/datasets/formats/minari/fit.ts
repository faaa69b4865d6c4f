import { UserError } from '../../../errors.js';
import { type Columns, columnName } from '../../column.js';
import { asInfos, fromInfos } from '../../infos.js';
import { atTheEndOnly, rewardsOrSuccess } from '../../stand_ins.js';
import type { WholeEpisode } from '../../whole_episode.js';
import { DERIVED_ATTRIBUTES } from './stored_names.js';

/**
 * The part of an episode that minari's HDF5 keeps: all but flags before the last step, arrays of bytes, and what has a name that
 * minari uses itself.
 */
export function fitToMinari(whole: WholeEpisode): WholeEpisode {
  const { id, length, observations, actions } = whole;
  refuseBytes(id, 'observations', observations);
  refuseBytes(id, 'actions', actions);
  const infos = new Map([...asInfos(whole)].filter(([, column]) => column.dtype !== 'bytes'));
  const { success, intendedActions } = fromInfos(infos, { actions, length });
  return {
    id,
    seed: whole.seed,
    length,
    hasFinalObservation: whole.hasFinalObservation,
    observations,
    actions,
    ...(intendedActions && { intendedActions }),
    rewards: rewardsOrSuccess(whole),
    terminated: atTheEndOnly(whole.terminated),
    truncated: atTheEndOnly(whole.truncated),
    success,
    extras: infos,
    metadata: new Map([...whole.metadata].filter(([name]) => !DERIVED_ATTRIBUTES.includes(name))),
  };
}

function refuseBytes(id: string, part: string, columns: Columns): void {
  for (const [path, column] of columns) {
    if (column.dtype !== 'bytes') continue;
    throw new UserError(`${id}/${columnName(part, path)} holds bytes, for which Minari has no space`);
  }
}

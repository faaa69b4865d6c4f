import { UserError } from '../errors.js';
import type { NumberColumn } from './column.js';
import type { WholeEpisode } from './whole_episode.js';

/**
 * The rewards of an episode; where none were recorded, 1 for each step that led to success and else 0. Throws a UserError if that
 * is not known either.
 */
export function rewardsOrSuccess({ id, length, rewards, success }: WholeEpisode): NumberColumn {
  if (rewards) return { ...rewards, shape: [length] };
  if (!success) {
    throw new UserError(
      `${id} has no rewards, and no success that could stand for them; this format needs rewards`,
    );
  }
  return { dtype: 'float32', shape: [length], data: Float32Array.from(success) };
}

/** Flags without those before the last step, for formats in which an episode ends by its first flag. */
export function atTheEndOnly(flags: Uint8Array): Uint8Array {
  const ends = new Uint8Array(flags.length);
  ends[flags.length - 1] = flags[flags.length - 1];
  return ends;
}

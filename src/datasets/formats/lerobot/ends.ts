import type { EpisodeOutcome } from '../../episode.js';

/** A flag of the end alone doesn't tell whether the task ended or the time was up: it counts as an end with success. */
export function endsBy(
  length: number,
  done: Uint8Array | null,
  success: Uint8Array | null,
): Pick<EpisodeOutcome, 'terminated' | 'truncated'> {
  const terminated = Uint8Array.from({ length }, (_, step) => (done?.[step] && success?.[step] ? 1 : 0));
  const truncated = new Uint8Array(length);
  truncated[length - 1] = terminated[length - 1] ? 0 : 1;
  return { terminated, truncated };
}

import { type Columns, isNumbers, type NumberColumn, toFlags } from '../../column.js';
import type { EpisodeOutcome } from '../../episode.js';
import { successIn } from '../../infos.js';
import type { MetadataValue } from '../../metadata.js';

/** The steps of an episode, as far as they tell its end. */
export interface Steps extends Pick<EpisodeOutcome, 'length' | 'hasFinalObservation'> {
  /** Number of steps that are stored. */
  rows: number;
  isLast: Uint8Array | null;
  isTerminal: Uint8Array | null;
  discounts: NumberColumn | null;
  success: NumberColumn | null;
}

/** The step that leads to an observation has its flags, where there is an observation after the last step. */
export function outcomeOf(id: string, steps: Steps, values: Columns): EpisodeOutcome {
  const { rows, length, hasFinalObservation, isLast, isTerminal, discounts } = steps;
  const terminated = new Uint8Array(length);
  const truncated = new Uint8Array(length);
  for (let step = 0; step < length; step++) {
    const row = step + rows - length;
    const ends = isTerminal ? isTerminal[row] : Number(discounts?.data[step] === 0 && step === length - 1);
    terminated[step] = ends;
    truncated[step] = ends ? 0 : (isLast?.[row] ?? Number(row === rows - 1));
  }
  const seed = values.get('seed');
  const whole = values.get('success');
  const atEnd = new Uint8Array(length);
  if (whole && isNumbers(whole)) atEnd[length - 1] = toFlags(whole)[0] ?? 0;
  return {
    id,
    seed:
      seed && isNumbers(seed) && !seed.dtype.startsWith('float') && seed.data.length === 1
        ? BigInt(seed.data[0])
        : null,
    length,
    hasFinalObservation,
    terminated,
    truncated,
    success: steps.success ? successIn(steps.success, length) : whole ? atEnd : null,
  };
}

/** Single values of an episode, but for what is told in other words. */
export function metadataOf(values: Columns): Map<string, MetadataValue> {
  return new Map(
    [...values].flatMap(([name, { dtype, data }]): [string, MetadataValue][] => {
      const [value] = data;
      if (name === 'seed' || name === 'success' || data.length !== 1 || value instanceof Uint8Array)
        return [];
      return [[name, dtype === 'bool' ? value === 1 : value]];
    }),
  );
}

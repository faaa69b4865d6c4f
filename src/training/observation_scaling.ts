import type { DemoSummary } from '../buffers/demo_summary.js';
import type { Config } from '../config/schema.js';
import { type DescribedTask, namedParts } from './observation_parts.js';

/** The scaling of observations for networks: (observation − mean) ∘ scale, both [observationDim]. */
export interface ObservationScaling {
  mean: Float32Array;
  scale: Float32Array;
}

/** The least deviation to divide by: smaller ones would blow up noise. Between 0.01 and 0.1 it changes little. */
const MIN_STD = 0.05;

/** Moments of observations [observationDim] that scale none, where there are no demonstrations to tell any. */
export function unscaledObservations(
  observationDim: number,
): Pick<DemoSummary, 'observationMean' | 'observationStd'> {
  const observationMean = new Float32Array(observationDim);
  return { observationMean, observationStd: observationMean.map(() => 1) };
}

/**
 * The scaling that `train.normalize_observations` asks for, with zeros for parts that `network.observations` leaves
 * out. Throws a UserError if the environment has no part of such a name.
 */
export function observationScaling(
  { train, network }: Pick<Config, 'train' | 'network'>,
  spec: DescribedTask | null,
  { observationMean, observationStd }: Pick<DemoSummary, 'observationMean' | 'observationStd'>,
): ObservationScaling {
  const observationDim = observationMean.length;
  const isSeen = seenEntries(network.observations, spec);
  const mean = train.normalize_observations ? observationMean : new Float32Array(observationDim);
  const scale = train.normalize_observations
    ? observationStd.map((std) => 1 / Math.max(std, MIN_STD))
    : new Float32Array(observationDim).fill(1);
  return { mean, scale: scale.map((value, entry) => (isSeen(entry) ? value : 0)) };
}

/**
 * Test of entries of an observation: true for those that networks see. Throws a UserError if one of the parts that
 * `network.observations` names is not there.
 */
export function seenEntries(
  names: readonly string[] | null,
  spec: DescribedTask | null,
): (entry: number) => boolean {
  if (names === null) return () => true;
  const seen = namedParts(names, 'network.observations', spec);
  return (entry) => seen.some(({ offset, size }) => entry >= offset && entry < offset + size);
}

import type { EnvironmentSpec, ObservationPart } from '../../envs/env.js';
import { ARM_JOINTS } from '../../envs/panda/model.js';
import type { DemoSummary } from '../buffers/demo_summary.js';
import type { Config } from '../config/schema.js';
import { UserError } from '../errors.js';

/** The scaling of observations for networks: (observation − mean) ∘ scale, both [observationDim]. */
export interface ObservationScaling {
  mean: Float32Array;
  scale: Float32Array;
}

/** The least deviation to divide by: smaller ones would blow up noise. Between 0.01 and 0.1 it changes little. */
const MIN_STD = 0.05;

/**
 * The scaling that `train.normalize_observations` asks for, with zeros for parts that `network.observations` leaves
 * out. Throws a UserError if the environment has no part of such a name.
 */
export function observationScaling(
  { train, network }: Pick<Config, 'train' | 'network'>,
  spec: Pick<EnvironmentSpec, 'envId' | 'observationLayout'> | null,
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
  spec: Pick<EnvironmentSpec, 'envId' | 'observationLayout'> | null,
): (entry: number) => boolean {
  if (names === null) return () => true;
  if (!spec) {
    throw new UserError(
      'network.observations: env.env_id is null, and only a task tells what observations are made of: with ' +
        'network.observations=null networks see all of them',
    );
  }
  const { envId, observationLayout } = spec;
  const parts = observationLayout.flatMap(withItsParts);
  const unknown = names.find((name) => !parts.some((part) => isNamed(part.name, name)));
  if (unknown !== undefined) {
    throw new UserError(
      `network.observations: ${envId} has no "${unknown}"; its parts are ${parts.map(({ name }) => name).join(', ')}`,
    );
  }
  const seen = parts.filter((part) => names.some((name) => isNamed(part.name, name)));
  return (entry) => seen.some(({ offset, size }) => entry >= offset && entry < offset + size);
}

/** True if `name` is the part's, or ends in `.*` and is the beginning of the part's: `extra.*`. */
function isNamed(part: string, name: string): boolean {
  return name.endsWith('.*') ? part.startsWith(name.slice(0, -1)) : part === name;
}

/**
 * A part, and if it has an entry for each joint, also the parts of the arm and of the fingers: `agent.qpos.fingers`.
 */
function withItsParts(part: ObservationPart): Pick<ObservationPart, 'name' | 'offset' | 'size'>[] {
  const { name, kind, offset, size } = part;
  if (kind !== 'joint_positions' && kind !== 'joint_velocities') return [part];
  return [
    part,
    { name: `${name}.arm`, offset, size: ARM_JOINTS },
    { name: `${name}.fingers`, offset: offset + ARM_JOINTS, size: size - ARM_JOINTS },
  ];
}

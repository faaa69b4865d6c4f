import type { EnvironmentSpec, ObservationPart } from '../../envs/env.js';
import { ARM_JOINTS } from '../../envs/panda/model.js';
import { UserError } from '../errors.js';

/** A task, and what its observations are made of. */
export type DescribedTask = Pick<EnvironmentSpec, 'envId' | 'observationLayout'>;

/**
 * The parts of a task's observations that a key of the configuration names: by their names, `extra.*` for all that begin so,
 * or `agent.qpos.arm` and `.fingers` for a part of what has an entry for each joint. Throws a UserError if one is
 * not there, or if there is no task.
 */
export function namedParts(
  names: readonly string[],
  key: 'network.observations' | 'network.relations',
  task: DescribedTask | null,
): ObservationPart[] {
  if (!task) {
    throw new UserError(
      `${key}: env.env_id is null, and only a task tells what observations are made of: without a task it has to be ` +
        `${key}=None`,
    );
  }
  const { envId, observationLayout } = task;
  const parts = observationLayout.flatMap(withItsParts);
  const unknown = names.find((name) => !parts.some((part) => isNamed(part.name, name)));
  if (unknown !== undefined) {
    throw new UserError(
      `${key}: ${envId} has no "${unknown}"; its parts are ${parts.map(({ name }) => name).join(', ')}; ` +
        `${key}=None ${key === 'network.observations' ? 'is all of them' : 'adds nothing'}`,
    );
  }
  return parts.filter((part) => names.some((name) => isNamed(part.name, name)));
}

/** True if `name` is the part's, or ends in `.*` and is the beginning of the part's: `extra.*`. */
function isNamed(part: string, name: string): boolean {
  return name.endsWith('.*') ? part.startsWith(name.slice(0, -1)) : part === name;
}

/** A part, and if it has an entry for each joint, also the parts of the arm and of the fingers. */
function withItsParts(part: ObservationPart): ObservationPart[] {
  const { name, kind, offset, size } = part;
  if (kind !== 'joint_positions' && kind !== 'joint_velocities') return [part];
  return [
    part,
    { name: `${name}.arm`, kind, offset, size: ARM_JOINTS },
    { name: `${name}.fingers`, kind, offset: offset + ARM_JOINTS, size: size - ARM_JOINTS },
  ];
}

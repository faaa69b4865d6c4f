import type { ObservationKind } from '../../envs/env.js';
import type { Config } from '../config/schema.js';
import { UserError } from '../errors.js';
import { type ObservationView, plainView } from '../learner/observation_view.js';
import { PoseRelations } from '../learner/pose_relations.js';
import { type DescribedTask, namedParts } from './observation_parts.js';

/**
 * The view of observations that networks have by `network.relations`. Throws a UserError if a part that it names is not there, or if
 * there is nothing among them to relate to a pose.
 */
export function observationView(
  { relations }: Pick<Config['network'], 'relations'>,
  observationDim: number,
  task: DescribedTask | null,
): ObservationView {
  if (relations === null) return plainView(observationDim);
  const parts = namedParts(relations, 'network.relations', task);
  const offsets = (kind: ObservationKind) =>
    parts.filter((part) => part.kind === kind).map(({ offset }) => offset);
  const [poses, places] = [offsets('pose'), offsets('position')];
  if (poses.length === 0 || poses.length + places.length < 2) {
    throw new UserError(
      `network.relations: nothing to relate in ${parts.map(({ name }) => name).join(', ')}; it takes a pose, and another ` +
        'pose or a position',
    );
  }
  return new PoseRelations(observationDim, { poses, places });
}

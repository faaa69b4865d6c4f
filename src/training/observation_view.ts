import type { ObservationPart } from '../../envs/env.js';
import type { Config } from '../config/schema.js';
import { UserError } from '../errors.js';
import { type ObservationView, plainView } from '../learner/view/observation_view.js';
import { PoseRelations } from '../learner/view/pose_relations.js';
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
  const offsets = (isOne: (part: ObservationPart) => boolean) =>
    parts.filter(isOne).map(({ offset }) => offset);
  const things = {
    frames: offsets(({ kind, symmetry }) => kind === 'pose' && !symmetry),
    cubes: offsets(({ symmetry }) => symmetry === 'cube'),
    places: offsets(({ kind, symmetry }) => kind === 'position' || symmetry === 'ball'),
  };
  if (things.frames.length === 0 || Object.values(things).flat().length < 2) {
    throw new UserError(
      `network.relations: nothing to relate in ${parts.map(({ name }) => name).join(', ')}; it takes the pose of something ` +
        'that is no cube and no ball, and another pose or a position',
    );
  }
  return new PoseRelations(observationDim, things);
}

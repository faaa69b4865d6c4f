import type { ObservationKind, ObservationPart } from '../../envs/env.js';
import type { Config } from '../config/schema.js';
import { UserError } from '../errors.js';
import { type ObservationView, plainView } from '../learner/observation_view.js';
import { PoseRelations } from '../learner/pose_relations.js';

/** What networks see of observations by `network.relations`. Throws a UserError if it is not known where poses are, or none is. */
export function observationView(
  { relations }: Pick<Config['network'], 'relations'>,
  spec: { observationDim: number; observationLayout?: readonly ObservationPart[] },
): ObservationView {
  const { observationDim, observationLayout } = spec;
  if (!relations) return plainView(observationDim);
  if (!observationLayout) {
    throw new UserError(
      'network.relations: env.env_id is null, and only a task tells where poses are in an observation: set ' +
        'network.relations=False',
    );
  }
  const offsets = (kind: ObservationKind) =>
    observationLayout.filter((part) => part.kind === kind).map(({ offset }) => offset);
  const [poses, places] = [offsets('pose'), offsets('position')];
  if (poses.length === 0 || poses.length + places.length < 2) {
    throw new UserError(
      'network.relations: the observations of this task have no pose and another pose or place to relate to it: set ' +
        'network.relations=False',
    );
  }
  return new PoseRelations(observationDim, { poses, places });
}

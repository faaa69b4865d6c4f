import { hasUnitActions } from '../../envs/action_bounds.js';
import type { EnvironmentSpec, SceneSymmetry } from '../../envs/env.js';
import { Augmentation } from '../buffers/augmentation.js';
import type { Config } from '../config/schema.js';
import { taskSpecOf } from '../config/task.js';
import { scaleOfBounds } from '../datasets/action_range.js';
import { UserError } from '../errors.js';
import { seenEntries } from './observation_scaling.js';
import { observationView } from './observation_view.js';

/** Throws a UserError that names the keys if a training asks for what its task does not have. Needs no environments. */
export function checkTaskSettings(config: Pick<Config, 'env' | 'train' | 'network'>): void {
  const spec = plannedSpec(config);
  if (spec) checkActionBounds(spec);
  augmentationOf(config, spec);
  seenEntries(config.network.observations, spec);
  observationView(config.network, spec?.observationDim ?? 0, spec);
}

function plannedSpec(config: Pick<Config, 'env'>): EnvironmentSpec | null {
  try {
    return taskSpecOf(config);
  } catch (error) {
    throw new UserError(`env.env_kwargs: ${(error as Error).message}`, { cause: error });
  }
}

/** Lines about settings that have no effect in their task. */
export function taskNotes(config: Pick<Config, 'env' | 'train'>): string[] {
  const spec = plannedSpec(config);
  if (!spec) return [];
  const idle = wantedSymmetries(config).filter((symmetry) => !spec.symmetries.includes(symmetry));
  if (idle.length === 0) return [];
  const changes = idle.map((symmetry) => ({ mirror: 'mirrored', turn: 'turned' })[symmetry]).join(' or ');
  return [`transitions are not ${changes}: ${spec.envId} is not the same then`];
}

function wantedSymmetries({ train }: Pick<Config, 'train'>): SceneSymmetry[] {
  return [
    ...(train.augment_mirror ? ['mirror' as const] : []),
    ...(train.augment_turn > 0 ? ['turn' as const] : []),
  ];
}

/**
 * The augmentation that the configuration asks for, as far as the task is the same then; null if nothing of it is.
 * Throws a UserError if it is not known how to do it.
 */
export function augmentationOf(
  { train }: Pick<Config, 'train'>,
  spec: EnvironmentSpec | null,
): Augmentation | null {
  const wanted = wantedSymmetries({ train }).filter(
    (symmetry) => spec?.symmetries.includes(symmetry) ?? true,
  );
  if (wanted.length === 0) return null;
  const options = {
    mirror: wanted.includes('mirror'),
    turnRadians: wanted.includes('turn') ? train.augment_turn : 0,
    stretchedActions: train.data_action_scale !== null,
  };
  try {
    if (!spec) throw new Error('env.env_id is null, and only a task tells what looks the same in a mirror');
    return new Augmentation(spec, options);
  } catch (error) {
    const problem = `train.augment_mirror, train.augment_turn: ${(error as Error).message}`;
    throw new UserError(`${problem}; neither is done with train.augment_mirror=False train.augment_turn=0`, {
      cause: error,
    });
  }
}

/** Throws a UserError unless actions lie in [−1, 1], in which a tanh policy and uniform exploration act, or a scale brings them there. */
function checkActionBounds(spec: EnvironmentSpec): void {
  const bounds = { low: spec.actionLow, high: spec.actionHigh };
  if (hasUnitActions(spec) || scaleOfBounds(bounds)) return;
  throw new UserError(
    `env.env_kwargs.control_mode=${spec.controlMode} takes joint positions, and a policy acts in [-1, 1]: ` +
      'train in pd_joint_delta_pos, pd_ee_delta_pos or pd_ee_delta_pose',
  );
}

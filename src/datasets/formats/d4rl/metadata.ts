import { UserError } from '../../../errors.js';
import type { ActionBounds } from '../../action_range.js';
import type { DatasetHead } from '../../dataset.js';
import type { Hdf5File } from '../../storage/hdf5.js';

/** Contents of a file's group `metadata`. */
export interface D4rlMetadata {
  /** The environment that it was recorded in; null where it is not named. */
  envId: string | null;
  facts: DatasetHead['facts'];
  /** Bounds of the numbers of an action, where there is an `action_scale`: −scale to scale. */
  bounds: ActionBounds | null;
}

/** Reads the texts and numbers in `metadata`; a policy's weights there are left alone. Throws a UserError if one is nonsense. */
export function readMetadata(file: Hdf5File, actionDim: number): D4rlMetadata {
  const names = file.kind('metadata') === 'group' ? file.keys('metadata') : [];
  const scalars = new Map<string, string>();
  for (const name of names) {
    const value = file.readScalar(`metadata/${name}`);
    if (value !== null) scalars.set(name, String(value));
  }
  const { env_id: envId, algorithm, ...rest } = Object.fromEntries(scalars);
  const others = Object.entries(rest).map(([name, value]) => `${name} ${value}`);
  return {
    envId: envId || null,
    facts: [
      ['task', envId || 'unknown'],
      ['source', algorithm || 'unknown'],
      ...(others.length > 0 ? [['metadata', others.join(', ')] as const] : []),
    ],
    bounds: names.includes('action_scale') ? boundsOf(file, actionDim) : null,
  };
}

/** One scale for all numbers of an action, or one each. */
function boundsOf(file: Hdf5File, actionDim: number): ActionBounds {
  const name = 'metadata/action_scale';
  const scalar = file.readScalar(name);
  const scales =
    scalar === null ? Array.from(file.readRows(name, 0, file.shape(name)[0]).data, Number) : [Number(scalar)];
  const high = scales.length === 1 ? new Array<number>(actionDim).fill(scales[0]) : scales;
  if (high.length !== actionDim || !high.every((value) => value > 0 && Number.isFinite(value))) {
    throw new UserError(
      `${file.path}: ${name} is ${scales.join(', ')}; expected a positive number, or one for each of the ${actionDim} of an action`,
    );
  }
  return { low: high.map((value) => -value), high };
}
